import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import yauzl from 'yauzl';
import { type BadPackageName, badPackage, badPackageNames } from '../../../src/demo/sis/bad-packages.ts';
import { type PackageFile, packageFiles, writeFolder } from '../../../src/demo/sis/csv-package.ts';
import { createDistrict } from '../../../src/demo/sis/district.ts';
import { districtSizes } from '../../../src/demo/sis/sizes.ts';
import { zipStream } from '../../../src/demo/sis/zip.ts';
import { makeTestFolder } from '../../support/test-folder.ts';

const district = createDistrict({ seed: 7, size: districtSizes.tiny });
type Row = Record<string, string>;

async function textOf(files: readonly PackageFile[], name: string): Promise<string> {
  const file = files.find((one) => one.name === name);
  const chunks: Buffer[] = [];
  for await (const chunk of file?.bytes() ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function rowsOf(files: readonly PackageFile[], name: string): Promise<Row[]> {
  return parse(await textOf(files, name), { columns: true });
}

test('a 1.2 package has the binding’s columns in their order, blank status and time, and a manifest that fits', async () => {
  const files = packageFiles(district, { version: '1.2', mode: 'bulk' });
  const [header] = (await textOf(files, 'users.csv')).split('\r\n');
  expect(header).toBe(
    'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns',
  );
  const roles = await rowsOf(files, 'roles.csv');
  expect(roles[0]).toMatchObject({ status: '', dateLastModified: '', roleType: 'primary', role: 'student' });
  const manifest = new Map(
    (await rowsOf(files, 'manifest.csv')).map(({ propertyName, value }) => [propertyName, value]),
  );
  expect(manifest.get('oneroster.version')).toBe('1.2');
  expect(manifest.get('file.roles')).toBe('bulk');
  expect(manifest.get('file.demographics')).toBe('absent');
  expect(manifest.get('file.userProfiles')).toBe('absent');
});

test('a 1.1 package has roles and schools with the users', async () => {
  const files = packageFiles(district, { version: '1.1', mode: 'bulk' });
  expect(files.map(({ name }) => name)).not.toContain('roles.csv');
  const users = await rowsOf(files, 'users.csv');
  expect(Object.keys(users[0] ?? {})).toEqual(
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password'.split(
      ',',
    ),
  );
  expect(new Set(users.map(({ role }) => role))).toEqual(
    new Set(['student', 'teacher', 'administrator', 'guardian']),
  );
  expect(users.some(({ orgSourcedIds }) => orgSourcedIds === 'sch-101,sch-102')).toBe(true);
});

test('cells with commas and quotes come back as they were', async () => {
  const size = { ...districtSizes.demo };
  const files = packageFiles(createDistrict({ seed: 7, size }), { version: '1.2', mode: 'bulk' });
  const classes = await rowsOf(files, 'classes.csv');
  expect(classes.some(({ location }) => location?.startsWith('"Hangar" '))).toBe(true);
  expect(classes.some(({ termSourcedIds }) => termSourcedIds === 'sem-2027-1,sem-2027-2')).toBe(true);
});

test('a delta holds what differs and says of each row how and when', async () => {
  const night = district.changed(0.3, 2);
  const files = packageFiles(night, { version: '1.2', mode: 'delta' });
  const users = await rowsOf(files, 'users.csv');
  expect(users.map(({ sourcedId, status }) => [sourcedId, status])).toEqual(
    [...night.delta('users')].map(({ sourcedId, status }) => [sourcedId, status]),
  );
  expect(new Set(users.map(({ status }) => status))).toEqual(new Set(['active', 'tobedeleted']));
  expect(users[0]?.dateLastModified).toBe('2026-08-05T05:30:00.000Z');
  expect(await textOf(files, 'manifest.csv')).toContain('file.users,delta');
});

test.each([0, 1])('a ZIP at level %i holds the same files as the folder', async (level) => {
  const folder = path.join(await makeTestFolder(), `package-${level}`);
  const files = packageFiles(district, { version: '1.2', mode: 'bulk' });
  await writeFolder(files, folder);
  const archive = await buffer(zipStream(files, { level }));
  const zip = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(archive, {
    lazyEntries: true,
  });
  const names: string[] = [];
  zip.on('entry', async (entry: yauzl.Entry) => {
    names.push(entry.fileName);
    const stream = await promisify(zip.openReadStream.bind(zip))(entry);
    expect(await buffer(stream as NodeJS.ReadableStream)).toEqual(
      await readFile(path.join(folder, entry.fileName)),
    );
    zip.readEntry();
  });
  zip.readEntry();
  await once(zip, 'end');
  expect(names.sort()).toEqual((await readdir(folder)).sort());
});

test('an archive of more files than 65,535 is one of ZIP64', async () => {
  const files = Array.from({ length: 65_600 }, (_, index) => ({ name: `${index}.csv`, bytes: () => [] }));
  const archive = await buffer(zipStream(files, { level: 0 }));
  const zip = await promisify<Buffer, yauzl.ZipFile>(yauzl.fromBuffer)(archive);
  expect(zip.entryCount).toBe(65_600);
});

test('the same package makes the same bytes', async () => {
  const zip = () => buffer(zipStream(packageFiles(district, { version: '1.2', mode: 'bulk' })));
  expect(await zip()).toEqual(await zip());
});

const good = packageFiles(district, { version: '1.2', mode: 'bulk' });
const bad = (name: BadPackageName) => badPackage(district, name, { version: '1.2' });

test.each(badPackageNames)('%s differs from the good package', async (name) => {
  const text = async (files: readonly PackageFile[]) =>
    Promise.all(files.map(async (file) => [file.name, await textOf(files, file.name)]));
  expect(await text(bad(name))).not.toEqual(await text(good));
});

test('with half a school missing nothing else is wrong: what is left refers to what is left', async () => {
  const files = bad('half_school_missing');
  const [before, users] = [await rowsOf(good, 'users.csv'), await rowsOf(files, 'users.csv')];
  const at = (rows: Row[], school: string) => rows.filter((row) => row.primaryOrgSourcedId === school).length;
  expect(at(users, 'sch-101')).toBe(Math.floor(at(before, 'sch-101') / 2));
  expect(at(users, 'sch-102')).toBe(at(before, 'sch-102'));
  const ids = new Set(users.map(({ sourcedId }) => sourcedId));
  const named = [
    ...(await rowsOf(files, 'enrollments.csv')).map(({ userSourcedId }) => userSourcedId),
    ...(await rowsOf(files, 'roles.csv')).map(({ userSourcedId }) => userSourcedId),
    ...users.flatMap(({ agentSourcedIds = '' }) => agentSourcedIds.split(',').filter(Boolean)),
  ];
  expect(named.filter((id) => !ids.has(id ?? ''))).toEqual([]);
});

test('with all ids changed the same people are there under other ids, and their enrollments follow', async () => {
  const users = await rowsOf(bad('all_ids_changed'), 'users.csv');
  const before = await rowsOf(good, 'users.csv');
  expect(users.map(({ username }) => username)).toEqual(before.map(({ username }) => username));
  expect(users.every(({ sourcedId }) => sourcedId?.startsWith('new-'))).toBe(true);
  const enrollments = await rowsOf(bad('all_ids_changed'), 'enrollments.csv');
  expect(enrollments.every(({ userSourcedId }) => userSourcedId?.startsWith('new-'))).toBe(true);
});

test('a truncated file ends within a row', async () => {
  expect(await textOf(bad('truncated'), 'enrollments.csv')).not.toMatch(/\n$/);
});
