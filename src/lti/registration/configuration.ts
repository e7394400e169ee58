import { z } from 'zod';
import type { FamilyName } from '../../connections/families.ts';
import { type AddressRules, webAddress } from '../../platform/partner-values.ts';
import type { RegistrationReason } from '../reasons/registration.ts';
import type { LmsTerms } from './invitation.ts';
import { familyOfProduct, profileOf } from './profiles.ts';

/** Claim of the OpenID configuration (LTI Dynamic Registration 1.0, "Platform Configuration"). */
export const platformClaim = 'https://purl.imsglobal.org/spec/lti-platform-configuration';

/** What a platform says of itself, as far as the hub goes by it. */
export interface PlatformConfiguration {
  issuer: string;
  authorizeUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  registrationUrl: string;
  /** What assertions name as `aud` where that is not the token endpoint. */
  audience: string | undefined;
  /** The product that it is: what the invitation says, or what it calls itself. */
  family: FamilyName;
  /** Undefined: it does not say what it has. */
  scopes: readonly string[] | undefined;
  /** Placements by message type, where it names any. */
  placements: ReadonlyMap<string, readonly string[]>;
}

export type ConfigurationReading =
  | { ok: true; configuration: PlatformConfiguration }
  | { ok: false; reason: RegistrationReason };

const shortText = z.string().min(1).max(500);
const list = z.array(shortText).max(1_000);
const optionalList = list.optional().catch(undefined);

function document(rules: AddressRules) {
  const address = webAddress(rules);
  return z.object({
    issuer: z.string().regex(/^[\x21-\x7e]{1,255}$/),
    authorization_endpoint: address,
    token_endpoint: address,
    jwks_uri: address,
    registration_endpoint: address,
    authorization_server: shortText.optional().catch(undefined),
    scopes_supported: optionalList,
    response_types_supported: optionalList,
    id_token_signing_alg_values_supported: optionalList,
    token_endpoint_auth_methods_supported: optionalList,
    [platformClaim]: z
      .object({
        product_family_code: z.string().max(200).optional().catch(undefined),
        messages_supported: z
          .array(z.object({ type: shortText, placements: list.optional().catch(undefined) }))
          .max(200)
          .optional()
          .catch(undefined),
      })
      .optional()
      .catch(undefined),
  });
}

/**
 * Reads a platform's OpenID configuration (OpenID Connect Discovery 1.0 §3; LTI Dynamic Registration 1.0 §3.4) and decides
 * whether it can be believed: the issuer and every address have to be where the configuration came from, at the
 * vendor's, or at a host that whoever made the invitation has named.
 *
 * @param url where it came from
 */
export function readConfiguration(
  given: unknown,
  { url, terms, rules }: { url: string; terms: LmsTerms; rules: AddressRules },
): ConfigurationReading {
  const read = document(rules).safeParse(given);
  if (!read.success) return { ok: false, reason: 'registration_configuration_invalid' };
  const { data } = read;
  const claimed = data[platformClaim];
  const named = familyOfProduct(claimed?.product_family_code);
  if (terms.family !== 'generic' && named !== undefined && named !== terms.family) {
    return { ok: false, reason: 'registration_family_mismatch' };
  }
  const family = terms.family === 'generic' ? (named ?? 'generic') : terms.family;
  const hosts = hostsOf(data.issuer, url, family, terms.hosts);
  if (hosts === undefined) return { ok: false, reason: 'registration_issuer_mismatch' };
  const addresses = [
    data.authorization_endpoint,
    data.token_endpoint,
    data.jwks_uri,
    data.registration_endpoint,
  ];
  if (!addresses.every((address) => isAt(address, hosts))) {
    return { ok: false, reason: 'registration_host_refused' };
  }
  const audience = profileOf(family).namesAudience ? data.authorization_server : undefined;
  if (audience !== undefined && !isAudienceOf(audience, data.token_endpoint, hosts, family)) {
    return { ok: false, reason: 'registration_host_refused' };
  }
  if (!speaksOurs(data)) return { ok: false, reason: 'registration_unsupported' };
  const placements = (claimed?.messages_supported ?? []).flatMap((message): [string, readonly string[]][] =>
    message.placements === undefined ? [] : [[message.type, message.placements]],
  );
  return {
    ok: true,
    configuration: {
      issuer: data.issuer,
      authorizeUrl: data.authorization_endpoint,
      tokenUrl: data.token_endpoint,
      jwksUrl: data.jwks_uri,
      registrationUrl: data.registration_endpoint,
      audience,
      family,
      scopes: data.scopes_supported,
      placements: new Map(placements),
    },
  };
}

/** Where addresses of the platform may be; undefined where the issuer is not whose the configuration is. */
function hostsOf(
  issuer: string,
  configurationUrl: string,
  family: FamilyName,
  named: readonly string[],
): readonly string[] | undefined {
  // OpenID Connect Discovery 1.0 §3: an issuer is a web address. Others have no host, and so nothing that could be compared.
  if (!/^https?:\/\//i.test(issuer) || !URL.canParse(issuer)) return undefined;
  const { vendorHosts, sharedIssuers } = profileOf(family);
  const own = new URL(issuer).host;
  // Dynamic Registration §3.5.1: the configuration has to be its issuer's own.
  const allowed = [own, ...named, ...(sharedIssuers.includes(issuer) ? vendorHosts : [])];
  if (!isAt(configurationUrl, allowed)) return undefined;
  return [own, new URL(configurationUrl).host, ...named, ...vendorHosts];
}

/** Hosts with their ports: another port is another server. A vendor's host stands with a dot in front. */
function isAt(address: string, hosts: readonly string[]): boolean {
  const { host } = new URL(address);
  return hosts.some((each) => host === each || (each.startsWith('.') && host.endsWith(each)));
}

/**
 * Whether assertions may be made out to that audience. The token endpoint receives them, so that one made out to somebody
 * else could be used up there, at an LMS that knows the hub by the same client_id. At the vendor's is the platform's own
 * where its token endpoint is the vendor's, too.
 */
function isAudienceOf(
  audience: string,
  tokenEndpoint: string,
  hosts: readonly string[],
  family: FamilyName,
): boolean {
  const { vendorHosts } = profileOf(family);
  const isVendors = isAt(tokenEndpoint, vendorHosts);
  const own = isVendors ? hosts : hosts.filter((host) => !vendorHosts.includes(host));
  // Some are a host without a scheme.
  const address = audience.includes('://') ? audience : `https://${audience}`;
  return URL.canParse(address) && isAt(address, own);
}

/** Whether it can do what LTI asks for (Security Framework 1.0 §4.1.1, §5.1.1.2, §5.4); what it leaves unsaid, it can. */
function speaksOurs(data: z.output<ReturnType<typeof document>>): boolean {
  const has = (values: readonly string[] | undefined, value: string) => values?.includes(value) ?? true;
  return (
    has(data.response_types_supported, 'id_token') &&
    has(data.id_token_signing_alg_values_supported, 'RS256') &&
    has(data.token_endpoint_auth_methods_supported, 'private_key_jwt')
  );
}
