import { addressAt } from '../connections/domain.ts';
import { launchUrl, loginUrl } from './inbound/addresses.ts';

/** Whom an LMS takes the hub's addresses for. */
export interface LmsPlace {
  baseUrl: string;
  /** Undefined for a hub-wide registration, whose addresses name no tenant. */
  tenantSlug: string | undefined;
  /** The school's own, under which the LMS knows the hub; null or absent: the hub's own address. */
  domain?: string | null | undefined;
}

/** The hub's addresses as a tool. At a school's own domain they name no tenant: the domain does. */
export function hubAddresses({ baseUrl, tenantSlug, domain }: LmsPlace) {
  const origin = domain == null ? baseUrl : addressAt(baseUrl, domain);
  const tenant = tenantSlug === undefined || domain != null ? undefined : { slug: tenantSlug };
  const root = tenant === undefined ? origin : `${origin}/t/${tenant.slug}`;
  return {
    /** With the port where it has one. */
    host: new URL(origin).host,
    loginUrl: loginUrl(origin, tenant),
    launchUrl: launchUrl(origin, tenant),
    jwksUrl: `${origin}/.well-known/jwks.json`,
    openUrl: (toolSlug: string) => `${root}/open/${toolSlug}`,
    registerUrl: (token: string) => `${root}/lti/register/${token}`,
  };
}

export type AddressesForLms = ReturnType<typeof addressesForLms>;

/** The same as an LMS's administrator enters them, with the targets of links to each tool. */
export function addressesForLms(place: LmsPlace, toolSlugs: readonly string[]) {
  const { loginUrl, launchUrl, jwksUrl, openUrl } = hubAddresses(place);
  return { loginUrl, redirectUri: launchUrl, targetLinkUris: toolSlugs.map(openUrl), jwksUrl };
}
