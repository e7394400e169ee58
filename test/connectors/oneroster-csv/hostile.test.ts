import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { FindingLog } from '../../../connectors/csv/finding-log.ts';
import { openCsv } from '../../../connectors/csv/open-csv.ts';
import { checkPackage, readEntity } from '../../../connectors/oneroster-csv/client.ts';
import { settings } from '../../../connectors/oneroster-csv/settings.ts';
import { type ZippedFile, zip } from '../../support/zip.ts';
import { failureOf, openContext, uploadOf } from '../../sync/host/open-context.ts';
import { drain, request, scan } from '../csv/memory-files.ts';
import { csv, headers, manifest, orgs, read } from './packages.ts';

/** A package by way of the real host. */
function open(bytes: Buffer) {
  const { context } = openContext({ upload: uploadOf(bytes) });
  return { ...context, settings: settings.parse({}) };
}

const ofOrgs: ZippedFile[] = [
  { name: 'manifest.csv', bytes: manifest('1.2', { orgs: 'bulk' }) },
  { name: 'orgs.csv', bytes: orgs },
];
const withOrgs = (more: Partial<ZippedFile>) => zip([{ ...ofOrgs[0]! }, { ...ofOrgs[1]!, ...more }]);

const refused: [what: string, archive: () => Buffer, failure: string][] = [
  ['an empty archive', () => zip([]), 'settings: package_unrecognised'],
  [
    'an archive within the archive',
    () => zip([{ name: 'export.zip', bytes: zip(ofOrgs) }]),
    'settings: package_holds_archive',
  ],
  [
    'an Excel workbook',
    () => zip([{ name: 'xl/workbook.xml', bytes: '<x/>' }]),
    'settings: package_is_workbook',
  ],
  ['no archive at all', () => randomBytes(5_000), 'settings: package_unrecognised'],
  ['nothing', () => Buffer.alloc(0), 'settings: package_unrecognised'],
  ['an archive that is cut', () => zip(ofOrgs).subarray(0, 200), 'source_missing: archive_damaged'],
  [
    'a beginning of an archive and noise',
    () => Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(5_000)]),
    'source_missing: archive_damaged',
  ],
  ['a path that leads out', () => withOrgs({ name: '../orgs.csv' }), 'files_unsafe: archive_path_leads_out'],
  [
    'a symbolic link',
    () => withOrgs({ bytes: '/etc/passwd', mode: 0o120777 }),
    'files_unsafe: archive_symlink',
  ],
  ['a password', () => withOrgs({ claims: { flags: 1 } }), 'files_unsafe: archive_encrypted'],
  ['another compression', () => withOrgs({ claims: { method: 93 } }), 'files_unsafe: archive_method'],
  ['a bomb', () => withOrgs({ bytes: Buffer.alloc(96 * 1024 * 1024) }), 'files_unsafe: archive_bomb'],
];

test.each(refused)('%s is refused before a row is read', async (_, archive, failure) => {
  expect(await failureOf(checkPackage(open(archive())))).toBe(failure);
});

test('ZIP64, and a name in two cases, are read', async () => {
  const large = await drain(readEntity(open(withOrgs({ zip64: true })), request('orgs')));
  expect(large).toMatchObject({ codes: [], seal: { expected: 3 } });
  const twice = zip([...ofOrgs, { name: 'ORGS.csv', bytes: csv(headers.orgs) }]);
  expect(await drain(readEntity(open(twice), request('orgs')))).toMatchObject({
    codes: ['file_duplicate'],
    seal: undefined,
  });
});

test('a bomb that lies about its size ends the reading of its file', async () => {
  const liar = withOrgs({ bytes: Buffer.alloc(8 * 1024 * 1024, 'x'), claims: { uncompressed: 10_000 } });
  expect(await failureOf(drain(readEntity(open(liar), request('orgs'))))).toBe('files_unsafe: archive_bomb');
});

const gigabyte = 1024 ** 3;

/** A file that would go on for a gigabyte, and how much of it was asked for. */
function endless(begin: string, piece: Buffer) {
  const pulled = { bytes: 0 };
  const file = {
    name: 'users.csv',
    bytes: gigabyte,
    async *read() {
      yield Buffer.from(begin);
      for (; pulled.bytes < gigabyte; pulled.bytes += piece.length) yield piece;
    },
  };
  return { file, pulled };
}

async function readAll(file: ReturnType<typeof endless>['file']) {
  const log = new FindingLog(file.name);
  const started = performance.now();
  const opened = await openCsv(file, log);
  let bytes = 0;
  if (opened !== undefined) {
    for await (const block of opened.records(opened.header.names.map(() => 1) as never))
      bytes += block.length;
  }
  const codes = [...new Set(log.list().map(({ code }) => code))];
  return {
    codes,
    bytes,
    milliseconds: performance.now() - started,
    isWhole: opened?.outcome.isWhole ?? false,
  };
}

const block = (text: string) => Buffer.from(text.repeat(Math.ceil(262_144 / text.length)));

test.each([
  ['a header of a gigabyte', '', 'a', ['header_too_long'], 1],
  ['a million columns', '', 'a,', ['header_too_long'], 1],
  ['a row of a gigabyte', 'a,b\r\n1,', 'x', ['record_too_long'], 8],
  ['a quote that is never closed', 'a,b\r\n1,"', 'x\r\n', ['record_too_long'], 8],
  ['a row of a million fields', 'a,b\r\n1,2', ',', ['record_too_long'], 8],
  ['nothing but quotes', 'a,b\r\n', '"', ['record_too_long'], 8],
  ['nothing but NUL', 'a,b\r\n1,', '\0', ['record_too_long', 'nul_bytes'], 8],
])('%s is given up early, with a finding', async (_, begin, text, codes, mostMegabytes) => {
  const { file, pulled } = endless(begin, block(text));
  const read = await readAll(file);
  expect(read.isWhole).toBe(false);
  expect(read.codes).toEqual(expect.arrayContaining(codes));
  expect(pulled.bytes).toBeLessThan(mostMegabytes * 1024 * 1024);
  expect(read.milliseconds).toBeLessThan(5_000);
});

test('blank lines without end are an empty file', async () => {
  const { file, pulled } = endless('', block('\r\n'));
  expect((await readAll(file)).codes).toEqual(['empty_file']);
  expect(pulled.bytes).toBeLessThan(1024 * 1024);
});

test('a header of two thousand columns is planned at once, one of more not at all', async () => {
  const wide = (columns: number) => `${headers.orgs}${',metadata.x'.repeat(columns)}\r\n`;
  const started = performance.now();
  expect((await read({ 'orgs.csv': wide(1_900) }, 'orgs')).codes).toContain('column_duplicate');
  expect((await read({ 'orgs.csv': wide(2_000) }, 'orgs')).codes).toContain('header_too_long');
  const strange = Array.from({ length: 1_900 }, (_, index) => `preferredGivenNam${index}`).join(',');
  expect((await read({ 'users.csv': `sourcedId,${strange}\r\n` }, 'users')).rows).toEqual([]);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('a file of every byte, in any mixture of line ends, ends with what could be read', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const noise = randomBytes(20_000);
    const { isWhole, findings } = await scan(Buffer.concat([Buffer.from('a,b,c\r\n1,2,3\r4,5,6\n'), noise]));
    expect(isWhole).toBe(false);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThan(1_000);
  }
});

test('a user of half a million orgs has no more roles than anybody can have', async () => {
  const orgsOfUser = Array.from({ length: 200_000 }, (_, index) => `o${index}`).join(',');
  const { rows, codes } = await read(
    { 'users.csv': csv(headers.users11, `u1,,,true,"${orgsOfUser}",student,ann,,Ann,Bee,,,,,,,,`) },
    'roles',
  );
  expect(rows.length).toBeLessThanOrEqual(1_000);
  expect(codes).toContain('orgs_too_many');
});
