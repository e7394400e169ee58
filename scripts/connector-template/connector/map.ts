import type { SourceRow } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';

/** Canonical columns, and what the source calls them, by entity. Names of columns: `contracts/roster.ts`. */
const members = {
  orgs: { name: 'name', type: 'kind', identifier: 'code', parentSourcedId: 'parentId' },
  users: {
    enabledUser: 'isActive',
    username: 'login',
    givenName: 'firstName',
    familyName: 'lastName',
    email: 'mail',
    grades: 'years',
    primaryOrgSourcedId: 'schoolId',
  },
} as const satisfies Partial<Record<Entity, Readonly<Record<string, string>>>>;

/** What the source has: collections bear the entities' names. */
export const collections = Object.keys(members) as (keyof typeof members)[];

/** A record of the source. */
export type SourceRecord = Readonly<Record<string, unknown>> & { readonly id: string };

/** One record as a row of the roster. Pure: no call, no clock. */
export function mapRow(entity: Entity, record: SourceRecord): SourceRow {
  const names: Readonly<Record<string, string>> =
    entity in members ? members[entity as keyof typeof members] : {};
  const values = Object.entries(names).map(([column, member]) => [column, toText(record[member])] as const);
  return {
    sourcedId: record.id,
    dateLastModified: toText(record.updatedAt),
    values: Object.fromEntries(values.filter(([, value]) => value !== undefined)),
  };
}

/** Everything travels as text; lists are joined by commas, and what is not said is absent. */
function toText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(toText).join(',');
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
