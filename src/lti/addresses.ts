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
