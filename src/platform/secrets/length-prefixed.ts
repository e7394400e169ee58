/**
 * Joins parts so that no two different lists give the same bytes: each part is preceded by its length in bytes
 * (unsigned 32 bit, big-endian). Text is UTF-8.
 */
export function lengthPrefixed(parts: readonly (string | Buffer)[]): Buffer {
  const pieces: Buffer[] = [];
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    pieces.push(length, bytes);
  }
  return Buffer.concat(pieces);
}
