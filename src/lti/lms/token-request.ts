import {
  allowInsecureRequests,
  Configuration,
  type CustomFetchOptions,
  clientCredentialsGrant,
  customFetch,
  modifyAssertion,
  PrivateKeyJwt,
} from 'openid-client';
import type { ServiceRegistration } from '../../connections/service-registrations.ts';
import { readHostDown } from '../../health/breaker/call-end.ts';
import type { Clock } from '../../platform/clock.ts';
import { defined } from '../../platform/defined.ts';
import { DomainError } from '../../platform/errors.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import { parseRetryAfter } from '../../platform/outbound/retry.ts';
import { claim } from '../claims.ts';
import type { Signer } from '../keys/signer.ts';
import { readTokenBody } from './token-body.ts';
import { decideTokenFault, type TokenAnswer, type TokenFault } from './token-fault.ts';

export type TokenGrant =
  | {
      ok: true;
      token: string;
      /** Seconds; undefined where the LMS did not say. */
      expiresIn: number | undefined;
      /** Undefined where the LMS did not say: all that was asked (RFC 6749 §5.1). */
      scopes: readonly string[] | undefined;
    }
  | { ok: false; fault: TokenFault };

export interface TokenRequestServices {
  fetch: OutboundFetch;
  signer: Signer;
  clock: Clock;
}

const timeoutMs = 8_000;
const maxBytes = 64 * 1024;
/** Long enough for clocks that differ, and below the hour that platforms take (Security Framework 1.0 §4.1.1). */
const assertionSeconds = 300;
/** Canvas and Moodle refuse an `iat` that lies ahead by a moment only, so it allows for clocks behind ours. */
const clockSkewSeconds = 30;

/**
 * Asks an LMS for an access token: client credentials with a signed assertion (Security Framework 1.0 §4.1).
 *
 * @throws DomainError `signing_key_missing`
 */
export async function requestToken(
  services: TokenRequestServices,
  registration: ServiceRegistration & { tokenUrl: string },
  deploymentId: string,
  scopes: readonly string[],
): Promise<TokenGrant> {
  const { clientId, tokenUrl } = registration;
  const configuration = new Configuration(
    { issuer: registration.issuer, token_endpoint: tokenUrl },
    clientId,
    undefined,
    PrivateKeyJwt(await services.signer.signingKey(), {
      [modifyAssertion]: (header, payload) => {
        header.typ = 'JWT';
        Object.assign(payload, planAssertion(registration, deploymentId, services.clock.now()));
        // Nobody asks for it, and a clock a second behind ours would refuse it.
        delete payload.nbf;
      },
    }),
  );
  // The guard lets plain http reach this machine only, and only where the hub's settings allow that.
  if (new URL(tokenUrl).protocol === 'http:') allowInsecureRequests(configuration);
  const call: { answer?: TokenAnswer } = {};
  configuration[customFetch] = async (url, options) => {
    const { answer, response } = await ask(services, url, options);
    call.answer = answer;
    return response();
  };
  try {
    const granted = await clientCredentialsGrant(configuration, { scope: scopes.join(' ') });
    return {
      ok: true,
      token: granted.access_token,
      expiresIn: granted.expires_in,
      scopes: granted.scope?.split(/\s+/).filter((scope) => scope !== ''),
    };
  } catch (error) {
    // The library's own errors quote the answer; what it was is known from the call.
    if (call.answer === undefined) throw error;
    return { ok: false, fault: decideTokenFault(call.answer) };
  }
}

/** The claims that LMSs are particular about; the library sets iss, sub and a fresh jti (RFC 7523 §3). */
function planAssertion(
  { tokenAudience, tokenUrl }: ServiceRegistration,
  deploymentId: string,
  now: number,
): Record<string, string | number> {
  const issuedAt = Math.floor(now / 1000) - clockSkewSeconds;
  return {
    // A string: Brightspace fails on a list, and Canvas wants exactly its token address.
    aud: tokenAudience ?? tokenUrl ?? '',
    iat: issuedAt,
    exp: issuedAt + assertionSeconds,
    // LTI Core §6.2.1.
    [claim.deploymentId]: deploymentId,
  };
}

/** The guarded call in the shape of fetch. */
async function ask(
  { fetch, clock }: TokenRequestServices,
  url: string,
  { headers, body, signal }: CustomFetchOptions,
): Promise<{ answer: TokenAnswer; response: () => Response }> {
  try {
    const response = await fetch({
      url,
      method: 'POST',
      headers,
      body: String(body),
      timeoutMs,
      maxBytes,
      ...(signal !== undefined && { signal }),
    });
    const retryAfterMs = parseRetryAfter(response.headers['retry-after'], clock.now());
    return {
      answer: { kind: 'answered', status: response.status, text: response.text(), retryAfterMs },
      response: () => libraryResponse(response.status, response.text()),
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return {
      answer: { kind: 'failed', code: error.code, ...defined({ waitUntil: readHostDown(error) }) },
      response: () => {
        throw error;
      },
    };
  }
}

/** The answer as the library wants it: a success is 200 to it, and nothing else. */
function libraryResponse(status: number, text: string): Response {
  const granted = status >= 200 && status < 300 ? readTokenBody(text) : undefined;
  return granted === undefined
    ? new Response(text, { status, headers: jsonHeaders })
    : new Response(JSON.stringify(granted), { status: 200, headers: jsonHeaders });
}

/** Some LMSs name another type, and a challenge would only hide the error in the body. */
const jsonHeaders = { 'content-type': 'application/json' };
