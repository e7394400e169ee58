import { Buffer } from 'node:buffer';
import { type Entity, models } from '../../../contracts/roster.ts';
import { columnsOf, type Version } from './columns.ts';
import { type PackageFile, type PackageOptions, packageFiles } from './csv-package.ts';
import type { Rewrite } from './csv-text.ts';
import type { District } from './district.ts';

export const badPackageNames = [
  /** Half of the first school's people and enrollments are not there, as after an export that stopped. */
  'half_school_missing',
  /** A column that users need has another name. */
  'wrong_header',
  /** The enrollments end within a row. */
  'truncated',
  /** Every tenth user stands there twice. */
  'duplicate_ids',
  /** Everybody has a new sourcedId, as after a change of the student information system. */
  'all_ids_changed',
  /** The manifest promises users; there are none. */
  'users_absent',
  /** Users are a header and nothing else. */
  'users_empty',
] as const;
export type BadPackageName = (typeof badPackageNames)[number];

/** A package with one thing wrong that happens in real schools. */
export function badPackage(
  district: District,
  name: BadPackageName,
  options: Pick<PackageOptions, 'version' | 'entities'>,
): PackageFile[] {
  const { version } = options;
  const whole = (rewrite?: Rewrite) =>
    packageFiles(district, { ...options, mode: 'bulk', ...(rewrite && { rewrite }) });
  const withUsers = (change: (bytes: Buffer) => Buffer) => changeFile(whole(), 'users.csv', change);
  switch (name) {
    case 'half_school_missing':
      return whole(leaveOutHalf(district, version));
    case 'all_ids_changed':
      return whole(renameUsers(version));
    case 'wrong_header':
      return withUsers((bytes) => Buffer.from(bytes.toString().replace('givenName', 'firstName')));
    case 'duplicate_ids':
      return withUsers(repeatEveryTenth);
    case 'truncated':
      return changeFile(whole(), 'enrollments.csv', (bytes) => bytes.subarray(0, bytes.length - 25));
    case 'users_absent':
      return whole().filter((file) => file.name !== 'users.csv');
    case 'users_empty':
      return withUsers((bytes) => bytes.subarray(0, bytes.indexOf('\n') + 1));
  }
}

/** For packages that fit into memory. */
function changeFile(
  files: readonly PackageFile[],
  name: string,
  change: (bytes: Buffer) => Buffer,
): PackageFile[] {
  return files.map((file) => {
    if (file.name !== name) return file;
    return {
      name,
      bytes: async function* () {
        const chunks: Buffer[] = [];
        for await (const chunk of file.bytes()) chunks.push(chunk);
        yield change(Buffer.concat(chunks));
      },
    };
  });
}

function repeatEveryTenth(bytes: Buffer): Buffer {
  const [header = '', ...lines] = bytes.toString().trimEnd().split('\r\n');
  const twice = lines.flatMap((line, index) => (index % 10 === 0 ? [line, line] : [line]));
  return Buffer.from(`${[header, ...twice].join('\r\n')}\r\n`);
}

/** Leaves out every second user of the first school with all that hangs on them, so that nothing leads nowhere. */
function leaveOutHalf(district: District, version: Version): Rewrite {
  const school = firstSchool(district);
  const column = version === '1.1' ? 'orgSourcedIds' : 'primaryOrgSourcedId';
  const at = cellOf('users', column, version);
  const gone = new Set<string>();
  let seen = 0;
  for (const { cells } of district.slots('users', version)) {
    if (cells[at]?.split(',').includes(school) && seen++ % 2 === 0) gone.add(cells[0] ?? '');
  }
  return (entity, cells) => {
    if (entity === 'users') {
      if (gone.has(cells[0] ?? '')) return undefined;
      const agents = cellOf('users', 'agentSourcedIds', version);
      const left = (cells[agents] ?? '').split(',').filter((id) => !gone.has(id));
      return cells.with(agents, left.join(','));
    }
    const references = cellsTo('users', entity, version);
    const leadsNowhere = references.some((index) => gone.has(cells[index] ?? ''));
    return leadsNowhere || (entity === 'demographics' && gone.has(cells[0] ?? '')) ? undefined : cells;
  };
}

function firstSchool(district: District): string {
  for (const { cells } of district.slots('orgs', '1.2')) if (cells[2] === 'school') return cells[0] ?? '';
  throw new Error('The district has no school.');
}

function renameUsers(version: Version): Rewrite {
  const rename = (ids = '') =>
    ids
      .split(',')
      .map((id) => (id === '' ? '' : `new-${id}`))
      .join(',');
  return (entity, cells) => {
    const isPerson = entity === 'users' || entity === 'demographics';
    const places = [...(isPerson ? [0] : []), ...cellsTo('users', entity, version)];
    return cells.map((cell, index) => (places.includes(index) ? rename(cell) : cell));
  };
}

/** Where a row's cells name rows of another entity. */
function cellsTo(to: Entity, entity: Entity, version: Version): number[] {
  return models[entity].columns.flatMap(({ name, kind }) =>
    (kind.is === 'reference' || kind.is === 'references') && kind.to === to
      ? [cellOf(entity, name, version)]
      : [],
  );
}

function cellOf(entity: Entity, column: string, version: Version): number {
  return (columnsOf(entity, version) ?? []).indexOf(column) + 1;
}
