import { PassThrough, type Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, createBrotliDecompress, createGunzip, gunzip } from 'node:zlib';
import { DomainError } from '../errors.ts';

/** What the hub offers in `Accept-Encoding`, and therefore all it understands. */
export const acceptedEncodings = 'gzip, br';

type Decompress = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const decompressors = new Map<string, Decompress>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)], // RFC 9110 §8.4.1.3: to be treated as gzip
  ['br', promisify(brotliDecompress)],
]);

/**
 * Reads a response body to its end, decompressed. The limit holds for the bytes on the wire and again for
 * what they expand to; past it the connection is dropped.
 *
 * @throws DomainError upstream: outbound_too_large, outbound_encoding_refused; else the stream's or the
 *   decompressor's error.
 */
export async function readBody(
  source: Readable,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return collect(source, maxBytes);
  const decompress = decompressors.get(encoding);
  if (decompress === undefined) throw encodingRefused(source);
  const body = await collect(source, maxBytes);
  // Some servers name an encoding on an answer without a body.
  if (body.length === 0) return body;
  try {
    return await decompress(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (isTooLarge(error)) throw tooLarge(maxBytes);
    throw error;
  }
}

/**
 * The same body as a stream, for what is too large to be kept. Nothing is held beyond one piece.
 *
 * @throws as `readBody` does, while it is read
 */
export async function* streamBody(
  source: Readable,
  contentEncoding: string | undefined,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  const decompressor = createDecompressor(encoding);
  if (decompressor === undefined) throw encodingRefused(source);
  // Its end is that of the stream below, which carries the failure on.
  const copied = pipeline(source, decompressor).catch(() => {});
  try {
    yield* limit(decompressor, maxBytes);
  } finally {
    decompressor.destroy();
    await copied;
  }
}

function createDecompressor(encoding: string): Transform | undefined {
  if (encoding === '' || encoding === 'identity') return new PassThrough();
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  return encoding === 'br' ? createBrotliDecompress() : undefined;
}

async function* limit(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

function encodingRefused(source: Readable): DomainError {
  source.on('error', () => {}).destroy();
  return new DomainError(
    'upstream',
    'outbound_encoding_refused',
    'The other server compressed its answer in a way that was not asked for.',
  );
}

async function collect(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const kept: Buffer[] = [];
  for await (const chunk of limit(chunks, maxBytes)) kept.push(chunk);
  return Buffer.concat(kept);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function tooLarge(maxBytes: number): DomainError {
  return new DomainError(
    'upstream',
    'outbound_too_large',
    `The other server answered with more than ${maxBytes} bytes.`,
    { details: { maxBytes } },
  );
}
