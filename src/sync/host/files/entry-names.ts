/** What is wrong with a file's name in an archive or a folder; undefined: nothing. */
export type NameFault =
  | 'archive_name_empty'
  | 'archive_path_absolute'
  | 'archive_path_leads_out'
  | 'archive_nested';

/** The one form of a name in which it is compared and opened: with forward slashes. */
export function normaliseName(name: string): string {
  return name.replaceAll('\\', '/').normalize('NFC');
}

/** Judges a normalised name. */
export function findNameFault(name: string, depth: number): NameFault | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these very characters are looked for
  if (name === '' || /[\u0000-\u001f\u007f]/.test(name)) return 'archive_name_empty';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'archive_path_absolute';
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '..' || part === '.' || part === '')) return 'archive_path_leads_out';
  return parts.length > depth ? 'archive_nested' : undefined;
}

/** What file managers leave behind in archives and folders: no data. */
export function isLitter(name: string): boolean {
  const last = name.replace(/\/$/, '').split('/').at(-1) ?? '';
  return (
    name.startsWith('__MACOSX/') ||
    last.startsWith('._') ||
    /^(\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(last)
  );
}
