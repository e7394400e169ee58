import { genericCsv } from '../../../connectors/generic-csv/index.ts';
import { oneRosterCsv } from '../../../connectors/oneroster-csv/index.ts';
import type { SourceRow } from '../../../contracts/connector.ts';
import { type Entity, entities } from '../../../contracts/roster.ts';
import { columnsOf, headerOf, type Version } from '../../../src/demo/sis/columns.ts';
import type { Rows } from '../../support/small-roster.ts';
import { type ZippedFile, zip } from '../../support/zip.ts';
import { uploadOf } from '../../sync/host/open-context.ts';
import type { BadSettings, Harness, SimulatedSource } from './harness.ts';

/** What every connector of files is given: a place to reach, with a secret that must stay one. */
const password = 'zyx-sftp-password';
const settings = { place: 'upload', password };

const badPlaces: readonly BadSettings[] = [
  {
    what: 'a folder where none is offered',
    change: { place: 'folder', path: 'x' },
    failure: 'settings',
    code: 'folder_not_offered',
  },
  { what: 'HTTPS without an address', change: { place: 'https' }, failure: 'settings', code: 'url_missing' },
  {
    what: 'an SFTP server inside the network',
    change: { place: 'sftp', host: '10.0.0.1', username: 'school', hostKey: `SHA256:${'a'.repeat(43)}` },
    failure: 'settings',
    code: 'outbound_address_refused',
  },
];

const earlierPlaces = [
  { place: 'upload', port: 22 },
  {
    place: 'sftp',
    host: 'sftp.example',
    port: 2222,
    username: 'u',
    password: 'p',
    hostKey: 'SHA256:x',
    path: '/out',
  },
  { place: 'https', url: 'https://sis.example/roster.zip', authorization: 'Bearer x', port: 22 },
];

/** A package that is written anew from its rows for every opening. */
function startPackage(
  rows: Rows,
  write: (rows: Rows) => ZippedFile[],
  isMade: (entity: Entity) => boolean,
): SimulatedSource {
  const held = structuredClone(rows);
  return {
    settings,
    secrets: [password],
    upload: () => uploadOf(zip(write(held))),
    ids: (entity) => (isMade(entity) ? undefined : (held[entity] ?? []).map(({ sourcedId }) => sourcedId)),
    put: (entity, row) => {
      held[entity] = [...(held[entity] ?? []).filter(({ sourcedId }) => sourcedId !== row.sourcedId), row];
    },
    remove: (entity, id) => {
      held[entity] = (held[entity] ?? []).filter(({ sourcedId }) => sourcedId !== id);
    },
    setTime: () => {},
    disturb: () => {},
  };
}

const line = (cells: readonly string[]) =>
  `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;

function writePackage(version: Version): (rows: Rows) => ZippedFile[] {
  return (rows) => {
    const present = entities.flatMap((entity) => {
      const columns = columnsOf(entity, version);
      return columns === undefined || rows[entity] === undefined
        ? []
        : [{ entity, columns, of: rows[entity] }];
    });
    const manifest = [
      ['propertyName', 'value'],
      ['manifest.version', '1.0'],
      ['oneroster.version', version],
      ...present.map(({ entity }) => [`file.${entity}`, 'bulk']),
    ];
    const files = present.map(({ entity, columns, of }) => ({
      name: `${entity}.csv`,
      bytes: [headerOf(columns), ...of.map((row) => cellsOf(row, columns, rows, entity))].map(line).join(''),
    }));
    return [{ name: 'manifest.csv', bytes: manifest.map(line).join('') }, ...files];
  };
}

/** status and dateLastModified are blank in bulk files (OneRoster 1.2 CSV §2). */
function cellsOf(
  { sourcedId, values }: SourceRow,
  columns: readonly string[],
  rows: Rows,
  entity: Entity,
): string[] {
  const roles = rows.roles?.filter(({ values: role }) => role.userSourcedId === sourcedId) ?? [];
  const older: Record<string, string | undefined> =
    entity === 'users'
      ? {
          role: roles[0]?.values.role,
          orgSourcedIds: roles.map((role) => role.values.orgSourcedId).join(','),
        }
      : {};
  return [sourcedId, '', '', ...columns.map((column) => values[column] ?? older[column] ?? '')];
}

function oneRosterHarness(version: Version): Harness {
  const write = writePackage(version);
  return {
    name: `oneroster-csv ${version}`,
    connector: oneRosterCsv,
    transport: 'files',
    entity: 'users',
    start: async (rows) => startPackage(rows, write, (entity) => entity === 'roles' && version === '1.1'),
    startLarge: async (count) => {
      const archive = zip(write({ orgs: [], users: manyUsers(count), roles: [] }));
      return { settings, upload: () => uploadOf(archive) };
    },
    badSettings: badPlaces,
    earlierSettings: earlierPlaces.map((place) => ({
      ...place,
      withoutManifest: 'bulk',
      lastLineMayLackEnd: false,
    })),
  };
}

/** A school's own lists, with its own names for columns. */
const mapping = [
  {
    entity: 'orgs',
    file: 'schools.csv',
    sourcedId: { from: 'No' },
    columns: { name: { from: 'School' }, type: { from: 'Kind' } },
  },
  {
    entity: 'users',
    file: 'people-*.csv',
    delimiter: 'semicolon',
    sourcedId: { from: 'Id' },
    columns: {
      enabledUser: { constant: 'true' },
      username: { from: 'Login' },
      givenName: { from: 'First' },
      familyName: { from: 'Last' },
      email: { from: 'Mail' },
    },
  },
];

function writeLists({ orgs = [], users = [] }: Rows): ZippedFile[] {
  const schools = orgs.map(({ sourcedId, values }) => [sourcedId, values.name ?? '', values.type ?? '']);
  const people = users.map(({ sourcedId, values }) =>
    [sourcedId, values.username, values.givenName, values.familyName, values.email].join(';'),
  );
  return [
    { name: 'schools.csv', bytes: [['No', 'School', 'Kind'], ...schools].map(line).join('') },
    {
      name: 'people-2026.csv',
      bytes: ['Id;Login;First;Last;Mail', ...people].map((text) => `${text}\r\n`).join(''),
    },
  ];
}

const genericHarness: Harness = {
  name: 'generic-csv',
  connector: genericCsv,
  transport: 'files',
  entity: 'users',
  start: async (rows) => {
    const source = startPackage(rows, writeLists, (entity) => entity !== 'orgs' && entity !== 'users');
    return { ...source, settings: { ...settings, files: mapping } };
  },
  startLarge: async (count) => {
    const archive = zip(writeLists({ users: manyUsers(count) }));
    return { settings: { ...settings, files: mapping }, upload: () => uploadOf(archive) };
  },
  badSettings: [
    ...badPlaces,
    {
      what: 'a mapping of a column that is not there',
      change: { files: [mapping[0], { ...mapping[1], sourcedId: { from: 'Number' } }] },
      failure: 'settings',
      code: 'mapping_unfit',
    },
  ],
  earlierSettings: earlierPlaces.map((place) => ({ ...place, files: mapping })),
};

function manyUsers(count: number): SourceRow[] {
  return Array.from({ length: count }, (_, index) => ({
    sourcedId: `user-${String(index).padStart(9, '0')}`,
    values: {
      enabledUser: 'true',
      username: `login-${index}`,
      givenName: 'Given',
      familyName: `Family ${index}`,
    },
  }));
}

export const csvHarnesses: readonly Harness[] = [
  oneRosterHarness('1.2'),
  oneRosterHarness('1.1'),
  genericHarness,
];
