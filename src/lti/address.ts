/** Proxies in front of the hub refuse headers beyond a few thousand characters; a page sends what is longer. */
export const longestRedirect = 3_000;

/** Adds parameters to an address, which may have a query and a fragment of its own. */
export function withQuery(address: string, fields: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(fields).toString();
  const [place = '', ...fragment] = address.split(/(?=#)/);
  const joint = place.includes('?') ? (/[?&]$/.test(place) ? '' : '&') : '?';
  return [place, joint, query, ...fragment].join('');
}
