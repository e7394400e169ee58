/** What is read of a file at any place: the part of a file handle that reading needs. */
export interface ReadableFile {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  stat(): Promise<{ size: number }>;
}

/** What one call fetches; also what a header and the directory of most archives take. */
export const blockBytes = 256 * 1024;
/** Blocks that are kept: an archive's directory and the beginnings of its files are read in turns. */
const mostBlocks = 32;

/**
 * A file that is read where it lies, block by block: to look into a package of gigabytes takes a few calls.
 *
 * @param fetchBlock gives the bytes from `start`, so many or fewer where the file ends
 */
export function createRemoteFile(
  size: number,
  fetchBlock: (start: number, bytes: number) => Promise<Buffer>,
): ReadableFile {
  const blocks = new Map<number, Promise<Buffer>>();
  function blockAt(start: number): Promise<Buffer> {
    const known = blocks.get(start);
    if (known !== undefined) return known;
    const block = fetchBlock(start, Math.min(blockBytes, size - start));
    blocks.set(start, block);
    block.catch(() => blocks.delete(start));
    const [oldest] = blocks.keys();
    if (blocks.size > mostBlocks && oldest !== undefined) blocks.delete(oldest);
    return block;
  }
  return {
    stat: async () => ({ size }),
    async read(buffer, offset, length, position) {
      let done = 0;
      while (done < length && position + done < size) {
        const at = position + done;
        const start = at - (at % blockBytes);
        const block = await blockAt(start);
        const copied = block.copy(buffer, offset + done, at - start, at - start + length - done);
        if (copied === 0) break;
        done += copied;
      }
      return { bytesRead: done };
    },
  };
}
