import { DomainError } from '../../platform/errors.ts';

/** A body as text. @throws DomainError input with `code`, as soon as it is larger than so many bytes */
export async function readText(
  body: AsyncIterable<Buffer>,
  mostBytes: number,
  code: string,
): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new DomainError('input', code, 'The file is too large: at most 2 MB.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
