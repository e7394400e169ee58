import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  genericGrantRequest,
  modifyAssertion,
  PrivateKeyJwt,
} from 'openid-client';
import { z } from 'zod';
import type { Signer } from '../../lti/keys/signer.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { OidcConnection } from './connection.ts';
import type { Provider } from './provider.ts';
import type { OidcReason } from './reasons.ts';
import { Refusal, refusedCall } from './refusal.ts';

export interface TokenRequestServices {
  fetch: OutboundFetch;
  signer: Pick<Signer, 'signingKey'>;
  clock: Clock;
}

export interface Tokens {
  readonly idToken: string;
  readonly accessToken: string;
}

const timeoutMs = 8_000;
const maxBytes = 512 * 1024;
/** Good for clocks that differ, as towards LMSs. */
const assertionSeconds = 300;
const clockSkewSeconds = 30;
const expected = 'tokens for the code';

/**
 * Exchanges a code for tokens (OpenID Connect Core 1.0 §3.1.3). The library writes the request and authenticates the
 * client; the ID Token is kept from it, since it would stop at the first rule that is broken.
 *
 * @throws Refusal `token_…`, `code_refused`, `client_refused`, `address_refused`, `tls_failed`
 * @throws DomainError `signing_key_missing`
 */
export async function exchangeCode(
  services: TokenRequestServices,
  connection: OidcConnection,
  provider: Provider,
  { code, verifier }: { code: string; verifier: string },
): Promise<Tokens> {
  const { settings, redirectUri } = connection;
  const configuration = new Configuration(
    { issuer: provider.issuer, token_endpoint: provider.tokenEndpoint },
    settings.clientId,
    undefined,
    await authentication(services, connection, provider),
  );
  // The guard lets plain http reach this machine only, and only where the hub's settings allow that.
  if (new URL(provider.tokenEndpoint).protocol === 'http:') allowInsecureRequests(configuration);
  const call: { answer?: Answer; failure?: Refusal } = {};
  configuration[customFetch] = async (url, { headers, body, signal }) => {
    try {
      call.answer = await ask(services.fetch, url, headers, String(body), signal);
      const { idToken: _kept, ...shownToLibrary } = call.answer.tokens ?? {};
      return Response.json(
        { ...call.answer.body, ...shownToLibrary, id_token: undefined },
        { status: call.answer.status },
      );
    } catch (error) {
      call.failure = refusedCall(error, expected, {
        unreachable: 'token_unreachable',
        invalid: 'token_answer_invalid',
      });
      throw call.failure;
    }
  };
  try {
    await genericGrantRequest(configuration, 'authorization_code', {
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
  } catch (error) {
    // The library's own errors quote the answer; what it was is known from the call.
    if (call.failure !== undefined) throw call.failure;
    if (call.answer === undefined) throw error;
    throw refusedAnswer(call.answer);
  }
  const tokens = call.answer?.tokens;
  if (tokens === undefined) throw new Refusal('token_answer_invalid', 'an ID Token and an access token');
  return tokens;
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
  tokens: Tokens | undefined;
}

const answerBody = z.record(z.string(), z.unknown());
const tokenBody = z.object({ id_token: z.string().min(1), access_token: z.string().min(1) });

async function ask(
  fetch: OutboundFetch,
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const response = await fetch({
    url,
    method: 'POST',
    headers,
    body,
    timeoutMs,
    maxBytes,
    ...(signal !== undefined && { signal }),
  });
  const parsed = answerBody.safeParse(parse(response.text()));
  const content = parsed.success ? parsed.data : {};
  const tokens = response.status === 200 ? tokenBody.safeParse(content) : undefined;
  return {
    status: response.status,
    body: content,
    tokens: tokens?.success
      ? { idToken: tokens.data.id_token, accessToken: tokens.data.access_token }
      : undefined,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 6749 §5.2. */
const reasonsOfErrors: Partial<Record<string, OidcReason>> = {
  invalid_grant: 'code_refused',
  invalid_client: 'client_refused',
  unauthorized_client: 'client_refused',
};

function refusedAnswer({ status, body }: Answer): Refusal {
  const { error } = body;
  const code = typeof error === 'string' && /^[a-z_]{1,60}$/.test(error) ? error : undefined;
  const found = `status ${status}${code === undefined ? '' : `, ${code}`}`;
  if (status < 400) return new Refusal('token_answer_invalid', expected, found);
  if (status >= 500 || status === 408 || status === 429)
    return new Refusal('token_unreachable', expected, found);
  const known =
    code !== undefined && Object.hasOwn(reasonsOfErrors, code) ? reasonsOfErrors[code] : undefined;
  return new Refusal(known ?? (status === 401 ? 'client_refused' : 'token_refused'), expected, found);
}

/** OpenID Connect Core 1.0 §9. */
async function authentication(
  { signer, clock }: TokenRequestServices,
  { settings }: OidcConnection,
  provider: Provider,
): Promise<ClientAuth> {
  const { clientAuthentication, clientSecret, assertionAudience } = settings;
  if (clientAuthentication === 'client_secret_basic') return ClientSecretBasic(clientSecret);
  if (clientAuthentication === 'client_secret_post') return ClientSecretPost(clientSecret);
  return PrivateKeyJwt(await signer.signingKey(), {
    [modifyAssertion]: (header, payload) => {
      header.typ = 'JWT';
      payload.aud = assertionAudience === 'issuer' ? provider.issuer : provider.tokenEndpoint;
      payload.iat = Math.floor(clock.now() / 1000) - clockSkewSeconds;
      payload.exp = Number(payload.iat) + assertionSeconds;
      // Nobody asks for it, and a clock a second behind ours would refuse it.
      delete payload.nbf;
    },
  });
}
