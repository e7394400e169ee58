/** A file as a folder lists it. */
export interface ListedFile {
  name: string;
  bytes: number;
  /** Unix milliseconds. */
  modifiedAt: number;
}

/** What of a folder is read. */
export type FolderChoice<File extends ListedFile> =
  | { kind: 'archive'; file: File; others: readonly File[] }
  | { kind: 'files'; files: readonly File[] }
  | { kind: 'empty' };

/**
 * Decides what a folder offers: its files; or, where nothing but archives lies there, the newest of them, since many
 * systems write one a night under a new name.
 */
export function decideFolder<File extends ListedFile>(listed: readonly File[]): FolderChoice<File> {
  const isArchive = ({ name }: ListedFile) => name.toLowerCase().endsWith('.zip');
  const archives = listed.filter(isArchive);
  const [newest, ...others] = archives.toSorted(
    (a, b) => b.modifiedAt - a.modifiedAt || (a.name < b.name ? 1 : -1),
  );
  if (newest !== undefined && archives.length === listed.length)
    return { kind: 'archive', file: newest, others };
  const files = listed.filter((file) => !isArchive(file));
  return files.length === 0 ? { kind: 'empty' } : { kind: 'files', files };
}
