import type { FindingLog } from './finding-log.ts';

export const encodings = ['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

/**
 * A file's bytes in UTF-8 without a byte order mark. UTF-16 is known by its mark, or by the NUL bytes that ASCII has in
 * it (RFC 3629 §6; OneRoster 1.2 CSV §1.2 wants UTF-8).
 *
 * @param encoding `auto`: UTF-8 or UTF-16, as the first bytes tell
 */
export async function* decode(
  bytes: AsyncIterable<Buffer>,
  encoding: Encoding,
  findings: FindingLog,
): AsyncIterable<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    let block = chunk;
    if (head !== undefined) {
      head = Buffer.concat([head, chunk]);
      if (head.length < 4) continue;
      [decoder, block] = begin(head, encoding, findings);
      head = undefined;
    }
    yield decoder === undefined ? block : Buffer.from(decoder.decode(block, { stream: true }));
  }
  if (head !== undefined) [decoder, head] = begin(head, encoding, findings);
  const rest = decoder === undefined ? head : Buffer.from(decoder.decode(head));
  if (rest !== undefined && rest.length > 0) yield rest;
}

function begin(
  head: Buffer,
  encoding: Encoding,
  findings: FindingLog,
): [InstanceType<typeof TextDecoder> | undefined, Buffer] {
  const found = encoding === 'auto' ? detect(head) : encoding;
  if (found === 'utf-8') return [undefined, head.subarray(isMarked(head) ? 3 : 0)];
  if (encoding === 'auto') findings.add('encoding_utf16');
  return [new TextDecoder(found), head];
}

function detect(head: Buffer): Exclude<Encoding, 'auto'> {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0) return 'utf-16le';
  if (head[0] === 0 && head[1] !== 0 && head[2] === 0 && head[3] !== 0) return 'utf-16be';
  return 'utf-8';
}

function isMarked(head: Buffer): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}
