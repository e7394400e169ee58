import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CompactSign, decodeJwt, type JWK } from 'jose';
import { serve } from '../../../platform/outbound/loopback-server.ts';
import type { ProviderKey } from './keys.ts';

type Json = Record<string, unknown>;

/** Where a provider says something else than the specification wants. Each is given the truth. */
export interface Lies {
  discovery?: (document: Json) => Json;
  /** Takes a call over whole. */
  serve?: Partial<Record<'discovery' | 'jwks' | 'token' | 'userinfo', (response: ServerResponse) => void>>;
  keys?: () => JWK[];
  header?: (header: Json) => Json;
  claims?: (claims: Json) => Json;
  /** Makes the ID Token in the provider's place. */
  sign?: (header: Json, claims: Json) => string | Promise<string>;
  answer?: (answer: Json) => Json;
  userInfo?: (claims: Json) => Json;
  /** What the browser brings back. */
  redirect?: (query: Json) => Json;
}

interface Grant {
  clientId: string;
  redirectUri: string;
  nonce: string;
  challenge: string;
}

/** An OpenID provider written from the specification, which lies as it is told. */
export interface Provider {
  issuer: string;
  lies: Lies;
  person: Json;
  key: ProviderKey;
  /** Which endpoints were called, in order. */
  calls: string[];
  /** Forms that the token endpoint was sent, with how the client proved itself. */
  tokenRequests: (Record<string, string> & { authorization?: string })[];
  /** What a browser at the authorization endpoint brings back, once the person has signed in. */
  authorize(location: string): Json;
  logoutToken(claims?: (claims: Json) => Json, header?: (header: Json) => Json): Promise<string>;
}

export interface ProviderOptions {
  now: () => number;
  key: ProviderKey;
  /** Behind the origin. */
  path?: string;
  clientSecret?: string;
}

/** Starts one on this machine, for one test. */
export async function startProvider(options: ProviderOptions): Promise<Provider> {
  const { now, path = '', clientSecret } = options;
  const grants = new Map<string, Grant>();
  let count = 0;

  const provider: Provider = {
    issuer: '',
    lies: {},
    person: { sub: 'subject-1', name: 'Ada Lovelace', email: 'ada@school.example' },
    key: options.key,
    calls: [],
    tokenRequests: [],
    authorize(location) {
      const query = Object.fromEntries(new URL(location).searchParams);
      const truth: Json = { code: `code-${++count}`, state: query.state, iss: provider.issuer };
      const answer = provider.lies.redirect?.(truth) ?? truth;
      grants.set(String(answer.code), {
        clientId: query.client_id ?? '',
        redirectUri: query.redirect_uri ?? '',
        nonce: query.nonce ?? '',
        challenge: query.code_challenge ?? '',
      });
      return answer;
    },
    async logoutToken(claims = (same) => same, header = (same) => same) {
      const at = Math.floor(now() / 1000);
      const truth = {
        iss: provider.issuer,
        aud: 'client-1',
        iat: at,
        exp: at + 120,
        jti: `logout-${++count}`,
        sub: 'subject-1',
        sid: 'session-1',
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      };
      return sign(provider.key, header({ typ: 'logout+jwt' }), claims(truth));
    },
  };

  const discovery = () => {
    const { issuer } = provider;
    const truth = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      end_session_endpoint: `${issuer}/end?realm=school`,
      authorization_response_iss_parameter_supported: true,
    };
    return provider.lies.discovery?.(truth) ?? truth;
  };

  const grantTokens = async (request: IncomingMessage): Promise<{ status: number; body: Json }> => {
    const form = Object.fromEntries(new URLSearchParams(await read(request)));
    const { authorization } = request.headers;
    provider.tokenRequests.push({ ...form, ...(authorization !== undefined && { authorization }) });
    const grant = grants.get(form.code ?? '');
    grants.delete(form.code ?? '');
    const secret = authorization === undefined ? form.client_secret : secretOf(authorization);
    if (clientSecret !== undefined && secret !== clientSecret) {
      return { status: 401, body: { error: 'invalid_client' } };
    }
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url');
    if (grant === undefined || grant.challenge !== challenge || grant.redirectUri !== form.redirect_uri) {
      return { status: 400, body: { error: 'invalid_grant', error_description: 'ada@school.example' } };
    }
    const at = Math.floor(now() / 1000);
    const claims = {
      iss: provider.issuer,
      aud: grant.clientId,
      exp: at + 300,
      iat: at,
      nonce: grant.nonce,
      at_hash: halfOfSha256('access-1'),
      sid: 'session-1',
      ...provider.person,
    };
    const told = provider.lies.claims?.(claims) ?? claims;
    const header = { alg: provider.key.alg, kid: provider.key.kid };
    const idToken = await (provider.lies.sign?.(header, told) ??
      sign(provider.key, provider.lies.header?.({}) ?? {}, told));
    const answer = { access_token: 'access-1', token_type: 'Bearer', id_token: idToken };
    return { status: 200, body: provider.lies.answer?.(answer) ?? answer };
  };

  const { port } = await serve(async (request, response) => {
    const name = (request.url ?? '').replace(path, '').slice(1);
    const known = { '.well-known/openid-configuration': 'discovery' }[name] ?? name;
    provider.calls.push(known);
    const taken = provider.lies.serve?.[known as 'token'];
    if (taken !== undefined) return taken(response);
    if (known === 'discovery') return send(response, 200, discovery());
    if (known === 'jwks') {
      return send(response, 200, { keys: provider.lies.keys?.() ?? [provider.key.jwk] });
    }
    if (known === 'token') {
      const { status, body } = await grantTokens(request);
      return send(response, status, body);
    }
    if (known === 'userinfo' && request.headers.authorization === 'Bearer access-1') {
      return send(response, 200, provider.lies.userInfo?.(provider.person) ?? provider.person);
    }
    send(response, 404, {});
  });
  provider.issuer = `http://127.0.0.1:${port}${path}`;
  return provider;
}

/** The secret of Basic authentication, whose parts are form-encoded (RFC 6749 §2.3.1). */
function secretOf(authorization: string): string | undefined {
  const [, secret] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':');
  return secret === undefined ? undefined : decodeURIComponent(secret.replaceAll('+', ' '));
}

/** A compact JWS by a provider's key. */
export function sign(key: ProviderKey, header: Json, claims: Json): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey);
}

/** The claims of a token, unproven. */
export const claimsOf = (token: string): Json => decodeJwt(token);

export function halfOfSha256(value: string): string {
  return createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');
}

function send(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
