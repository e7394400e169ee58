import { expect, test } from 'vitest';
import { checkFiles, discoverSchools } from '../../../connectors/generic-csv/client.ts';
import { settings } from '../../../connectors/generic-csv/settings.ts';
import { secretNames } from '../../../contracts/connector.ts';
import { type MemoryFiles, memoryContext } from '../csv/memory-files.ts';
import { classes, enrollments, orgs, read, sections, settingsOf } from './packages.ts';

const check = (mappings: readonly object[], files: MemoryFiles) =>
  checkFiles(memoryContext(settingsOf(mappings), files));

test('rows are made of the columns that the mapping names, and sealed', async () => {
  const { rows, findings, seal } = await read([orgs, classes], { 'sections.csv': sections }, 'classes');
  expect(rows[0]).toEqual({
    line: '2',
    sourcedId: 'North.20.High-BIO-1',
    title: 'BIO / 1',
    classType: 'scheduled',
    courseSourcedId: 'BIO',
    schoolSourcedId: 'school-North.20.High',
    termSourcedIds: 'term.20.1,term.20.2',
    grades: '9,10',
  });
  expect(findings).toEqual([]);
  expect(seal).toEqual({ kind: 'seal', expected: 3, state: undefined });
});

test('a row that a file repeats is taken once, and is referred to by the same sourcedId', async () => {
  const files = { 'sections.csv': sections };
  const { rows, seal } = await read([orgs], files, 'orgs');
  expect(rows.map(({ line, sourcedId, name }) => [line, sourcedId, name])).toEqual([
    ['2', 'school-North.20.High', 'North High'],
    ['4', 'school-South', 'South'],
  ]);
  expect(seal).toMatchObject({ expected: 2 });
  const referred = await read([classes], files, 'classes');
  expect(new Set(referred.rows.map((row) => row.schoolSourcedId))).toEqual(
    new Set(rows.map((row) => row.sourcedId)),
  );
});

test('constants are made into sourcedIds as columns are', async () => {
  const files = { 'roster-1.csv': 'class,person,role,begin\nc1,p1,s,1.9.2026\n' };
  const { rows } = await read([enrollments], files, 'enrollments');
  expect(rows).toMatchObject([
    { schoolSourcedId: 'school-North.20.High', role: 'student', beginDate: '2026-09-01' },
  ]);
});

test('of files whose names fit a pattern the last is read', async () => {
  const files = {
    'out/roster-2026-08-01.csv': 'class,person,role,begin\nold,p1,S,\n',
    'out/Roster-2026-08-02.csv': 'class,person,role,begin\nnew,p1,S,\n',
    'out/roster-2026-08-03.txt': 'x',
  };
  const named = { ...files, 'out/roster-2026-08-04.csv': 'class,person,role,begin\nnewest,p1,S,\n' };
  expect((await read([enrollments], named, 'enrollments')).rows).toMatchObject([
    { classSourcedId: 'newest' },
  ]);
});

test('values and dates that do not fit are told by line and column, never by what they are', async () => {
  const files = { 'roster-1.csv': 'class,person,role,begin\nc1,p1,X,31.2.2026\nc1,p2,T,2.9.2026\n' };
  const { rows, findings, seal } = await read([enrollments], files, 'enrollments');
  expect(rows.map(({ role, beginDate }) => [role, beginDate])).toEqual([
    ['', '31.2.2026'],
    ['teacher', '2026-09-02'],
  ]);
  expect(findings).toEqual(['mapped_value_unknown@2#role', 'mapped_date_unreadable@2#begin']);
  expect(seal).toBeDefined();
});

test('rows may be chosen by the values of a column', async () => {
  const teachers = { ...enrollments, only: { ROLE: ['t'] } };
  const files = { 'roster-1.csv': 'class,person,role,begin\nc1,p1,S,\nc1,p2,T,\n' };
  expect((await read([teachers], files, 'enrollments')).rows).toMatchObject([
    { line: '3', userSourcedId: 'p2' },
  ]);
});

test('a row without a sourcedId is left out, told, and the file not sealed', async () => {
  const files = { 'roster-1.csv': 'class,person,role,begin\n , ,S,\nc1,p2,T,\n' };
  const { rows, findings, seal } = await read([enrollments], files, 'enrollments');
  expect(rows).toHaveLength(1);
  expect(findings).toEqual(['sourced_id_empty@2']);
  expect(seal).toBeUndefined();
});

test('rows of commas, as spreadsheets leave behind the last one, are told and leave the file whole', async () => {
  const files = { 'roster-1.csv': 'class,person,role,begin\nc1,p2,T,\n,,,\n , ,,\n' };
  const { rows, findings, seal } = await read([enrollments], files, 'enrollments');
  expect(rows).toHaveLength(1);
  expect(findings).toEqual(['row_blank@3', 'row_blank@4']);
  expect(seal).toMatchObject({ expected: 1 });
});

test('an entity in several files is sealed only where all of them are there and whole', async () => {
  const staff = { ...enrollments, file: 'staff.csv' };
  const header = 'class,person,role,begin\n';
  const students = { 'roster-1.csv': `${header}c1,p1,S,\n` };
  const both = await read(
    [enrollments, staff],
    { ...students, 'staff.csv': `${header}c1,p2,T,\n` },
    'enrollments',
  );
  expect(both).toMatchObject({ parts: ['roster-1.csv', 'staff.csv'], seal: { expected: 2 } });
  const one = await read([enrollments, staff], students, 'enrollments');
  expect(one).toMatchObject({ codes: ['file_missing'], seal: undefined });
  expect(one.rows).toHaveLength(1);
  const cut = await read(
    [enrollments, staff],
    { ...students, 'staff.csv': `${header}c1,p2,T` },
    'enrollments',
  );
  expect(cut).toMatchObject({ seal: undefined });
});

test('delimiter and encoding are those that the mapping names', async () => {
  const text = Buffer.from('School|Course|Section|Terms|Grades\nÉcole|BIO|1|1|9\n', 'latin1');
  const mapping = { ...orgs, delimiter: 'pipe', encoding: 'windows-1252' };
  const { rows, findings } = await read([mapping], { 'sections.csv': text }, 'orgs');
  expect(rows).toMatchObject([{ name: 'École', sourcedId: 'school-.c9.cole' }]);
  expect(findings).toEqual([]);
});

test('a check names the columns that a file does not have', async () => {
  const opening = check([classes], { 'sections.csv': 'School,Course,Terms\n' });
  await expect(opening).rejects.toMatchObject({
    ...{ failure: 'settings', code: 'mapping_unfit' },
    message: expect.stringContaining('no column "Section", "Grades"'),
  });
  const { findings, rows, seal } = await read(
    [classes],
    { 'sections.csv': 'School,Course,Terms\nA,B,C\n' },
    'classes',
  );
  expect({ findings, rows, seal }).toEqual({
    ...{ rows: [], seal: undefined },
    findings: ['mapped_column_missing@1#Section', 'mapped_column_missing@1#Grades'],
  });
});

test('a check names what the model does not have, and what it cannot do without', async () => {
  const files = { 'sections.csv': sections };
  const strange = { ...orgs, columns: { ...orgs.columns, nmae: { from: 'School' } } };
  await expect(check([strange], files)).rejects.toMatchObject({
    ...{ code: 'mapping_column_unknown', message: expect.stringContaining('"nmae"') },
  });
  const lacking = { ...orgs, columns: { name: { from: 'School' } } };
  await expect(check([lacking], files)).rejects.toMatchObject({
    ...{ code: 'mapping_incomplete', message: expect.stringContaining('lacks type') },
  });
});

test('a check tells of files that are missing or empty', async () => {
  await expect(check([orgs], {})).rejects.toMatchObject({
    failure: 'source_missing',
    code: 'mapped_file_missing',
  });
  await expect(check([orgs], { 'sections.csv': '' })).rejects.toMatchObject({ code: 'mapped_file_empty' });
  expect(await check([orgs, classes], { 'sections.csv': sections })).toMatchObject({
    entities: ['orgs', 'classes'],
  });
});

test('the schools are those of the orgs', async () => {
  const context = memoryContext(settingsOf([orgs]), { 'sections.csv': sections });
  expect(await discoverSchools(context)).toEqual({
    schools: [
      { sourcedId: 'school-North.20.High', name: 'North High' },
      { sourcedId: 'school-South', name: 'South' },
    ],
  });
});

test('what opens a place is secret', () => {
  expect(secretNames(settings).sort()).toEqual(['authorization', 'password', 'privateKey']);
});
