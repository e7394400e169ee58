import { mkdir, readdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { fileLimits } from '../../../../src/sync/host/files/limits.ts';
import { openTemporaryFile } from '../../../../src/sync/host/files/temporary-file.ts';
import { makeTestFolder } from '../../../support/test-folder.ts';
import { zip } from '../../../support/zip.ts';
import { failureOf, openContext, readAll } from '../open-context.ts';

const [ours, theirs] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];

/** A folder for packages in which two institutions have one each. */
async function makeDropFolder() {
  const dropFolder = await makeTestFolder();
  await mkdir(path.join(dropFolder, ours, 'roster'), { recursive: true });
  await mkdir(path.join(dropFolder, theirs), { recursive: true });
  await writeFile(path.join(dropFolder, ours, 'roster', 'users.csv'), 'u1\n');
  await writeFile(path.join(dropFolder, theirs, 'users.csv'), 'theirs\n');
  await writeFile(path.join(dropFolder, 'users.csv'), 'outside\n');
  const open = (below: string) =>
    openContext({ dropFolder, tenantId: ours }).context.files.open({ kind: 'folder', path: below });
  return { dropFolder, open, at: (...parts: string[]) => path.join(dropFolder, ours, ...parts) };
}

test('files are read below the institution’s own folder, with those in folders', async () => {
  const { open, at } = await makeDropFolder();
  await mkdir(at('roster', 'more'));
  await writeFile(at('roster', 'more', 'orgs.csv'), 'o1\n');
  const files = await open('roster/');
  expect(files.entries).toEqual([
    { name: 'more/orgs.csv', bytes: 3 },
    { name: 'users.csv', bytes: 3 },
  ]);
  expect((await readAll(files.read('users.csv'))).toString()).toBe('u1\n');
  expect(files.modifiedAt).toBeGreaterThan(1_700_000_000_000);
});

test('one file is read alone, and an archive by its contents whatever it is called', async () => {
  const { open, at } = await makeDropFolder();
  await writeFile(at('package'), zip([{ name: 'orgs.csv', bytes: 'o1' }]));
  expect((await open('roster/users.csv')).entries).toEqual([{ name: 'users.csv', bytes: 3 }]);
  expect((await open('package')).entries).toEqual([{ name: 'orgs.csv', bytes: 2 }]);
});

test('of a folder of archives the newest is opened, and it is told when the others were made', async () => {
  const { open, at } = await makeDropFolder();
  await mkdir(at('nightly'));
  for (const date of [20, 22, 21]) {
    const name = at('nightly', `${date}.zip`);
    await writeFile(name, zip([{ name: `orgs-${date}.csv`, bytes: 'o1' }]));
    await utimes(name, new Date(Date.UTC(2026, 10, date)), new Date(Date.UTC(2026, 10, date)));
  }
  const { entries, modifiedAt, passedOver } = await open('nightly');
  expect({ entries, modifiedAt, passedOver }).toEqual({
    entries: [{ name: 'orgs-22.csv', bytes: 2 }],
    modifiedAt: Date.UTC(2026, 10, 22),
    passedOver: [Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 20)],
  });
});

test('no path leads out of it, and into nobody else’s', async () => {
  const { open } = await makeDropFolder();
  for (const below of [
    '..',
    '../users.csv',
    `../${theirs}/users.csv`,
    'roster/../../users.csv',
    '/etc',
    'a\u0000b',
  ]) {
    expect(await failureOf(open(below)), below).toBe('files_unsafe: folder_path_refused');
  }
  expect(await failureOf(open('nowhere'))).toBe('source_missing: folder_missing');
});

test('links are refused: as the place, on the way to it, and among its files', async () => {
  const { open, at, dropFolder } = await makeDropFolder();
  await symlink(path.join(dropFolder, theirs), at('folder-link'));
  await symlink(path.join(dropFolder, 'users.csv'), at('file-link.csv'));
  expect(await failureOf(open('folder-link'))).toBe('files_unsafe: folder_link_refused');
  expect(await failureOf(open('folder-link/users.csv'))).toBe('files_unsafe: folder_link_refused');
  expect(await failureOf(open('file-link.csv'))).toBe('files_unsafe: folder_link_refused');
  await rename(at('file-link.csv'), at('roster', 'orgs.csv'));
  expect(await failureOf(open('roster'))).toBe('files_unsafe: folder_link_refused');
});

test('an empty folder, and a hub or an institution without one, say so', async () => {
  const { open, at, dropFolder } = await makeDropFolder();
  await mkdir(at('empty'));
  expect(await failureOf(open('empty'))).toBe('source_missing: folder_empty');
  const place = { kind: 'folder' as const, path: '' };
  expect(await failureOf(openContext().context.files.open(place))).toBe('settings: folder_not_offered');
  expect(await failureOf(openContext({ dropFolder }).context.files.open(place))).toBe(
    'source_missing: folder_missing',
  );
});

test('too many files are refused', async () => {
  const { dropFolder, at } = await makeDropFolder();
  await writeFile(at('roster', 'b.csv'), '');
  const { context } = openContext({ dropFolder, tenantId: ours, limits: { ...fileLimits, entries: 1 } });
  expect(await failureOf(context.files.open({ kind: 'folder', path: 'roster' }))).toBe(
    'settings: folder_too_many',
  );
});

test('a temporary file is for this account alone and has no name, so that nothing of it stays', async () => {
  const folder = await makeTestFolder();
  const file = await openTemporaryFile(100, { folder });
  const { mode, nlink } = await file.handle.stat();
  expect([mode & 0o777, nlink, await readdir(folder)]).toEqual([0o600, 0, []]);
  await file.close();
  expect((await readdir(tmpdir())).filter((name) => /^gatehouse-[0-9a-f]{8}-/.test(name))).toEqual([]);
});
