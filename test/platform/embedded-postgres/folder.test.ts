import { chmod, lstat, mkdir, mkdtemp, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareDataFolder } from '../../../src/platform/embedded-postgres/folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'gatehouse-folder-'));
});
afterEach(() => rm(parent, { recursive: true }));

test('the folder is made where it is wanted when the server can reach it there', async () => {
  await chmod(parent, 0o755);
  const folder = await prepareDataFolder(path.join(parent, 'deep', 'pg'));
  expect(folder.dataDir).toBe(path.join(parent, 'deep', 'pg'));
  expect((await lstat(folder.dataDir)).mode & 0o066).toBe(0);
});

test('a link to a folder that is gone is reported, because it stood for data', async () => {
  await chmod(parent, 0o755);
  await symlink(path.join(parent, 'gone'), path.join(parent, 'pg'));
  await expect(prepareDataFolder(path.join(parent, 'pg'))).rejects.toMatchObject({
    code: 'embedded_postgres_data_missing',
  });
});

test('a folder that cannot be made is refused with what to do', async () => {
  await writeFile(path.join(parent, 'taken'), '');
  await expect(prepareDataFolder(path.join(parent, 'taken', 'pg'))).rejects.toMatchObject({
    code: 'embedded_postgres_folder_unusable',
    message: expect.stringContaining('GATEHOUSE_DATA'),
  });
});

describe.runIf(process.getuid?.() === 0)('as root, below a folder only root can enter', () => {
  test('the data goes to a folder the server can reach, with a link left in place', async () => {
    const wanted = path.join(parent, 'pg');
    const first = await prepareDataFolder(wanted);
    expect(first.dataDir).toMatch(/^\/var\/lib\/gatehouse\/postgres-/);
    expect(await readlink(wanted)).toBe(first.dataDir);
    expect(await prepareDataFolder(wanted)).toEqual(first);
    await rm(first.dataDir, { recursive: true });
  });

  test('files that are there already are not abandoned', async () => {
    const wanted = path.join(parent, 'pg');
    await mkdir(wanted);
    await writeFile(path.join(wanted, 'note'), 'mine');
    await expect(prepareDataFolder(wanted)).rejects.toMatchObject({
      code: 'embedded_postgres_folder_unreachable',
    });
  });
});
