import { expect, test } from 'vitest';
import { csv, headers, manifest } from '../../connectors/oneroster-csv/packages.ts';
import { createTestDatabase } from '../../support/database.ts';
import { smallRoster } from '../engine/world.ts';
import { createPackageWorld, headerOf, type Package, packageOf, table } from './package-world.ts';

const database = await createTestDatabase();
const whole = () => packageOf(smallRoster());
const { orgs } = smallRoster();

/** What is found in a package as a new source's first: all of it, in words. */
let schools = 0;
async function found(given: Package, settings: Record<string, unknown> = {}) {
  const world = await createPackageWorld(database, `files-${++schools}`, { settings });
  const { said, run, findings } = await world.bring(given);
  for (const { happened, advice } of findings) expect(`${happened} ${advice}`).toMatch(/^[A-Z].*[.]$/);
  return { said, run };
}

test('a package in order has no finding', async () => {
  expect(await found(whole())).toMatchObject({ said: [], run: { state: 'applied' } });
});

test('a manifest that is missing, nested or there twice', async () => {
  const { 'manifest.csv': manifestFile = '', ...rest } = whole();
  expect((await found(rest)).said).toEqual(['manifest_missing repaired manifest.csv']);
  const nested = Object.entries(whole()).map(([name, bytes]) => [`export/${name}`, bytes]);
  expect((await found(Object.fromEntries(nested))).said).toEqual([
    'folder_nested repaired export/academicSessions.csv',
  ]);
  const twice = await found({ ...whole(), 'old/manifest.csv': manifestFile });
  expect(twice.said).toEqual(['file_duplicate error old/manifest.csv']);
  // Nobody knows which of the two counts, so that nothing may be removed.
  expect(twice.run).toMatchObject({ state: 'held', reason: 'entity_unsealed' });
});

test('modes of the manifest that contradict what is there, are blank, or are none', async () => {
  const stated = { orgs: 'absent', users: 'bulk', roles: '', courses: 'full' };
  const { said } = await found({
    'manifest.csv': manifest('1.2', stated),
    'orgs.csv': table('orgs', orgs),
    'roles.csv': table('roles', []),
    'courses.csv': table('courses', []),
  });
  expect(said).toEqual([
    'manifest_mode_unknown repaired manifest.csv#file.courses',
    'manifest_contradicts_file error orgs.csv',
    'manifest_mode_blank repaired courses.csv',
    'file_missing error users.csv',
    'manifest_mode_blank repaired roles.csv',
    'entity_empty warning',
    'entity_empty warning',
  ]);
});

test('files of no standard, in the wrong case, or there in two cases', async () => {
  const { 'orgs.csv': orgsFile = '', ...rest } = whole();
  const { said } = await found({
    ...rest,
    'ORGS.CSV': orgsFile,
    'Orgs.csv': orgsFile,
    'staff.csv': 'x',
  });
  expect(said.sort()).toEqual([
    'file_duplicate error Orgs.csv',
    'file_name_case repaired ORGS.CSV',
    'file_unknown warning staff.csv',
  ]);
});

test('UTF-16, Windows-1252, NUL, semicolons and stray quotes are mended, each at its line', async () => {
  const line = (id: string, name: string) => `${id},,,${name},school,,`;
  const utf16 = Buffer.from(`\ufeff${whole()['courses.csv']}`, 'utf16le');
  const semicolons = csv('sep=;', headerOf('academicSessions').replaceAll(',', ';'));
  const odd = Buffer.concat([
    Buffer.from(csv(headers.orgs, line('d1', 'District'), line('s1', 'North'), line('s2', 'South'))),
    Buffer.from(csv(line('s3', 'Écôle')), 'latin1'),
    Buffer.from(csv(line('s4', 'Ea\0st'), line('s5', 'The "Old" one'), line('s6', 'Tw\ro'))),
  ]);
  const { said } = await found({
    ...whole(),
    'orgs.csv': odd,
    'courses.csv': utf16,
    'academicSessions.csv': semicolons,
  });
  expect(said).toEqual(
    expect.arrayContaining([
      'invalid_utf8 repaired orgs.csv:5',
      'nul_bytes repaired orgs.csv:6',
      'stray_quote repaired orgs.csv:7',
      'stray_carriage_return repaired orgs.csv:8',
      'encoding_utf16 repaired courses.csv',
      'wrong_delimiter repaired academicSessions.csv:1',
    ]),
  );
});

test('ragged rows, quotes never closed, a last row that was cut, and empty files lose what they hold, no more', async () => {
  const line = (id: string) => `${id},,,Name,school,,`;
  const { said, run } = await found({
    ...whole(),
    'orgs.csv': csv(headers.orgs, line('d1'), 's1,,,Name,school', `${line('s2')},`, `${line('s3')},x`),
    'courses.csv': csv(headerOf('courses'), 'c1,,,,"Algebra,,,s1,,', 'c2,,,,Biology,,,s1,,'),
    'categories.csv': csv(headerOf('categories'), 'g1,,,Homework,').slice(0, -9),
    'academicSessions.csv': '',
  });
  expect(said).toEqual(
    expect.arrayContaining([
      'ragged_row error orgs.csv:3',
      'ragged_row error orgs.csv:4',
      'ragged_row error orgs.csv:5',
      'unbalanced_quote error courses.csv:2',
      'last_line_unended warning categories.csv:2',
      'empty_file error academicSessions.csv',
      'too_many_bad_rows error orgs.csv',
    ]),
  );
  expect(run).toMatchObject({ state: 'held', reason: 'entity_unsealed' });
});

test('headers: missing, without a needed column, duplicate, misspelled, reordered, of the other version, too long', async () => {
  const cells = (names: string, rows: Record<string, string>[]) =>
    csv(
      names,
      ...rows.map((row) =>
        names
          .split(',')
          .map((name) => row[name] ?? '')
          .join(','),
      ),
    );
  const { said } = await found({
    ...whole(),
    'orgs.csv': csv('d1,,,District,district,,'),
    'academicSessions.csv': cells(headerOf('academicSessions').replace('schoolYear', 'year'), []),
    'users.csv': cells(
      headerOf('users')
        .replace('preferredGivenName', 'prefferedGivenName')
        .replace('middleName', 'familyName')
        .replace('sms,phone', 'phone,sms')
        .replace('pronouns', 'shoeSize,orgSourcedIds'),
      [],
    ),
    'courses.csv': `${Array.from({ length: 30_000 }, (_, i) => `c${i}`).join(',')}\r\n`,
  });
  expect(said).toEqual(
    expect.arrayContaining([
      'header_missing error orgs.csv:1',
      'required_column_missing error academicSessions.csv:1#schoolYear',
      'column_unknown warning academicSessions.csv:1#year',
      'column_misspelled repaired users.csv:1#prefferedGivenName',
      'column_duplicate repaired users.csv:1#familyName',
      'column_order repaired users.csv:1',
      'column_missing warning users.csv:1#middleName',
      'column_unknown warning users.csv:1#shoeSize',
      'column_of_other_version repaired users.csv:1#orgSourcedIds',
      'header_too_long error courses.csv',
    ]),
  );
});

test('an export as a spreadsheet writes it comes in, each oddity told once', async () => {
  // Byte order mark, sep=, semicolons, trailing columns, all caps, status filled in, days with slashes, no manifest modes.
  const names = headerOf('users').split(',');
  const sheet = (rows: Record<string, string>[]) =>
    `\ufeff${csv(
      'sep=;',
      `${names.map((name) => name.toUpperCase()).join(';')};;`,
      ...rows.map((row) => `${names.map((name) => row[name] ?? '').join(';')};;`),
    )}`;
  const person = (sourcedId: string) => ({
    ...{ sourcedId, status: 'active', dateLastModified: '1/05/2026 12:00' },
    ...{ enabledUser: 'TRUE', username: sourcedId, givenName: 'Ada', familyName: 'Ito', grades: '9' },
  });
  const given = {
    'manifest.csv': manifest('1.2', { orgs: '', users: '' }),
    'orgs.csv': table('orgs', orgs),
    'users.csv': sheet([person('u1'), person('u2')]),
  };
  const { said, run } = await found(given, { withoutManifest: 'bulk' });
  expect(said.filter((line) => !line.startsWith('column_misspelled'))).toEqual([
    'manifest_mode_blank repaired orgs.csv',
    'manifest_mode_blank repaired users.csv',
    'wrong_delimiter repaired users.csv:1',
    'extra_empty_fields repaired users.csv:1',
    'status_in_bulk repaired users.csv#status',
    'status_in_bulk repaired users.csv#dateLastModified',
    'moment_unreadable warning users.csv:3#dateLastModified u1',
    'moment_unreadable warning users.csv:4#dateLastModified u2',
    'grade_digit repaired users.csv:3#grades u1',
    'grade_digit repaired users.csv:4#grades u2',
    'boolean_format repaired users.csv:3#enabledUser u1',
    'boolean_format repaired users.csv:4#enabledUser u2',
  ]);
  expect(run).toMatchObject({ state: 'applied', applied: { created: 5 } });
  // Unless somebody says so, rows like those of changes make no whole file.
  const doubtful = await found(given);
  expect(doubtful.said).toContain('mode_doubtful warning users.csv');
  expect(doubtful.run).toMatchObject({ state: 'held', reason: 'entity_unsealed' });
});

test('a file that is no table of ours is not read as one, whatever word of its first row is a column by chance', async () => {
  const { said } = await found({
    'manifest.csv': manifest('1.2', { users: 'bulk' }),
    'users.csv': csv('900,Amara,Grade,"Okafor,email",amara@example.org', '901,Ben,Phone,Orr,x'),
  });
  expect(said).toEqual(['header_missing error users.csv:1']);
});

test('a header whose quote is never closed takes no row along', async () => {
  const { said } = await found({
    'manifest.csv': manifest('1.2', { orgs: 'bulk' }),
    'orgs.csv': csv(`"${headers.orgs}`, 's1,,,"North",school,,'),
  });
  expect(said).toEqual(['column_misspelled repaired orgs.csv:1#"sourcedId']);
});

test('who stands in a row that cannot be read is not taken for gone, and all else flows', async () => {
  const { bring } = await createPackageWorld(database, 'unread');
  const people = (givenName: string) =>
    Array.from({ length: 1_100 }, (_, i) => ({
      ...{ sourcedId: `p${i}`, enabledUser: 'true', username: `n${i}`, familyName: 'Diaz' },
      givenName: i === 8 ? givenName : 'Cleo',
    }));
  const given = (name: string) =>
    packageOf({ ...smallRoster(), users: [...smallRoster().users, ...people(name)] });
  await bring(given('Cleo'));
  const whole = String(given('Clea')['users.csv']);
  const cut = whole.replace(/^(p7,.*),(\r?)$/m, '$1$2');
  const { run, said } = await bring({ ...given('Clea'), 'users.csv': cut });
  expect(said).toEqual([expect.stringMatching(/^ragged_row error users.csv/)]);
  expect(run).toMatchObject({
    ...{ state: 'held', reason: 'rows_unread', applied: { changed: 1, removed: 0 } },
    holds: [{ code: 'rows_unread', entity: 'users', count: 1, allowed: 0 }],
  });
});
