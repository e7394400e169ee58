import type { OwnKey, TrustedCertificate } from '../certificate.ts';
import { Refusal } from '../refusal.ts';
import { decodeBase64 } from '../xml/decode.ts';
import { messageLimits } from '../xml/limits.ts';
import { ownSignatureMethod, signatureMethods, signOctets } from './algorithms.ts';
import { requireSigner } from './verify.ts';

export type MessageParameter = 'SAMLRequest' | 'SAMLResponse';

const known = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding'];
const deflate = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE';

export interface QueryMessage {
  readonly parameter: MessageParameter;
  /** base64 of the deflated message. */
  readonly message: string;
  readonly relayState: string | undefined;
}

/** The query of a redirect, signed where a key is given (SAML Bindings 2.0, 3.4.4.1). */
export function writeQuery(
  parameter: MessageParameter,
  message: string,
  relayState: string | undefined,
  key: OwnKey | undefined,
): string {
  const parts = [`${parameter}=${encodeURIComponent(message)}`];
  if (relayState !== undefined) parts.push(`RelayState=${encodeURIComponent(relayState)}`);
  if (key === undefined) return parts.join('&');
  const octets = [...parts, `SigAlg=${encodeURIComponent(ownSignatureMethod)}`].join('&');
  return `${octets}&Signature=${encodeURIComponent(signOctets(octets, key.privateKey))}`;
}

/**
 * Verifies the signature of a redirect over the octets exactly as they came (SAML Bindings 2.0, 3.4.4.1): decoding
 * and encoding again may give others. Any parameter of SAML given twice is refused.
 *
 * @param query what stood after `?` in the request line, untouched
 * @throws Refusal `signature_missing`, `algorithm`, `signature`, `certificate_retired` or `message_unexpected`
 */
export function verifyQuery(query: string, certificates: readonly TrustedCertificate[]): QueryMessage {
  const raw = splitQuery(query);
  const parameter = raw.has('SAMLRequest') ? 'SAMLRequest' : 'SAMLResponse';
  const message = raw.get(parameter);
  if (message === undefined || (raw.has('SAMLRequest') && raw.has('SAMLResponse'))) {
    throw new Refusal('message_unexpected', 'one of SAMLRequest and SAMLResponse');
  }
  const encoding = raw.get('SAMLEncoding');
  if (encoding !== undefined && decode(encoding) !== deflate) throw new Refusal('message_encoding', deflate);
  const [algorithm, signature] = [raw.get('SigAlg'), raw.get('Signature')];
  if (algorithm === undefined || signature === undefined) {
    throw new Refusal('signature_missing', 'SigAlg and Signature in the query');
  }
  const octets = [parameter, 'RelayState', 'SigAlg']
    .filter((name) => raw.has(name))
    .map((name) => `${name}=${raw.get(name)}`)
    .join('&');
  requireQuerySignature(
    octets,
    decode(algorithm),
    decodeBase64(decode(signature), messageLimits),
    certificates,
  );
  const relayState = raw.get('RelayState');
  return {
    parameter,
    message: decode(message),
    relayState: relayState === undefined ? undefined : decode(relayState),
  };
}

function requireQuerySignature(
  octets: string,
  algorithm: string,
  signature: Buffer,
  certificates: readonly TrustedCertificate[],
): void {
  const method = Object.hasOwn(signatureMethods, algorithm) ? signatureMethods[algorithm] : undefined;
  if (method === undefined) {
    throw new Refusal('algorithm', Object.keys(signatureMethods).join(', '), algorithm);
  }
  requireSigner(method, octets, signature, certificates);
}

function splitQuery(query: string): Map<string, string> {
  const raw = new Map<string, string>();
  if (query.length > messageLimits.bytes) {
    throw new Refusal('message_too_large', `${messageLimits.bytes} bytes at most`);
  }
  for (const pair of query.split('&')) {
    const cut = pair.indexOf('=');
    const name = decode(cut === -1 ? pair : pair.slice(0, cut));
    if (!known.includes(name)) continue;
    if (raw.has(name) || !pair.startsWith(`${name}=`))
      throw new Refusal('message_unexpected', `${name} once`);
    raw.set(name, pair.slice(cut + 1));
  }
  return raw;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Refusal('message_encoding', 'URL encoding');
  }
}
