import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { handOverPackage, listFindings, requestRun } from '../../../src/sync/sync.ts';
import { openUpload } from '../../../src/sync/uploads/uploads.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld, schoolOf } from '../runs/sync-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;

async function* chunked(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const hand = (world: SyncWorld, bytes: AsyncIterable<Buffer>, name = 'roster.zip') =>
  handOverPackage(world.deps, world.tenantId, world.connectionId, { name, bytes }, world.by());

async function pieces(uploadId: string): Promise<number[]> {
  const { rows } = await superuser.query(
    'select length(bytes) as bytes from roster_upload_piece where upload_id = $1 order by piece',
    [uploadId],
  );
  return rows.map((row) => row.bytes);
}

async function contentOf(world: SyncWorld, uploadId: string): Promise<Buffer | undefined> {
  const upload = await openUpload(world.deps, world.tenantId, uploadId);
  if (upload === undefined) return undefined;
  const read: Buffer[] = [];
  for await (const piece of upload.read()) read.push(piece);
  return Buffer.concat(read);
}

test('a package is kept in pieces, whatever it came in, and reads as it was', async () => {
  const world = await createSyncWorld(testDatabase, 'pieces');
  const bytes = randomBytes(2 * 1024 ** 2 + 5);
  for (const size of [300_001, 1024 ** 2, 3 * 1024 ** 2]) {
    const uploadId = await hand(world, chunked(bytes, size), 'C:\\exports\\roster.zip');
    expect(await pieces(uploadId)).toEqual([1024 ** 2, 1024 ** 2, 5]);
    expect((await contentOf(world, uploadId))?.equals(bytes)).toBe(true);
    const upload = await openUpload(world.deps, world.tenantId, uploadId);
    expect(upload).toMatchObject({ name: 'roster.zip', bytes: bytes.length });
  }
});

test('a package for a source that reads no files is refused before anything of it is taken', async () => {
  const world = await createSyncWorld(testDatabase, 'no-files', { packages: false });
  const untouched = async function* (): AsyncIterable<Buffer> {
    yield await Promise.reject(new Error('It was read'));
  };
  await expect(hand(world, untouched())).rejects.toMatchObject({
    kind: 'conflict',
    code: 'package_not_read',
  });
});

test('what is too large, empty, nameless or broken off leaves nothing behind', async () => {
  const world = await createSyncWorld(testDatabase, 'refused', { limits: { uploadBytes: 1_000 } });
  const broken = async function* (): AsyncIterable<Buffer> {
    yield Buffer.alloc(10);
    throw new Error('The connection broke');
  };
  await expect(hand(world, chunked(Buffer.alloc(1_001), 100))).rejects.toMatchObject({
    code: 'package_too_large',
  });
  await expect(hand(world, chunked(Buffer.alloc(0), 1))).rejects.toMatchObject({ code: 'package_empty' });
  await expect(hand(world, chunked(Buffer.alloc(1), 1), '../')).rejects.toMatchObject({
    code: 'package_name_invalid',
  });
  await expect(hand(world, broken())).rejects.toThrow('The connection broke');
  const { rows } = await superuser.query('select from roster_upload where tenant_id = $1', [world.tenantId]);
  expect(rows).toEqual([]);
});

test('a package goes when its run has ended; that of a dry run stays for the run after it', async () => {
  const world = await createSyncWorld(testDatabase, 'goes', { delta: 'none' });
  world.sis.roster = schoolOf(1);
  const uploadId = await hand(world, chunked(Buffer.alloc(10), 10));
  await world.sync({ uploadId, isDry: true });
  expect(await pieces(uploadId)).toEqual([10]);
  expect(await world.sync({ uploadId })).toMatchObject({ state: 'applied' });
  expect(await pieces(uploadId)).toEqual([]);
  await expect(world.request({ uploadId })).rejects.toMatchObject({ code: 'package_unknown' });
});

test('a package is another tenant’s or connection’s for nobody', async () => {
  const [ours, theirs] = [
    await createSyncWorld(testDatabase, 'ours'),
    await createSyncWorld(testDatabase, 'theirs'),
  ];
  const uploadId = await hand(theirs, chunked(Buffer.alloc(10), 10));
  expect(await contentOf(ours, uploadId)).toBeUndefined();
  await expect(ours.request({ uploadId })).rejects.toMatchObject({ code: 'package_unknown' });
  const second = await createSyncWorld(testDatabase, 'theirs-too', { tenantId: theirs.tenantId });
  const request = { mode: 'full', isDry: false, uploadId } as const;
  await expect(
    requestRun(second.deps, theirs.tenantId, second.connectionId, request, second.by()),
  ).rejects.toMatchObject({ code: 'package_unknown' });
  await expect(
    handOverPackage(
      ours.deps,
      ours.tenantId,
      theirs.connectionId,
      { name: 'x.zip', bytes: chunked(Buffer.alloc(1), 1) },
      ours.by(),
    ),
  ).rejects.toMatchObject({ code: 'roster_unknown' });
});

test.each([
  {
    what: 'cannot be read to its end',
    code: 'archive_damaged',
    damage: async () => undefined,
  },
  {
    what: 'is not there as a whole',
    code: 'upload_incomplete',
    damage: (uploadId: string) =>
      superuser.query('delete from roster_upload_piece where upload_id = $1 and piece = 1', [uploadId]),
  },
])('a package that $what ends its run at once, and its findings say what to do', async ({ code, damage }) => {
  const world = await createSyncWorld(testDatabase, code.replace('_', '-'), { delta: 'files' });
  const cut = Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(1024 ** 2)]);
  const uploadId = await hand(world, chunked(cut, 1024 ** 2));
  await damage(uploadId);
  const run = await world.sync({ uploadId });
  expect(run).toMatchObject({ state: 'failed', reason: code, notBefore: null });
  const findings = await world.deps.db.withTenant(world.tenantId, (tx) => listFindings(tx, run.runId));
  expect(findings).toMatchObject([
    { code, severity: 'error', entity: null, advice: expect.stringContaining('and it over again') },
  ]);
});
