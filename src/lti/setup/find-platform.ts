import { z } from 'zod';
import { DomainError } from '../../platform/errors.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import { type AddressRules, webAddress } from '../../platform/partner-values.ts';
import { fetchConfiguration } from '../registration/calls.ts';

/** What is asked for where an LMS is connected by hand. */
export interface FoundPlatform {
  issuer: string;
  authorizeUrl: string;
  tokenUrl: string;
  jwksUrl: string;
}

/** Where it stands below an issuer (OpenID Connect Discovery 1.0 §4). */
const wellKnown = '/.well-known/openid-configuration';

/**
 * The addresses that an LMS tells of itself, so that nobody has to copy them. They are a proposal: whoever connects it sees them
 * first. An issuer at another host than the one that was asked is refused, since a mistyped address would go unnoticed.
 *
 * @param site the LMS's address, or that of its OpenID configuration
 * @throws DomainError upstream `platform_not_found`, whose details name the reason
 */
export async function findPlatform(
  fetch: OutboundFetch,
  site: string,
  rules: AddressRules,
): Promise<FoundPlatform> {
  const url = configurationAddress(site);
  const answer = await fetchConfiguration(fetch, url, undefined);
  if (!answer.ok) throw notFound(answer.reason);
  const address = webAddress(rules);
  const read = z
    .object({
      issuer: address,
      authorization_endpoint: address,
      token_endpoint: address,
      jwks_uri: address,
    })
    .safeParse(answer.document);
  if (!read.success) throw notFound('registration_configuration_invalid');
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri } = read.data;
  if (new URL(issuer).host !== new URL(url).host) throw notFound('registration_issuer_mismatch');
  return { issuer, authorizeUrl: authorization_endpoint, tokenUrl: token_endpoint, jwksUrl: jwks_uri };
}

function configurationAddress(site: string): string {
  const { origin, pathname } = new URL(site);
  const path = pathname.replace(/\/+$/, '');
  return `${origin}${path.endsWith(wellKnown) ? path : `${path}${wellKnown}`}`;
}

function notFound(reason: string): DomainError {
  const message =
    'The LMS does not tell its addresses there. Check the web address, or copy the addresses from its pages by hand.';
  return new DomainError('upstream', 'platform_not_found', message, { details: { reason } });
}
