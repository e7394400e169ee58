/** Names that other bindings or vendors have for a column, bare of case and signs. */
const otherNames: Readonly<Record<string, string>> = {
  // OneRoster 1.2 REST says first and last where CSV says given and family.
  preferredfirstname: 'preferredGivenName',
  preferredlastname: 'preferredFamilyName',
  firstname: 'givenName',
  lastname: 'familyName',
  emailaddress: 'email',
  orgsourcedid: 'orgSourcedIds',
};

/**
 * The column that a misspelled name can only mean: in another case, with other signs between words, known by another name,
 * or with one letter wrong (two in long names).
 *
 * @param free columns that are not there under their own names
 */
export function findColumn(name: string, free: readonly string[]): string | undefined {
  const bare = bareOf(name);
  if (bare === '') return undefined;
  if (name.toLowerCase().startsWith('metadata.')) return `metadata.${name.slice('metadata.'.length)}`;
  const same =
    free.find((column) => bareOf(column) === bare) ?? free.find((column) => column === otherNames[bare]);
  if (same !== undefined || bare.length < 5) return same;
  const allowed = bare.length < 10 ? 1 : 2;
  const close = free.filter((column) => distance(bare, bareOf(column)) <= allowed);
  return close.length === 1 ? close[0] : undefined;
}

function bareOf(name: string): string {
  return name.toLowerCase().replace(/[\s_"“”„'’-]/g, '');
}

/** How many letters have to be changed, put in or left out. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
