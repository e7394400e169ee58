import { z } from 'zod';
import { newSecret } from '../../platform/handle.ts';
import type { OidcConnection } from './connection.ts';
import { proofOf } from './proof.ts';
import type { Provider } from './provider.ts';

/** What is kept of a request until its answer comes. */
export const oidcExpectations = z.strictObject({
  /** One half of nonce and verifier; see proofOf. */
  salt: z.string().min(32),
  issuer: z.string(),
  /** Unix milliseconds. */
  startedAt: z.number(),
});
export type OidcExpectations = z.output<typeof oidcExpectations>;

export interface StartedSignIn {
  /** Where the browser goes. */
  readonly location: string;
  readonly expectations: OidcExpectations;
}

/**
 * An authentication request (OpenID Connect Core 1.0 §3.1.2.1) with PKCE (RFC 7636).
 *
 * @param handle goes out as `state`: opaque, for one use
 */
export function startSignIn(
  connection: OidcConnection,
  provider: Provider,
  { handle, now }: { handle: string; now: number },
): StartedSignIn {
  const { settings, redirectUri } = connection;
  const salt = newSecret();
  const { nonce, challenge } = proofOf(handle, salt);
  // A query that is there already stays (RFC 6749 §3.1).
  const location = new URL(provider.authorizationEndpoint);
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: settings.clientId,
    redirect_uri: redirectUri,
    scope: [...new Set(['openid', ...settings.scopes])].join(' '),
    state: handle,
    nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    prompt: settings.prompt,
    max_age: settings.maxAgeSeconds?.toString(),
    acr_values: settings.acrValues.join(' ') || undefined,
    hd: hostedDomain(settings),
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) location.searchParams.set(name, value);
  }
  const { issuer } = provider;
  return { location: location.href, expectations: { salt, issuer, startedAt: now } };
}

/** Lets Google offer the right accounts; the claim is checked all the same. */
function hostedDomain({ tenant }: OidcConnection['settings']): string | undefined {
  if (tenant.kind !== 'google') return undefined;
  return tenant.domains.length === 1 ? tenant.domains[0] : '*';
}
