import { launchUrl, loginUrl } from './inbound/addresses.ts';

/**
 * The hub's addresses as a tool.
 *
 * @param tenantSlug undefined for a hub-wide registration, whose addresses name no tenant
 */
export function hubAddresses(baseUrl: string, tenantSlug: string | undefined) {
  const tenant = tenantSlug === undefined ? undefined : { slug: tenantSlug };
  const root = tenantSlug === undefined ? baseUrl : `${baseUrl}/t/${tenantSlug}`;
  return {
    loginUrl: loginUrl(baseUrl, tenant),
    launchUrl: launchUrl(baseUrl, tenant),
    jwksUrl: `${baseUrl}/.well-known/jwks.json`,
    openUrl: (toolSlug: string) => `${root}/open/${toolSlug}`,
  };
}

export type AddressesForLms = ReturnType<typeof addressesForLms>;

/** The same as an LMS's administrator enters them, with the targets of links to each tool. */
export function addressesForLms(
  baseUrl: string,
  tenantSlug: string | undefined,
  toolSlugs: readonly string[],
) {
  const { loginUrl, launchUrl, jwksUrl, openUrl } = hubAddresses(baseUrl, tenantSlug);
  return { loginUrl, redirectUri: launchUrl, targetLinkUris: toolSlugs.map(openUrl), jwksUrl };
}
