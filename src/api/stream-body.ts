import type { Request } from 'express';
import { DomainError } from '../platform/errors.ts';

/** How long a sender may be silent. */
const patienceMs = 30_000;

/**
 * A body's bytes as they come, of at most `limitBytes`. One announced as longer is refused before a byte of it is read.
 *
 * @throws DomainError `unsupported_media_type`, `body_too_large`; while it is read also `body_incomplete`
 */
export function streamBody(
  request: Request,
  { mediaTypes, limitBytes }: { mediaTypes: readonly string[]; limitBytes: number },
): AsyncIterable<Buffer> {
  const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  // A compressed body would grow after it was counted.
  const isCompressed = (request.headers['content-encoding'] ?? 'identity') !== 'identity';
  if (!mediaTypes.includes(mediaType) || isCompressed) {
    const message = `Send the body as ${mediaTypes.join(' or ')}, without Content-Encoding.`;
    throw new DomainError('input', 'unsupported_media_type', message);
  }
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
  return countedBytes(request, limitBytes);
}

async function* countedBytes(request: Request, limitBytes: number): AsyncIterable<Buffer> {
  let bytes = 0;
  const cutOff = () => void request.destroy();
  request.setTimeout(patienceMs, cutOff);
  try {
    // The connection stays, so that a refusal under way is still told.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > limitBytes) throw tooLarge(limitBytes);
      yield chunk as Buffer;
    }
  } catch (cause) {
    if (cause instanceof DomainError || !request.destroyed) throw cause;
    throw new DomainError('input', 'body_incomplete', 'The request body ended early.', { cause });
  } finally {
    request.setTimeout(0);
    request.off('timeout', cutOff);
  }
}

function tooLarge(limitBytes: number): DomainError {
  const message = `The package is larger than ${limitBytes} bytes.`;
  return new DomainError('too_large', 'body_too_large', message, { details: { limitBytes } });
}
