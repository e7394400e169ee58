import { type CryptoKey, compactVerify, decodeProtectedHeader, errors } from 'jose';
import { record } from '../../lti/claims.ts';
import type { OidcConnection } from './connection.ts';
import type { ProviderKeys } from './keys.ts';
import type { Provider } from './provider.ts';
import { Refusal } from './refusal.ts';
import type { SignatureAlgorithm } from './settings.ts';

/** A token whose signature holds. */
export interface SignedToken {
  readonly algorithm: SignatureAlgorithm;
  readonly type: string | undefined;
  /** As they came; nothing is known of their types. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Larger than any known: hundreds of groups are 20 kB. In characters. */
const longestToken = 128 * 1024;

/**
 * Proves that a token was signed by the provider of this connection. The connection says which algorithms may be, never the
 * token (RFC 8725 §3.1; OpenID Connect Core 1.0 §3.1.3.7 steps 6 to 8), and the key comes from the provider's key set alone.
 *
 * @throws Refusal `token_malformed`, `algorithm`, `key_unknown`, `signature`, and those of the key set
 */
export async function verifySignature(
  token: string,
  connection: OidcConnection,
  provider: Provider,
  keys: ProviderKeys,
): Promise<SignedToken> {
  const header = readHeader(token);
  const { algorithms, clientSecret } = connection.settings;
  const algorithm = algorithms.find((allowed) => allowed === header.alg);
  if (algorithm === undefined) throw new Refusal('algorithm', algorithms.join(' or '), codeOf(header.alg));
  const proven = (content: Uint8Array): SignedToken => ({
    algorithm,
    type: header.typ,
    claims: readClaims(content),
  });
  const { kid } = header;
  if (algorithm === 'HS256') {
    // Core §10.1: the octets of the client secret are the key. Settings ask for one that is long enough.
    const content = await tryKeys(token, [Buffer.from(clientSecret ?? '')], algorithm);
    if (content === undefined) throw badSignature();
    return proven(content);
  }
  const source = {
    owner: JSON.stringify([connection.tenantId, connection.connectionId]),
    url: provider.jwksUri,
  };
  const choice = { alg: algorithm, kid };
  const known = await keys.find(source, choice);
  if (known.length === 0) throw new Refusal('key_unknown', 'a key of the provider’s key set', codeOf(kid));
  const content =
    (await tryKeys(token, known, algorithm)) ??
    (await tryKeys(token, await keys.findAfresh(source, choice), algorithm));
  if (content === undefined) throw badSignature();
  return proven(content);
}

function badSignature(): Refusal {
  return new Refusal('signature', 'a signature by a key of the provider');
}

function readHeader(token: string): { alg: unknown; kid: string | undefined; typ: string | undefined } {
  if (token.length > longestToken || token.split('.').length !== 3) throw malformed();
  try {
    const { alg, kid, typ } = decodeProtectedHeader(token);
    // Others than texts are nothing to look for.
    return {
      alg,
      kid: typeof kid === 'string' ? kid : undefined,
      typ: typeof typ === 'string' ? typ : undefined,
    };
  } catch {
    throw malformed();
  }
}

function malformed(): Refusal {
  return new Refusal('token_malformed', 'a signed JSON Web Token, not an encrypted one');
}

/** The content, if one of the keys has signed it. */
async function tryKeys(
  token: string,
  keys: readonly (CryptoKey | Uint8Array)[],
  algorithm: SignatureAlgorithm,
): Promise<Uint8Array | undefined> {
  for (const key of keys) {
    try {
      return (await compactVerify(token, key, { algorithms: [algorithm] })).payload;
    } catch (error) {
      // A key too small or of another kind is a TypeError: it cannot have signed.
      if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof TypeError) continue;
      if (error instanceof errors.JOSEError) throw malformed();
      throw error;
    }
  }
  return undefined;
}

function readClaims(content: Uint8Array): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return record(claims);
  } catch {
    // Told below.
  }
  throw malformed();
}

/** A name out of a header that may be shown. */
function codeOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x20-\x7e]{1,100}$/.test(value) ? value : undefined;
}
