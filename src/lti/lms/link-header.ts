/** One link: the address between angle brackets, and its parameters. */
const link = /<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^";,]*))*)/g;
const parameter = /;\s*([\w*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^";,]*)/g;
const longestHeader = 8_000;

/**
 * The address of the next page in a Link header (RFC 8288 §3); undefined where there is none. Typographic quotes around
 * the relation are taken, since Moodle writes them.
 *
 * @param base the address of this page, for relative references
 */
export function findNextPage(header: string | undefined, base: string): string | undefined {
  if (header === undefined || header.length > longestHeader) return undefined;
  for (const [, target = '', parameters = ''] of header.matchAll(link)) {
    const relation = [...parameters.matchAll(parameter)].find(
      ([, name]) => name?.toLowerCase() === 'rel',
    )?.[2];
    const relations = relation
      ?.replace(/[^\x20-\x7e]|"/g, '')
      .trim()
      .toLowerCase()
      .split(/\s+/);
    if (relations?.includes('next') !== true) continue;
    // Moodle escapes the address as if it stood in HTML.
    const unescaped = target.trim().replaceAll('&amp;', '&');
    return URL.canParse(unescaped, base) ? new URL(unescaped, base).href : undefined;
  }
  return undefined;
}
