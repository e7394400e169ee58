import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { canReach, parseAccount } from '../../../src/platform/embedded-postgres/account.ts';

const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';
const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-account-'));
await chmod(folder, 0o755);
afterAll(() => rm(folder, { recursive: true }));

test('root hands the server to the account "postgres" where there is one', () => {
  const passwd = `root:x:0:0::/root:/bin/bash\n${nobody}\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\n`;
  expect(parseAccount(passwd)).toEqual({ uid: 101, gid: 104 });
});

test('without it, to "nobody", whose number may be written as negative', () => {
  expect(parseAccount(`${nobody}\n`)).toEqual({ uid: 65534, gid: 65534 });
  expect(parseAccount('nobody:*:-2:-2:Unprivileged:/var/empty:/usr/bin/false')).toEqual({
    uid: 4294967294,
    gid: 4294967294,
  });
});

test('without either, the error says what to do', () => {
  expect(() => parseAccount('root:x:0:0::/root:/bin/bash')).toThrow(/DATABASE_URL/);
});

test('a folder inside a private one cannot be reached by a stranger, but by its owner', async () => {
  const closed = path.join(folder, 'private');
  await mkdir(path.join(closed, 'inner'), { recursive: true });
  await chmod(closed, 0o700);
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  expect(await canReach(path.join(closed, 'inner'), { uid: 65534, gid: 65534 })).toBe(false);
  expect(await canReach(path.join(closed, 'inner'), owner)).toBe(true);
  expect(await canReach(path.join(folder, 'not', 'there', 'yet'), { uid: 65534, gid: 65534 })).toBe(true);
});
