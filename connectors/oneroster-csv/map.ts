import { isAdministrator, makeRoles, primaryOrgOf } from '../oneroster/made-roles.ts';
import { isMetadata } from './header-plan.ts';

/** What rows of a file become where they cannot be passed on as they are. */
export interface RowMap {
  /** Names of what `rewrite` gives, the line's number first. */
  readonly columns: readonly string[];
  rewrite(fields: readonly string[]): readonly (readonly string[])[];
}

/**
 * How the rows of a file become the model's; undefined: they are already.
 *
 * @param columns the file's, the line's number first
 */
export function mapColumns(columns: readonly string[]): RowMap | undefined {
  if (!columns.some(isMetadata)) return undefined;
  const own = columns.flatMap((name, index) => (isMetadata(name) ? [] : [index]));
  const extra = columns.flatMap((name, index) => (isMetadata(name) ? [index] : []));
  return {
    columns: [...own.map((index) => columns[index] as string), 'metadata'],
    rewrite: (fields) => [[...own.map((index) => fields[index] as string), gather(columns, extra, fields)]],
  };
}

/** Empty ones are left out: a row that has none looks as if the columns were not there. */
function gather(columns: readonly string[], extra: readonly number[], fields: readonly string[]): string {
  const present = extra.filter((index) => fields[index] !== '');
  if (present.length === 0) return '';
  const named = present.map((index) => [(columns[index] as string).slice('metadata.'.length), fields[index]]);
  return JSON.stringify(Object.fromEntries(named));
}

/** Users of 1.1 as they are in 1.2: their roles stand apart, and one org may be the primary one (1.2 CSV §4.13). */
export function mapUsers11(columns: readonly string[]): RowMap {
  const orgs = columns.indexOf('orgSourcedIds');
  const given = columns.indexOf('primaryOrgSourcedId');
  const left = columns.flatMap((name, index) => (isMovedAway(name) ? [] : [index]));
  const names = [...left.map((index) => columns[index] as string), 'primaryOrgSourcedId'];
  // Metadata stands last.
  const metadata = mapColumns(names);
  return {
    columns: metadata?.columns ?? names,
    rewrite: (fields) => {
      const primary = fields[given] || primaryOrgOf(splitList(fields[orgs])) || '';
      const user = [...left.map((index) => fields[index] as string), primary];
      return metadata?.rewrite(user) ?? [user];
    },
  };
}

function isMovedAway(name: string): boolean {
  return name === 'orgSourcedIds' || name === 'role' || name === 'primaryOrgSourcedId';
}

export const roleColumns = [
  ...['line', 'sourcedId', 'status', 'dateLastModified'],
  ...['userSourcedId', 'roleType', 'role', 'orgSourcedId'],
];

type Doubt =
  | 'administrator_doubtful'
  | 'administrator_undecided'
  | 'role_without_org'
  | 'orgs_too_many'
  | 'list_semicolons';

/** Nobody has a role at more: each makes a row, and a cell has room for half a million. */
const mostOrgs = 1_000;

/**
 * Roles out of users of 1.1. A delta rightly leaves out orgs that have not changed: what kind of administrator somebody is
 * there cannot be told, so that the role stays as a whole file has made it.
 *
 * @param mode of the users file
 * @param typeOf type of an org, where it is known
 * @param doubt is told the line of a user that an admin should look at
 */
export function mapRoles11(
  columns: readonly string[],
  mode: 'bulk' | 'delta',
  typeOf: (org: string) => string | undefined,
  doubt: (code: Doubt, line: number) => void,
): RowMap {
  const at = (name: string) => columns.indexOf(name);
  const [id, status, modified, role, orgs] = [
    at('sourcedId'),
    at('status'),
    at('dateLastModified'),
    at('role'),
    at('orgSourcedIds'),
  ];
  return {
    columns: roleColumns,
    rewrite: (fields) => {
      const line = fields[0] as string;
      const named = splitList(fields[orgs]);
      const held = named.slice(0, mostOrgs);
      if (named.length > mostOrgs) doubt('orgs_too_many', Number(line));
      if (hasSemicolons(fields[orgs])) doubt('list_semicolons', Number(line));
      if (held.length === 0) doubt('role_without_org', Number(line));
      const user = { sourcedId: fields[id] ?? '', role: fields[role]?.trim() };
      const isGone = fields[status]?.trim().toLowerCase() === 'tobedeleted';
      const needsType = mode === 'delta' && !isGone && isAdministrator(user.role);
      const told = needsType ? held.filter((org) => typeOf(org) !== undefined) : held;
      if (told.length < held.length) doubt('administrator_undecided', Number(line));
      const made = makeRoles({ ...user, orgs: told }, typeOf);
      if (made.doubt !== undefined) doubt(made.doubt, Number(line));
      return made.rows.map(({ sourcedId, values }) => [
        ...[line, sourcedId, fields[status] ?? '', fields[modified] ?? ''],
        ...['userSourcedId', 'roleType', 'role', 'orgSourcedId'].map((name) => values[name] ?? ''),
      ]);
    },
  };
}

/** sourcedIds of a cell, which are parted by commas (OneRoster 1.2 CSV §1.3). No sourcedId has a semicolon. */
function splitList(cell = ''): string[] {
  return cell
    .split(hasSemicolons(cell) ? ';' : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function hasSemicolons(cell = ''): boolean {
  return cell.includes(';') && !cell.includes(',');
}
