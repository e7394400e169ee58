import { inflateRawSync } from 'node:zlib';
import { Refusal } from '../refusal.ts';
import type { XmlLimits } from './limits.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Octets of base64 text (RFC 4648, 4). Line breaks may stand anywhere (SAML Bindings 2.0, 3.5.4 takes RFC 2045);
 * any other foreign character, missing padding or an encoding with stray bits is refused.
 */
export function decodeBase64(text: string, limits: XmlLimits): Buffer {
  if (text.length > limits.bytes * 1.5)
    throw new Refusal('message_too_large', `${limits.bytes} bytes at most`);
  const compact = text.replace(/[\r\n]/g, '');
  const bytes = Buffer.from(compact, 'base64');
  // A long text is matched twice as fast by comparing what it decodes to than by an expression alone.
  if (compact === '' || !base64.test(compact) || bytes.toString('base64') !== compact) {
    throw new Refusal('message_encoding', 'base64');
  }
  return bytes;
}

/** Inflates a DEFLATE body of the redirect binding (SAML Bindings 2.0, 3.4.4.1), never beyond the limit. */
export function inflate(bytes: Buffer, limits: XmlLimits): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: limits.bytes });
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw tooLarge
      ? new Refusal('message_too_large', `${limits.bytes} bytes at most, inflated`)
      : new Refusal('message_encoding', 'a DEFLATE stream');
  }
}

/** Text of UTF-8 octets; any other encoding, also a declared one, is refused by the reader of the text. */
export function decodeUtf8(bytes: Buffer, limits: XmlLimits): string {
  if (bytes.length > limits.bytes) throw new Refusal('message_too_large', `${limits.bytes} bytes at most`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('message_encoding', 'UTF-8');
  }
}
