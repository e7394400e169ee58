/**
 * Where somebody goes after signing in or out: a path of this tenant's own pages, and nothing that a browser would read as
 * another site (`//evil`, a backslash, a control character, a scheme).
 *
 * @param given what came with the request; it may be anything
 * @returns the portal for whatever is no such path
 */
export function decideReturnTo(slug: string, given: unknown): string {
  const home = `/t/${slug}/portal`;
  if (typeof given !== 'string' || given.length > 2_000 || !/^[\x21-\x5b\x5d-\x7e]+$/.test(given))
    return home;
  if (!given.startsWith(`${home}/`) && !given.startsWith(`${home}?`)) return home;
  const base = 'https://hub.invalid';
  const url = URL.parse(given, base);
  // Dots may have led out of the portal.
  if (url === null || url.origin !== base) return home;
  if (url.pathname !== home && !url.pathname.startsWith(`${home}/`)) return home;
  return `${url.pathname}${url.search}`;
}
