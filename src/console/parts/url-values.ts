/** The query of the page's address, all of it text: what a table shows is held there, so that it can be sent on. */
export type UrlValues = Readonly<Record<string, string | undefined>>;

/** The values in the query of an address; empty ones say nothing. */
export function readQuery(query: string): UrlValues {
  return Object.fromEntries([...new URLSearchParams(query)].filter(([, value]) => value !== ''));
}

/** The query of an address with the values, or nothing where there are none. */
export function writeQuery(values: UrlValues): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** What tells pages of a list apart: any other change begins at the first page again. */
const places = ['after', 'before', 'page'];

/** The values after a change; those that are empty are taken out. */
export function planUrlChange(now: UrlValues, change: UrlValues): UrlValues {
  const turns = Object.keys(change).some((name) => places.includes(name));
  const kept = Object.entries(now).filter(([name]) => turns || !places.includes(name));
  const all = Object.entries({ ...Object.fromEntries(kept), ...change });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== ''));
}

/** The value, if it is one of those that are known. */
export function oneOf<const Known extends string>(
  known: readonly Known[],
  value: string | undefined,
): Known | undefined {
  return known.find((each) => each === value);
}

/** How a table is sorted, as its page's address says; where that says nothing known, by the first, ascending. */
export function sortOf<Sort extends string>(
  sorts: readonly [Sort, ...Sort[]],
  { sort, order }: UrlValues,
): { sort: Sort; order: 'asc' | 'desc' } {
  return { sort: oneOf(sorts, sort) ?? sorts[0], order: order === 'desc' ? 'desc' : 'asc' };
}
