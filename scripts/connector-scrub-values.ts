import { type Connector, secretNames } from '../contracts/connector.ts';
import { type Column, type Entity, models } from '../contracts/roster.ts';
import type { Recording } from './connector-recording.ts';

/** What a recording must not keep, and what of it may stay. */
export interface KnownValues {
  /** Of secret settings and whatever the source has handed out in place of them. */
  secrets: ReadonlySet<string>;
  /** Values of personal columns that can be told from ordinary words. */
  personal: ReadonlySet<string>;
  /** Values of other columns: names of schools and classes, codes, kinds. */
  allowed: ReadonlySet<string>;
  /** sourcedIds; many systems take a student's number for it. In their order, which replaced ones keep. */
  ids: readonly string[];
}

/** Members whose value is personal by name alone, in small letters: the columns' names, and the REST binding's. */
export const personalNames: ReadonlySet<string> = new Set(
  [
    ...Object.values(models).flatMap(({ columns }) => columns.filter(isPersonal).map(({ name }) => name)),
    // OneRoster 1.2 REST §5: other names than in CSV; and what no roster should hold, but some do.
    ...[
      'preferredFirstName',
      'preferredLastName',
      'password',
      'firstName',
      'lastName',
      'fullName',
      'displayName',
    ],
    ...[
      'surname',
      'forename',
      'login',
      'mail',
      'mobile',
      'address',
      'street',
      'photo',
      'ssn',
      'birthday',
      'dob',
    ],
  ].map((name) => name.toLowerCase()),
);

/** Members of answers that are secrets by name (RFC 6749 §5.1). */
export const secretMembers: ReadonlySet<string> = new Set([
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
]);

/** Words of the model itself. */
const vocabulary: readonly string[] = Object.values(models).flatMap(({ entity, columns }) => [
  entity,
  ...columns.flatMap((column) =>
    column.kind.is === 'oneOf' && !isPersonal(column) ? column.kind.values : [],
  ),
]);

/** Members that the model names: whoever is called like a part of one, Isla or Grade, is not named by it. */
export const modelMembers: ReadonlySet<string> = new Set(
  Object.values(models).flatMap(({ entity, columns }) => [entity, ...columns.map(({ name }) => name)]),
);

/** Shorter ones are parts of other words. */
const shortest = 3;

/** Collects, from what the connector made of the answers, which values are whose. */
export function knowValues(
  connector: Connector,
  settings: Readonly<Record<string, unknown>>,
  recording: Recording,
): KnownValues {
  const secrets = new Set<string>();
  for (const name of secretNames(connector.settings)) {
    const value = settings[name];
    // A key of `id:secret` is told by either half.
    if (typeof value === 'string')
      for (const part of [value, ...value.split(':')]) if (part.length >= shortest) secrets.add(part);
  }
  for (const { body } of recording.exchanges) for (const token of findTokens(body)) secrets.add(token);
  const personal = new Set<string>();
  const allowed = new Set<string>(vocabulary);
  const ids = new Set<string>();
  for (const { entity, row } of recording.rows) {
    ids.add(row.sourcedId);
    for (const [name, value] of Object.entries(row.values)) {
      if (value === undefined || value === '') continue;
      const column = columnOf(entity, name);
      if (column !== undefined && refers(column)) for (const id of value.split(',')) ids.add(id);
      else if (column === undefined || isPersonal(column))
        for (const part of wordsOf(value, column)) personal.add(part);
      else for (const part of [value, ...value.split(',')]) allowed.add(part);
    }
  }
  return { secrets, personal, allowed, ids: [...ids].sort() };
}

function columnOf(entity: Entity, name: string): Column | undefined {
  return models[entity].columns.find((column) => column.name === name);
}

function isPersonal({ kind }: Column): boolean {
  return 'personal' in kind && kind.personal === true;
}

function refers({ kind }: Column): boolean {
  return kind.is === 'reference' || kind.is === 'references';
}

/** The value, and its words: a class called after its teacher holds one of them. Flags and kinds are nobody's alone. */
function wordsOf(value: string, column: Column | undefined): string[] {
  if (column?.kind.is === 'boolean' || column?.kind.is === 'oneOf') return [];
  return [value, ...value.split(/[\s,;:{}]+/)].filter((word) => word.length >= shortest);
}

function findTokens(body: string): string[] {
  const names = [...secretMembers].join('|');
  return [...body.matchAll(new RegExp(`"(?:${names})"\\s*:\\s*"([^"]+)"`, 'g'))].flatMap(
    ([, token]) => token ?? [],
  );
}
