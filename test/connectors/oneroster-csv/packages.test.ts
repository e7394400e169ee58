import { expect, test } from 'vitest';
import { checkPackage, discoverSchools, readEntity } from '../../../connectors/oneroster-csv/client.ts';
import { settings } from '../../../connectors/oneroster-csv/settings.ts';
import { type MemoryFiles, memoryContext } from '../csv/memory-files.ts';
import { csv, headers, manifest, orgs, read, users11, users12 } from './packages.ts';

const bulk = {
  'manifest.csv': manifest('1.2', { orgs: 'bulk', users: 'bulk' }),
  'orgs.csv': orgs,
  'users.csv': users12,
};
const context = (files: MemoryFiles) => memoryContext(settings.parse({}), files);

test('a bulk file is passed on as it is, each row with its line, and sealed with their number', async () => {
  const { columns, text, findings, seal } = await read(bulk, 'orgs');
  expect(columns).toEqual(['line', ...headers.orgs.split(',')]);
  expect(text).toBe(
    '2,d,,,District,district,,\n3,s1,,,"North, School",school,17,d\n4,s2,,,South,school,,d\n',
  );
  expect(findings).toEqual([]);
  expect(seal).toEqual({ kind: 'seal', expected: 3, state: undefined });
});

test('two full reads are equal', async () => {
  expect(await read(bulk, 'users')).toEqual(await read(bulk, 'users'));
});

test('passwords are never passed on, and their presence is told', async () => {
  for (const files of [bulk, { 'orgs.csv': orgs, 'users.csv': users11 }]) {
    const { columns, text, findings } = await read(files, 'users');
    expect(columns).not.toContain('password');
    expect(text).not.toContain('hunter2');
    expect(findings).toContain('password_dropped#password');
  }
});

test('a package is opened once for all that a run reads', async () => {
  const one = context(bulk);
  await checkPackage(one);
  await discoverSchools(one);
  expect(one.files.opened).toBe(1);
});

test('a check names the source and what it has', async () => {
  expect(await checkPackage(context(bulk))).toEqual({
    source: 'OneRoster CSV 1.2 from Test SIS',
    entities: ['orgs', 'users'],
    warnings: [],
  });
  expect(await checkPackage(context({ 'users.csv': users11 }))).toMatchObject({
    source: 'OneRoster CSV 1.1',
    entities: ['users', 'roles'],
    warnings: [expect.stringContaining('no manifest.csv')],
  });
});

test('what is no package is refused with advice, and asked for again only where another may come', async () => {
  const refusal = (files: MemoryFiles, place: 'upload' | 'folder' = 'upload') =>
    checkPackage(memoryContext(settings.parse({ place, path: 'x' }), files)).catch(
      ({ failure, code }) => `${failure}: ${code}`,
    );
  const photos = { 'holiday.jpg': 'x', 'students.csv': 'a,b\n' };
  expect(await refusal(photos)).toBe('settings: package_unrecognised');
  expect(await refusal(photos, 'folder')).toBe('answer_invalid: package_unrecognised');
  expect(await refusal({})).toBe('settings: package_unrecognised');
  expect(await refusal({ 'roster.zip': 'PK' })).toBe('settings: package_holds_archive');
  expect(await refusal({ 'xl/workbook.xml': '', '[Content_Types].xml': '' })).toBe(
    'settings: package_is_workbook',
  );
});

test('settings that lack what their place needs are refused with advice', async () => {
  const lacking = memoryContext(
    settings.parse({ place: 'sftp', host: 'sis.example', username: 'hub' }),
    bulk,
  );
  await expect(checkPackage(lacking)).rejects.toMatchObject({
    failure: 'settings',
    code: 'password_missing',
  });
});

test('the schools are those of the orgs', async () => {
  expect(await discoverSchools(context(bulk))).toEqual({
    schools: [
      { sourcedId: 's1', name: 'North, School' },
      { sourcedId: 's2', name: 'South' },
    ],
  });
});

test('without a manifest files are what the settings say', async () => {
  const files = { 'orgs.csv': orgs };
  const whole = await read(files, 'orgs');
  expect(whole.findings).toEqual(['manifest_missing']);
  expect(whole.seal).toBeDefined();
  const changes = await read(files, 'orgs', { settings: { withoutManifest: 'delta' } });
  // Without its status a row of a delta means nothing; but the column is there.
  expect(changes.codes).toContain('package_is_delta');
  expect(changes.seal).toBeUndefined();
});

test('where nobody says that a file is whole, and every row looks like a change, nothing counts as missing', async () => {
  const row = (id: string, status = 'active', date = '2026-08-20T00:00:00.000Z') =>
    `${id},${status},${date},South,school,,`;
  const brought = (lines: string[], mode = '', options: Parameters<typeof read>[2] = {}) =>
    read(
      { 'manifest.csv': manifest('1.2', { orgs: mode }), 'orgs.csv': csv(headers.orgs, ...lines) },
      'orgs',
      options,
    );
  const changes = [row('s1'), row('s2')];
  const doubtful = await brought(changes);
  expect(doubtful).toMatchObject({ rows: [{}, {}], seal: undefined });
  expect(doubtful.codes).toContain('mode_doubtful');
  const sealed = [
    await brought([...changes, row('s3', '', '')]),
    await brought([row('s1', 'active', '')]),
    await brought([]),
    await brought(changes, 'bulk'),
    await brought(changes, '', { settings: { withoutManifest: 'bulk' } }),
  ];
  for (const { seal, codes } of sealed) {
    expect(seal).toBeDefined();
    expect(codes).not.toContain('mode_doubtful');
  }
  const unlisted = await read({ 'orgs.csv': csv(headers.orgs, ...changes) }, 'orgs');
  expect(unlisted).toMatchObject({
    codes: ['manifest_missing', 'status_in_bulk', 'status_in_bulk', 'mode_doubtful'],
    seal: undefined,
  });
});

test('blank and unknown modes are mended, and told', async () => {
  const files = { ...bulk, 'manifest.csv': manifest('1.2', { orgs: '', users: 'full' }) };
  expect(await read(files, 'orgs')).toMatchObject({
    findings: ['manifest_mode_unknown#file.users', 'manifest_mode_blank'],
    seal: { expected: 3 },
  });
  expect((await read(files, 'users')).codes).toEqual(['manifest_mode_blank', 'password_dropped']);
});

test('a manifest without a header, with a property twice, of no known version is understood as far as it goes', async () => {
  const lines = csv(
    'manifest.version,1.0',
    'OneRoster.Version,9',
    'FILE.orgs,BULK',
    'file.orgs,absent',
    'file.users,bulk',
  );
  const { findings, seal } = await read({ ...bulk, 'manifest.csv': lines }, 'orgs');
  expect(findings).toEqual([
    'manifest_header_missing',
    'manifest_property_duplicate#file.orgs',
    'version_unknown#oneroster.version',
  ]);
  expect(seal).toBeDefined();
});

test('a file that the manifest calls absent is not read', async () => {
  const files = { ...bulk, 'manifest.csv': manifest('1.2', { orgs: 'bulk', users: 'absent' }) };
  expect(await read(files, 'users')).toMatchObject({
    rows: [],
    codes: ['manifest_contradicts_file'],
    seal: undefined,
  });
});

test('a file that the manifest promises and that is not there is told, and nothing counts as missing', async () => {
  const files = { 'manifest.csv': bulk['manifest.csv'], 'orgs.csv': orgs };
  expect(await read(files, 'users')).toMatchObject({ rows: [], codes: ['file_missing'], seal: undefined });
  expect(await read(files, 'courses')).toMatchObject({ rows: [], codes: [], seal: undefined });
});

test('files in one folder, in the wrong case and of no standard are sorted out', async () => {
  const files = {
    'export/Manifest.csv': bulk['manifest.csv'],
    'export/ORGS.CSV': orgs,
    'export/notes.txt': 'x',
    'export/scoreScales.csv': 'x',
    'export/users.csv': users12,
  };
  const { parts, findings, seal } = await read(files, 'orgs');
  expect(parts).toContain('export/ORGS.CSV');
  expect(findings.sort()).toEqual(['file_name_case', 'file_name_case', 'file_unknown', 'folder_nested']);
  expect(seal).toBeDefined();
});

test('of a file that is there twice the one at the top is read, and nothing counts as missing', async () => {
  const twice = {
    ...bulk,
    'old/orgs.csv': csv(headers.orgs, 'x,,,Old,school,,'),
    'Orgs.csv': csv(headers.orgs),
  };
  const { rows, codes, seal } = await read(twice, 'orgs');
  expect(rows).toHaveLength(3);
  expect(codes).toEqual(['file_duplicate', 'file_duplicate']);
  expect(seal).toBeUndefined();
  expect((await read(twice, 'users')).seal).toBeDefined();
  expect((await read({ ...bulk, 'old/manifest.csv': '' }, 'users')).seal).toBeUndefined();
});

test('a file that is cut is not sealed, whether at its place or on its way', async () => {
  const atRest = { ...bulk, 'orgs.csv': orgs.slice(0, -4) };
  expect(await read(atRest, 'orgs')).toMatchObject({
    seal: undefined,
    codes: ['ragged_row', 'last_line_unended', 'too_many_bad_rows'],
  });
  for (let cutAt = 0; cutAt < orgs.length; cutAt++) {
    const onItsWay = { ...bulk, 'orgs.csv': { bytes: Buffer.from(orgs), cutAt, piece: 16 } };
    expect((await read(onItsWay, 'orgs')).seal).toBeUndefined();
  }
});

test('a file whose rows nobody has taken is not sealed', async () => {
  const one = context(bulk);
  const kinds: string[] = [];
  for await (const item of readEntity(one, {
    entity: 'orgs',
    mode: 'full',
    state: undefined,
    resumes: false,
  })) {
    kinds.push(item.kind);
  }
  expect(kinds).toEqual(['raw']);
});

test('an empty file is told and not sealed; a header alone is a file without rows', async () => {
  expect(await read({ ...bulk, 'users.csv': '' }, 'users')).toMatchObject({
    codes: ['empty_file'],
    seal: undefined,
  });
  expect(await read({ ...bulk, 'users.csv': csv(headers.users12) }, 'users')).toMatchObject({
    seal: { expected: 0 },
  });
});

const day = (date: number) => Date.UTC(2026, 7, date);
const delta = {
  'manifest.csv': manifest('1.2', { orgs: 'delta', users: 'absent' }),
  'orgs.csv': csv(headers.orgs, 's2,tobedeleted,2026-08-20T00:00:00.000Z,South,school,,d'),
};

test('a delta gives its rows with their status, and leaves its time for the next', async () => {
  const { rows, seal, codes } = await read(delta, 'orgs', { mode: 'delta', modifiedAt: day(20) });
  expect(rows).toMatchObject([{ sourcedId: 's2', status: 'tobedeleted' }]);
  expect(codes).toEqual([]);
  expect(seal).toEqual({ kind: 'seal', expected: 1, state: '2026-08-20T00:00:00.000Z' });
});

test('a delta in a full run is read, and nothing counts as missing; a whole in a run of changes is told', async () => {
  expect(await read(delta, 'orgs')).toMatchObject({ codes: ['package_is_delta'], seal: undefined });
  expect(await read(bulk, 'orgs', { mode: 'delta' })).toMatchObject({
    codes: ['package_is_bulk'],
    seal: { expected: 3 },
  });
});

test('a delta without status is not read', async () => {
  const files = { ...delta, 'orgs.csv': csv('sourcedId,dateLastModified,name,type', 's2,,South,school') };
  const { rows, findings } = await read(files, 'orgs', { mode: 'delta' });
  expect(rows).toEqual([]);
  expect(findings).toContain('required_column_missing@1#status');
});

test('a status in a whole file is told, by how many rows have it, and deletes as it says', async () => {
  const files = {
    ...bulk,
    'orgs.csv': csv(
      headers.orgs,
      's1,active,,North,school,,',
      's2,tobedeleted,,South,school,,',
      's3,,,East,school,,',
    ),
  };
  const { rows, findings } = await read(files, 'orgs');
  expect(findings).toEqual(['status_in_bulk#status']);
  expect(rows.map(({ status }) => status)).toEqual(['active', 'tobedeleted', '']);
  const changes = { ...files, 'manifest.csv': manifest('1.2', { orgs: 'delta' }) };
  expect((await read(changes, 'orgs', { mode: 'delta' })).codes).toEqual([]);
});

test('columns without a name are told, and whether they held something', async () => {
  const wide = (cell: string) => ({
    'manifest.csv': manifest('1.2', { orgs: 'bulk' }),
    'orgs.csv': csv(`${headers.orgs},,`, `s1,,,North,school,,,,${cell}`),
  });
  const empty = await read(wide(''), 'orgs');
  expect(empty).toMatchObject({ findings: ['extra_empty_fields@1'], seal: { expected: 1 } });
  expect((await read(wide('x'), 'orgs')).findings).toEqual(['extra_empty_fields@1', 'column_unknown']);
});

test('people in place of a manifest are not repeated in what is said of it', async () => {
  const people = csv('Amara,Okafor', 'Amara,Orr', 'file.users,bulk', 'file.users,bulk');
  const { findings } = await read({ ...bulk, 'manifest.csv': people }, 'orgs');
  expect(findings).toContain('manifest_property_duplicate#file.users');
  expect(JSON.stringify(findings)).not.toContain('Amara');
});
