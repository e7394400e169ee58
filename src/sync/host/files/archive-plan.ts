import { findNameFault, isLitter, type NameFault, normaliseName } from './entry-names.ts';
import type { FileLimits } from './limits.ts';

/** An entry as the archive's directory tells of it. */
export interface ArchiveEntry {
  name: string;
  compressed: number;
  uncompressed: number;
  /** Of its local header. */
  offset: number;
  method: number;
  isEncrypted: boolean;
  /** Its Unix mode, where the archive was made there; else 0. */
  mode: number;
}

export type ArchiveFault =
  | NameFault
  | 'archive_encrypted'
  | 'archive_method'
  | 'archive_symlink'
  | 'archive_duplicate'
  | 'archive_overlap'
  | 'archive_too_many'
  | 'archive_too_large'
  | 'archive_bomb';

export type ArchivePlan<Entry extends ArchiveEntry> =
  | { kind: 'read'; files: ReadonlyMap<string, Entry>; litter: number }
  | { kind: 'refuse'; fault: ArchiveFault };

const fileType = 0o170000;
const symlink = 0o120000;
const stored = 0;
const deflated = 8;

/**
 * Decides from its directory alone whether an archive may be read. What the directory says of sizes is held against what
 * comes out while it is read.
 */
export function planArchive<Entry extends ArchiveEntry>(
  entries: readonly Entry[],
  archiveBytes: number,
  limits: FileLimits,
): ArchivePlan<Entry> {
  if (entries.length > limits.entries) return { kind: 'refuse', fault: 'archive_too_many' };
  const files = new Map<string, Entry>();
  let litter = 0;
  for (const entry of entries) {
    const name = normaliseName(entry.name);
    const fault = findNameFault(name, limits.depth) ?? findEntryFault(entry);
    if (fault !== undefined) return { kind: 'refuse', fault };
    if (name.endsWith('/')) continue;
    if (isLitter(name)) litter += 1;
    else if (files.has(name)) return { kind: 'refuse', fault: 'archive_duplicate' };
    else files.set(name, entry);
  }
  const fault = findSizeFault(entries, archiveBytes, limits);
  return fault === undefined ? { kind: 'read', files, litter } : { kind: 'refuse', fault };
}

function findEntryFault({ isEncrypted, mode, method }: ArchiveEntry): ArchiveFault | undefined {
  if (isEncrypted) return 'archive_encrypted';
  if ((mode & fileType) === symlink) return 'archive_symlink';
  return method === stored || method === deflated ? undefined : 'archive_method';
}

function findSizeFault(
  entries: readonly ArchiveEntry[],
  archiveBytes: number,
  limits: FileLimits,
): ArchiveFault | undefined {
  const total = entries.reduce((sum, { uncompressed }) => sum + uncompressed, 0);
  if (total > limits.uncompressed) return 'archive_too_large';
  if (total > limits.ratioFrom && total > archiveBytes * limits.ratio) return 'archive_bomb';
  // Entries that share their bytes make much out of little without any of them standing out.
  const inOrder = entries.toSorted((a, b) => a.offset - b.offset);
  const overlaps = inOrder.some(({ offset, compressed }, index) => {
    const next = inOrder[index + 1];
    return next !== undefined && offset + compressed > next.offset;
  });
  return overlaps ? 'archive_overlap' : undefined;
}
