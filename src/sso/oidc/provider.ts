import { z } from 'zod';
import { isLoopbackHost } from '../../platform/outbound/url.ts';
import { Refusal } from './refusal.ts';

/** An OpenID provider as its discovery document describes it. */
export interface Provider {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly userInfoEndpoint: string | undefined;
  readonly endSessionEndpoint: string | undefined;
  /** It promises to name itself in every answer (RFC 9207 §3). */
  readonly namesItself: boolean;
}

/** OpenID Connect Discovery 1.0 §3, as far as it is needed; RP-Initiated Logout 1.0 §2.1; RFC 9207 §3. */
function documentSchema(allowLoopback: boolean) {
  const address = z
    .string()
    .max(2000)
    .refine((text) => isAddress(text, allowLoopback));
  return z.object({
    issuer: z.string(),
    authorization_endpoint: address,
    token_endpoint: address,
    jwks_uri: address,
    userinfo_endpoint: address.nullish(),
    end_session_endpoint: address.nullish(),
    authorization_response_iss_parameter_supported: z.boolean().nullish(),
  });
}

/**
 * Reads a discovery document.
 *
 * @param issuer what its `issuer` has to be, character by character (Discovery 1.0 §4.3)
 * @throws Refusal `discovery_invalid`, `discovery_issuer`
 */
export function readProvider(document: unknown, issuer: string, allowLoopback: boolean): Provider {
  const parsed = documentSchema(allowLoopback).safeParse(document);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.'));
    throw new Refusal('discovery_invalid', 'a discovery document', fields.join(', '));
  }
  const { data } = parsed;
  if (data.issuer !== issuer) throw new Refusal('discovery_issuer', issuer, data.issuer);
  return {
    issuer,
    authorizationEndpoint: data.authorization_endpoint,
    tokenEndpoint: data.token_endpoint,
    jwksUri: data.jwks_uri,
    userInfoEndpoint: data.userinfo_endpoint ?? undefined,
    endSessionEndpoint: data.end_session_endpoint ?? undefined,
    namesItself: data.authorization_response_iss_parameter_supported === true,
  };
}

/** Browsers are sent to some of these, so the outbound guard alone would not do. */
function isAddress(text: string, allowLoopback: boolean): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return (
    url.protocol === 'https:' || (allowLoopback && url.protocol === 'http:' && isLoopbackHost(url.hostname))
  );
}
