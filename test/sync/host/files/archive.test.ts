import { expect, test } from 'vitest';
import { FindingLog } from '../../../../connectors/csv/finding-log.ts';
import { openCsv } from '../../../../connectors/csv/open-csv.ts';
import type { FileLimits } from '../../../../src/sync/host/files/limits.ts';
import { fileLimits } from '../../../../src/sync/host/files/limits.ts';
import { type ZippedFile, zip } from '../../../support/zip.ts';
import { failureOf, openContext, readAll, uploadOf } from '../open-context.ts';

function open(bytes: Buffer | string, limits: Partial<FileLimits> = {}, name?: string) {
  const { context } = openContext({ upload: uploadOf(bytes, name), limits: { ...fileLimits, ...limits } });
  return context.files.open({ kind: 'upload' });
}

const refused = (files: ZippedFile[], limits?: Partial<FileLimits>) => failureOf(open(zip(files), limits));

test('the files of an archive are listed and read, deflated, stored and with ZIP64 sizes', async () => {
  const long = 'a1,Amara\n'.repeat(100_000);
  const files = await open(
    zip([
      { name: 'orgs.csv', bytes: 'o1,North\n', stored: true },
      { name: 'deep/users.csv', bytes: long },
      { name: 'classes.csv', bytes: 'c1\n', zip64: true },
      { name: 'empty.csv', bytes: '' },
    ]),
  );
  expect(files.entries.map(({ name, bytes }) => `${name} ${bytes}`)).toEqual([
    'orgs.csv 9',
    'deep/users.csv 900000',
    'classes.csv 3',
    'empty.csv 0',
  ]);
  const texts = files.entries.map(async ({ name }) => (await readAll(files.read(name))).toString());
  expect(await Promise.all(texts)).toEqual(['o1,North\n', long, 'c1\n', '']);
});

/** As large as files that are inflated in a thread of their own; every line is another one. */
const district = Array.from({ length: 900_000 }, (_none, line) => `e${line},class-${line % 977},user\n`).join(
  '',
);

test('a large file is read as it is, by two readers at once too', async () => {
  const files = await open(zip([{ name: 'enrollments.csv', bytes: district }]));
  const read = async () => (await readAll(files.read('enrollments.csv'))).equals(Buffer.from(district));
  expect(await Promise.all([read(), read()])).toEqual([true, true]);
});

/** Channels to threads, among others. */
const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

test('a large file that is left in its midst leaves no thread behind, and can be read again', async () => {
  const before = threads();
  const files = await open(zip([{ name: 'enrollments.csv', bytes: district }]));
  for await (const piece of files.read('enrollments.csv')) {
    expect(piece.length).toBeGreaterThan(0);
    expect(threads()).toBeGreaterThan(before);
    break;
  }
  expect(threads()).toBe(before);
  expect((await readAll(files.read('enrollments.csv'))).length).toBe(district.length);

  // One that is neither read on nor left ends with the archive.
  const forgotten = files.read('enrollments.csv')[Symbol.asyncIterator]();
  await forgotten.next();
  expect(threads()).toBeGreaterThan(before);
  await files.close();
  await expect.poll(threads).toBe(before);
  await expect(readAll(files.read('enrollments.csv'))).rejects.toThrow();
});

test('whoever stops at the first record of a large file leaves no thread behind', async () => {
  const before = threads();
  const files = await open(zip([{ name: 'enrollments.csv', bytes: `sourcedId,class,role\n${district}` }]));
  const file = { name: 'enrollments.csv', bytes: 0, read: () => files.read('enrollments.csv') };
  const csv = await openCsv(file, new FindingLog('enrollments.csv'));
  expect(csv?.header.names).toEqual(['sourcedId', 'class', 'role']);
  for await (const records of csv!.records(Uint8Array.of(1, 1, 1))) {
    expect(records.length).toBeGreaterThan(0);
    break;
  }
  expect(threads()).toBe(before);
});

test('a large file whose bytes are spoiled, or end too early, is damaged', async () => {
  const whole = zip([{ name: 'enrollments.csv', bytes: district }]);
  const spoiled = Buffer.from(whole);
  spoiled.fill(0xff, 1_000_000, 1_000_100);
  const read = async (bytes: Buffer) => readAll((await open(bytes)).read('enrollments.csv'));
  expect(await failureOf(read(spoiled))).toBe('source_missing: archive_damaged');
  const claims = { uncompressed: district.length + 1 };
  const longer = zip([{ name: 'enrollments.csv', bytes: district, claims }]);
  expect(await failureOf(read(longer))).toBe('source_missing: archive_damaged');
  const shorter = zip([{ name: 'enrollments.csv', bytes: district, claims: { uncompressed: 20_000_000 } }]);
  expect(await failureOf(read(shorter))).toBe('files_unsafe: archive_bomb');
});

test('a file that is no archive stands for itself', async () => {
  const files = await open('sourcedId\n1\n', {}, '../C:\\people.csv');
  expect(files.entries).toEqual([{ name: 'people.csv', bytes: 12 }]);
  expect((await readAll(files.read('people.csv'))).toString()).toBe('sourcedId\n1\n');
});

test('what file managers leave behind is left out, and said', async () => {
  const files = await open(
    zip([
      { name: 'orgs.csv', bytes: 'x' },
      { name: '__MACOSX/._orgs.csv', bytes: 'x' },
      { name: '.DS_Store', bytes: 'x' },
    ]),
  );
  expect(files.entries.map(({ name }) => name)).toEqual(['orgs.csv']);
  expect(files.findings).toEqual([{ code: 'file_left_out', severity: 'repaired', count: 2 }]);
});

test('archives with paths that lead elsewhere are refused', async () => {
  const withName = (name: string) => refused([{ name, bytes: 'x' }]);
  expect(await withName('../users.csv')).toBe('files_unsafe: archive_path_leads_out');
  expect(await withName('a/../../users.csv')).toBe('files_unsafe: archive_path_leads_out');
  expect(await withName('..\\users.csv')).toBe('files_unsafe: archive_path_leads_out');
  expect(await withName('/etc/users.csv')).toBe('files_unsafe: archive_path_absolute');
  expect(await withName('C:\\users.csv')).toBe('files_unsafe: archive_path_absolute');
  expect(await withName('users\u0000.csv')).toBe('files_unsafe: archive_name_empty');
  expect(await withName('a/b/c/d/users.csv')).toBe('files_unsafe: archive_nested');
  expect(await refused([{ name: 'users.csv', bytes: '/etc/passwd', mode: 0o120777 }])).toBe(
    'files_unsafe: archive_symlink',
  );
});

test('archives that cannot be meant are refused', async () => {
  const file = { name: 'users.csv', bytes: 'x' };
  expect(await refused([file, file])).toBe('files_unsafe: archive_duplicate');
  expect(await refused([{ ...file, claims: { flags: 1 } }])).toBe('files_unsafe: archive_encrypted');
  expect(await refused([{ ...file, claims: { method: 12 } }])).toBe('files_unsafe: archive_method');
  const many = Array.from({ length: 20 }, (_, index) => ({ name: `${index}.csv`, bytes: 'x' }));
  expect(await refused(many, { entries: 10 })).toBe('files_unsafe: archive_too_many');
});

test('a bomb that says what it is, is refused before it is read', async () => {
  const bomb = { name: 'users.csv', bytes: Buffer.alloc(4 * 1024 * 1024) };
  expect(await refused([bomb], { ratioFrom: 1024 * 1024 })).toBe('files_unsafe: archive_bomb');
  expect(await refused([bomb], { uncompressed: 1024 * 1024 })).toBe('files_unsafe: archive_too_large');
  expect(await refused([bomb, { name: 'more.csv', bytes: '', sharesBytes: true }])).toBe(
    'files_unsafe: archive_overlap',
  );
});

test('a bomb that lies about its size is refused while it is read, before more comes out than was said', async () => {
  const files = await open(
    zip([{ name: 'users.csv', bytes: Buffer.alloc(8 * 1024 * 1024), claims: { uncompressed: 600_000 } }]),
  );
  let bytes = 0;
  const read = (async () => {
    for await (const chunk of files.read('users.csv')) bytes += chunk.length;
  })();
  expect(await failureOf(read)).toBe('files_unsafe: archive_bomb');
  expect(bytes).toBeLessThanOrEqual(600_000);
});

test('an archive that is not whole is told from one that attacks', async () => {
  const whole = zip([{ name: 'users.csv', bytes: 'a1,Amara\n'.repeat(1_000), stored: true }]);
  expect(await failureOf(open(whole.subarray(0, whole.length - 10)))).toBe('source_missing: archive_damaged');
  const changed = Buffer.from(whole);
  changed.write('X', 60);
  const files = await open(changed);
  expect(await failureOf(readAll(files.read('users.csv')))).toBe('source_missing: archive_damaged');
  const short = await open(zip([{ name: 'users.csv', bytes: 'x', claims: { uncompressed: 5 } }]));
  expect(await failureOf(readAll(short.read('users.csv')))).toBe('source_missing: archive_damaged');
});

test('an upload that is not whole, or larger than allowed, is refused', async () => {
  const cut = { ...uploadOf('abc'), bytes: 4 };
  expect(await failureOf(openContext({ upload: cut }).context.files.open({ kind: 'upload' }))).toBe(
    'source_missing: upload_incomplete',
  );
  expect(await failureOf(open('abcdef', { download: 3 }))).toBe('files_unsafe: files_too_large');
  expect(await failureOf(openContext().context.files.open({ kind: 'upload' }))).toBe(
    'settings: upload_missing',
  );
});

test('a package that is handed over is never passed over for files from elsewhere', async () => {
  const { context } = openContext({ upload: uploadOf('abc') });
  const elsewhere = [
    { kind: 'folder', path: '' },
    { kind: 'https', url: 'https://sis.example/export.zip', headers: undefined },
  ] as const;
  for (const place of elsewhere) {
    expect(await failureOf(context.files.open(place))).toBe('settings: upload_not_read');
  }
});

test('after the end of a run nothing of it can be read', async () => {
  const { context } = openContext({
    upload: uploadOf(zip([{ name: 'a.csv', bytes: 'x'.repeat(2_000_000), stored: true }])),
  });
  const files = await context.files.open({ kind: 'upload' });
  const reading = files.read('a.csv')[Symbol.asyncIterator]();
  await reading.next();
  await context.close();
  await expect(reading.next()).rejects.toThrow();
});
