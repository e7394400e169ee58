import type { DirectoryClient, SearchRequest } from './client.ts';
import type { DirectoryEntry } from './entry.ts';
import { DirectoryError } from './failure.ts';
import { allOf, anyOf, anything, equals, equalsInChain } from './filter.ts';
import { siblingSid } from './object-guid.ts';
import type { DirectorySettings, GroupSettings } from './settings.ts';

type SearchedGroups = Extract<GroupSettings, { from: 'search' }>;

/** A group, by the name that rules of a tenant mean it by. */
export interface DirectoryGroup {
  readonly dn: string;
  readonly name: string;
}

const mostGroups = 2000;
const mostMembers = 200_000;
/** Groups in groups in groups; deeper is a mistake or a circle. */
const mostLevels = 12;
/** Names in one filter: servers limit its length. */
const namesAtOnce = 50;

/** The names of the groups somebody belongs to, also by way of other groups where the settings say so. @throws DirectoryError */
export async function findGroupNames(
  client: DirectoryClient,
  settings: DirectorySettings,
  person: DirectoryEntry,
): Promise<string[]> {
  const { groups } = settings;
  if (groups.from === 'nowhere') return [];
  if (groups.from === 'entry') return readAll(client, person, groups.attribute);
  const found = settings.kind === 'ad' ? findInChain(client, groups, person) : climb(client, groups, person);
  return (await found).map(({ name }) => name);
}

/** All groups below the base of the groups, for choosing among them. @throws DirectoryError */
export async function listGroups(
  client: DirectoryClient,
  settings: DirectorySettings,
): Promise<DirectoryGroup[]> {
  const { groups } = settings;
  if (groups.from !== 'search') return [];
  const filter =
    settings.kind === 'ad'
      ? equals('objectClass', 'group')
      : anyOf(
          ['groupOfNames', 'groupOfUniqueNames', 'posixGroup'].map((name) => equals('objectClass', name)),
        );
  return search(client, groups, { filter });
}

/** The DNs, or other values, of a group's direct members. @throws DirectoryError */
export async function listMembers(
  client: DirectoryClient,
  settings: DirectorySettings,
  groupDn: string,
): Promise<string[]> {
  const { groups } = settings;
  if (groups.from !== 'search') return [];
  const attributes = [groups.memberAttribute];
  const request = { base: groupDn, scope: 'base' as const, filter: anything(), attributes };
  const [group] = await client.searchFew(request, 1);
  return group === undefined ? [] : readAll(client, group, groups.memberAttribute);
}

/** Active Directory follows groups in groups itself, but for the primary group, which names no members. */
async function findInChain(
  client: DirectoryClient,
  groups: SearchedGroups,
  person: DirectoryEntry,
): Promise<DirectoryGroup[]> {
  const ofMember = (dn: string) =>
    groups.nested ? equalsInChain(groups.memberAttribute, dn) : equals(groups.memberAttribute, dn);
  const found = await search(client, groups, { filter: ofMember(person.dn) });
  const sid = person.bytes('objectSid');
  const primarySid = sid && siblingSid(sid, Number(person.text('primaryGroupID') ?? Number.NaN));
  if (primarySid === undefined) return found;
  const primary = await search(client, groups, { filter: equals('objectSid', primarySid) });
  const above = groups.nested
    ? await Promise.all(primary.map(({ dn }) => search(client, groups, { filter: ofMember(dn) })))
    : [];
  return withoutRepeats([...found, ...primary, ...above.flat()]);
}

/** Elsewhere one level after the other; a group that was seen is not asked again, so that circles end. */
async function climb(
  client: DirectoryClient,
  groups: SearchedGroups,
  person: DirectoryEntry,
): Promise<DirectoryGroup[]> {
  const { memberAttribute, memberValue, nested } = groups;
  const seen = new Map<string, DirectoryGroup>();
  let members = memberValue === 'dn' ? [person.dn] : [...person.texts(memberValue)];
  for (let level = 0; members.length > 0 && level < mostLevels; level += 1) {
    const fresh: DirectoryGroup[] = [];
    for (let first = 0; first < members.length; first += namesAtOnce) {
      const some = members.slice(first, first + namesAtOnce);
      const filter = anyOf(some.map((member) => equals(memberAttribute, member)));
      for (const group of await search(client, groups, { filter })) {
        if (seen.has(group.dn)) continue;
        seen.set(group.dn, group);
        fresh.push(group);
      }
    }
    if (seen.size > mostGroups) throw new DirectoryError('search_limit');
    // Groups that hold names instead of DNs hold no groups.
    members = nested && memberValue === 'dn' ? fresh.map(({ dn }) => dn) : [];
  }
  return [...seen.values()];
}

async function search(
  client: DirectoryClient,
  groups: SearchedGroups,
  { filter }: Pick<SearchRequest, 'filter'>,
): Promise<DirectoryGroup[]> {
  const { base, nameAttribute } = groups;
  const attributes = [nameAttribute ?? '1.1'];
  const request = { base, scope: 'sub' as const, filter: allOf([filter]), attributes };
  const found = await client.searchAll(request, mostGroups);
  return found.flatMap((entry) => {
    const name = nameAttribute === undefined ? entry.dn : entry.text(nameAttribute);
    return name === undefined ? [] : [{ dn: entry.dn, name }];
  });
}

/** All values of an attribute, also where the directory gives them in parts (MS-ADTS 3.1.1.3.1.3.3). */
async function readAll(client: DirectoryClient, entry: DirectoryEntry, attribute: string): Promise<string[]> {
  const values = [...entry.texts(attribute)];
  let part = entry.range(attribute);
  while (part !== undefined) {
    values.push(...part.values);
    if (part.next === undefined) break;
    if (values.length > mostMembers || part.values.length === 0) throw new DirectoryError('search_limit');
    const attributes = [`${attribute};range=${part.next}-*`];
    const request = { base: entry.dn, scope: 'base' as const, filter: anything(), attributes };
    const [more] = await client.searchFew(request, 1);
    part = more?.range(attribute);
  }
  return values;
}

function withoutRepeats(groups: readonly DirectoryGroup[]): DirectoryGroup[] {
  return [...new Map(groups.map((group) => [group.dn, group])).values()];
}
