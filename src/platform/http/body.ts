import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler } from 'express';
import { DomainError } from '../errors.ts';
import { parseJson } from './json.ts';

/**
 * Reads an application/x-www-form-urlencoded body into `request.body`: an object of strings, with an array
 * where a name was repeated.
 *
 * @param limitBytes 256 kB holds the largest id_token known from an LMS several times
 */
export function formBody(limitBytes = 256 * 1024): RequestHandler {
  return async (request, _response, next) => {
    requireForm(request);
    request.body = parseForm((await readBody(request, limitBytes)).toString('utf8'), 100);
    next();
  };
}

/**
 * Reads a JSON body into `request.body`, as `parseJson` gives it.
 *
 * @param mediaTypes one of these, exactly; parameters other than `charset` say nothing
 */
export function jsonBody(limitBytes: number, mediaTypes: readonly string[]): RequestHandler {
  return async (request, _response, next) => {
    requireMediaType(request, mediaTypes);
    request.body = parseJson(await readBody(request, limitBytes));
    next();
  };
}

/**
 * Reads a body of at most `limitBytes`. One announced as longer is refused before a byte of it is read, any
 * other as soon as it has grown past the limit, however long the sender goes on. A sender that drips is given up.
 *
 * @throws DomainError `body_too_large`, `body_incomplete`, `body_too_slow`
 */
export function readBody(request: IncomingMessage, limitBytes: number, withinMs = 30_000): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes)
    return Promise.reject(tooLarge(limitBytes));
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = () => {
    clearTimeout(deadline);
    request.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut);
  };
  const onData = (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limitBytes) {
      chunks.push(chunk);
      return;
    }
    stop();
    request.pause();
    reject(tooLarge(limitBytes));
  };
  const deadline = setTimeout(() => {
    stop();
    request.pause();
    const message = `The request body took longer than ${withinMs / 1000} seconds.`;
    reject(new DomainError('input', 'body_too_slow', message));
  }, withinMs);
  const onEnd = () => {
    stop();
    resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
  };
  const onCut = (cause?: Error) => {
    stop();
    reject(new DomainError('input', 'body_incomplete', 'The request body ended early.', { cause }));
  };
  request.on('data', onData).on('end', onEnd).on('close', onCut).on('error', onCut);
  return promise;
}

function tooLarge(limitBytes: number): DomainError {
  return new DomainError(
    'too_large',
    'body_too_large',
    `The request body is larger than ${limitBytes} bytes.`,
    {
      details: { limitBytes },
    },
  );
}

function requireForm(request: Request): void {
  requireMediaType(request, ['application/x-www-form-urlencoded']);
}

/** @throws DomainError `unsupported_media_type` */
function requireMediaType({ headers }: Request, accepted: readonly string[]): void {
  const contentType = headers['content-type'] ?? '';
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
  // A compressed body would grow after it was counted.
  const compressed = (headers['content-encoding'] ?? 'identity') !== 'identity';
  if (!accepted.includes(mediaType) || compressed || !/^utf-?8$/i.test(charset ?? 'utf-8')) {
    throw new DomainError(
      'input',
      'unsupported_media_type',
      `Send the body as ${accepted.join(' or ')}, in UTF-8, uncompressed.`,
    );
  }
}

/**
 * Decodes a form (URL Standard §5.1). The object has no prototype, so a field cannot shadow a method.
 *
 * @throws DomainError `too_many_fields`
 */
export function parseForm(text: string, mostFields: number): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = Object.create(null);
  let fields = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    fields += 1;
    if (fields > mostFields) {
      throw new DomainError('too_large', 'too_many_fields', `The form has more than ${mostFields} fields.`);
    }
    const earlier = form[name];
    form[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return form;
}
