import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadOrCreateKeyFile, readKeyFile } from '../../../src/platform/secrets/key-file.ts';
import { keyEntry } from './keys.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-key-'));
  file = path.join(folder, 'data', 'keys');
});
afterEach(() => rm(folder, { recursive: true }));

test('the file is made once, readable by its owner only', async () => {
  const first = await loadOrCreateKeyFile(file);
  const second = await loadOrCreateKeyFile(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(second.current).toBe(first.current);
});

test('a file somebody provides is read as it is', async () => {
  const provided = path.join(folder, 'provided');
  await writeFile(provided, `${keyEntry('provided', 1)}\n`);
  expect((await readKeyFile(provided)).current).toBe('provided');
});

test('copies that start together use one key', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKeyFile(file)));
  expect(new Set(all.map((keys) => keys.current)).size).toBe(1);
  const place = Buffer.from('place');
  const { wrapped, keyName } = await all[0]!.wrap(Buffer.from('x'), place);
  for (const keys of all)
    await expect(keys.unwrap(wrapped, keyName, place)).resolves.toEqual(Buffer.from('x'));
});

test('no draft stays beside the file', async () => {
  await Promise.all([loadOrCreateKeyFile(file), loadOrCreateKeyFile(file)]);
  expect(await readdir(path.dirname(file))).toEqual(['keys']);
});

test('a file others can read is refused with what to do', async () => {
  await loadOrCreateKeyFile(file);
  await chmod(file, 0o644);
  await expect(loadOrCreateKeyFile(file)).rejects.toMatchObject({
    code: 'key_file_exposed',
    message: expect.stringContaining('chmod 600'),
  });
});

test('a damaged file is refused and left as it is', async () => {
  await loadOrCreateKeyFile(file);
  await writeFile(file, 'key-1:broken');
  await expect(loadOrCreateKeyFile(file)).rejects.toMatchObject({ code: 'key_encryption_keys_invalid' });
  expect(await readFile(file, 'utf8')).toBe('key-1:broken');
});

test('a file that is not there is refused where it must exist', async () => {
  await expect(readKeyFile(path.join(folder, 'absent'))).rejects.toMatchObject({
    code: 'key_file_unreadable',
  });
});

test('a file that cannot be made is refused with what to do', async () => {
  await writeFile(path.join(folder, 'taken'), '');
  await expect(loadOrCreateKeyFile(path.join(folder, 'taken', 'keys'))).rejects.toMatchObject({
    message: expect.stringMatching(/taken\/keys .*GATEHOUSE_(DATA|KEK_FILE)|permissions/),
  });
});
