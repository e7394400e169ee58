import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { OwnKey } from './certificate.ts';
import type { Endpoint } from './connection.ts';
import { type MessageParameter, writeQuery } from './signature/query.ts';
import { signDocument } from './signature/sign.ts';
import type { Xml } from './xml/write.ts';

/** How a message of ours leaves through the browser: a redirect, or a form that posts itself. */
export type Outgoing =
  | { readonly binding: 'redirect'; readonly url: string }
  | { readonly binding: 'post'; readonly url: string; readonly fields: Readonly<Record<string, string>> };

/** An ID that nobody can guess and no two messages share (SAML Core 2.0, 1.3.4): 160 random bits. */
export function newMessageId(): string {
  return `_${randomBytes(20).toString('hex')}`;
}

/**
 * Packs a message for its binding (SAML Bindings 2.0, 3.4.4 and 3.5.4): the signature of a redirect stands in the
 * query, that of a form in the message, behind the Issuer.
 *
 * @param relayState an opaque handle of at most 80 bytes (3.4.3), never an address
 */
export function pack(
  parameter: MessageParameter,
  message: { readonly id: string; readonly document: Xml },
  endpoint: Pick<Endpoint, 'binding' | 'location'>,
  { key, relayState }: { key: OwnKey | undefined; relayState: string | undefined },
): Outgoing {
  const url = addressOf(endpoint.location);
  if (endpoint.binding === 'redirect') {
    const deflated = deflateRawSync(message.document.text).toString('base64');
    const query = writeQuery(parameter, deflated, relayState, key);
    return { binding: 'redirect', url: `${url}${url.includes('?') ? '&' : '?'}${query}` };
  }
  const signed =
    key === undefined ? message.document : signDocument(message.document, message.id, key, 'Issuer');
  const fields = { [parameter]: Buffer.from(signed.text).toString('base64') };
  return {
    binding: 'post',
    url,
    fields: relayState === undefined ? fields : { ...fields, RelayState: relayState },
  };
}

/** As browsers would write it: a header holds ASCII alone, and what stands behind a `#` never gets there. */
function addressOf(location: string): string {
  const url = new URL(location);
  url.hash = '';
  return url.href;
}
