import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ConnectorError, type FilePlace } from '../../../../contracts/connector.ts';
import { createBreakers } from '../../../../src/health/breaker/breakers.ts';
import { breakerThreshold } from '../../../../src/health/breaker/transition.ts';
import { fileLimits } from '../../../../src/sync/host/files/limits.ts';
import { type SftpServer, startSftpServer } from '../../../support/sftp-server.ts';
import { zip } from '../../../support/zip.ts';
import { createLineLog, failureOf, type OpenOptions, openContext, readAll } from '../open-context.ts';

type Changes = Partial<Extract<FilePlace, { kind: 'sftp' }>>;

function open(server: SftpServer, changes: Changes = {}, options: OpenOptions = {}) {
  const { port, username, password, hostKey } = server;
  const place = {
    kind: 'sftp' as const,
    host: '127.0.0.1',
    port,
    username,
    password,
    hostKey,
    path: '/roster',
  };
  return openContext(options).context.files.open({ ...place, ...changes });
}

const roster = {
  '/roster/orgs.csv': { content: 'o1,North\n', modifiedAt: 1_790_000_000 },
  '/roster/users.csv': 'u1,Amara\n'.repeat(200_000),
  '/roster/link.csv': { content: '/etc/passwd', mode: 0o120777 },
};

test('the files of a folder are fetched whole, links left out, and the server is left before they are read', async () => {
  const server = await startSftpServer(roster);
  const files = await open(server);
  await expect.poll(() => server.connections.open).toBe(0);
  expect(files.entries.map(({ name, bytes }) => `${name} ${bytes}`)).toEqual([
    'orgs.csv 9',
    'users.csv 1800000',
  ]);
  expect(files.modifiedAt).toBe(1_790_000_000_000);
  expect((await readAll(files.read('users.csv'))).toString()).toBe(roster['/roster/users.csv']);
  expect((await readAll(files.read('orgs.csv'))).toString()).toBe('o1,North\n');
});

test('an archive is opened by its own path, or as the newest of a folder of archives', async () => {
  const archive = (content: string) => zip([{ name: 'orgs.csv', bytes: content }]);
  const server = await startSftpServer({
    '/nightly/2026-11-20.zip': { content: archive('new'), modifiedAt: 1_790_000_001 },
    '/nightly/2026-11-19.zip': { content: archive('old'), modifiedAt: 1_790_000_000 },
  });
  const text = async (path: string) => {
    const files = await open(server, { path });
    return (await readAll(files.read('orgs.csv'))).toString();
  };
  expect(await text('/nightly')).toBe('new');
  expect((await open(server, { path: '/nightly' })).passedOver).toEqual([1_790_000_000_000]);
  expect(await text('/nightly/2026-11-19.zip')).toBe('old');
});

test('a server with another key than the pinned one is refused before any password is sent', async () => {
  const server = await startSftpServer(roster);
  const other = await startSftpServer({});
  expect(await failureOf(open(server, { hostKey: other.hostKey }))).toBe('settings: sftp_host_key_differs');
  await expect(open(server, { hostKey: other.hostKey })).rejects.toThrow(server.hostKey);
  expect(await failureOf(open(server, { hostKey: 'SHA256:short' }))).toBe('settings: sftp_host_key_invalid');
  expect(await failureOf(open(server, { hostKey: '' }))).toBe('settings: sftp_host_key_invalid');
});

test('what is wrong is told: sign-in, key, path, permission, address, nobody there', async () => {
  const server = await startSftpServer({ ...roster, '/closed/a.csv': { content: 'x', isForbidden: true } });
  const failure = (changes: Changes) => failureOf(open(server, changes));
  expect(await failure({ password: 'wrong' })).toBe('settings: sftp_sign_in_refused');
  expect(await failure({ password: undefined, privateKey: 'no key' })).toBe(
    'settings: sftp_settings_invalid',
  );
  expect(await failure({ path: '/nowhere' })).toBe('source_missing: sftp_path_missing');
  expect(await failure({ path: '/closed' })).toBe('refused: sftp_not_allowed');
  expect(await failure({ host: '10.0.0.1' })).toBe('settings: outbound_address_refused');
  expect(await failure({ port: 1 })).toBe('unavailable: outbound_connection_failed');
});

test('names are judged by every address they have, and this machine is refused outside of tests', async () => {
  const server = await startSftpServer(roster);
  const lookup = async () => [
    { address: '93.184.216.34', family: 4 },
    { address: '169.254.169.254', family: 4 },
  ];
  expect(await failureOf(open(server, { host: 'sftp.example' }, { lookup }))).toBe(
    'settings: outbound_address_refused',
  );
  expect(await failureOf(open(server, {}, { allowLoopback: false }))).toBe(
    'settings: outbound_address_refused',
  );
  expect(server.connections.opened).toBe(0);
});

test('a server that ends the connection while files are fetched is tried again later', async () => {
  const server = await startSftpServer(roster, { dropsAfterReads: 2 });
  expect(await failureOf(open(server))).toBe('unavailable: sftp_unreachable');
});

test('a server that is down is left alone, also by a proxy before it; a wrong password takes none for down', async () => {
  const server = await startSftpServer(roster);
  let isUp = false;
  let asked = 0;
  const proxy = createServer((socket) => {
    asked += 1;
    socket.on('error', () => {});
    if (!isUp) return void socket.destroy();
    const behind = connect(server.port, '127.0.0.1').on('error', () => {});
    socket.pipe(behind).pipe(socket);
    socket.on('close', () => behind.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const clock = { time: 0, now: () => clock.time };
  // Without a database a copy goes by what it knows itself.
  const db = { withHub: () => Promise.reject(new Error('away')) };
  const { log } = createLineLog();
  const breakers = createBreakers({ db, clock, log, random: () => 0.5 });
  for (let tries = 0; tries <= breakerThreshold; tries++) {
    const refused = await failureOf(open(server, { password: 'wrong' }, { breakers }));
    expect(refused).toBe('settings: sftp_sign_in_refused');
  }
  for (let tries = 0; tries < breakerThreshold; tries++) {
    expect(await failureOf(open(server, { port }, { breakers }))).toBe('unavailable: sftp_unreachable');
  }
  expect(await failureOf(open(server, { port }, { breakers }))).toBe('unavailable: outbound_host_down');
  expect(asked).toBe(breakerThreshold);
  // Another port is another server.
  await (await open(server, {}, { breakers })).close();
  clock.time += 10_000;
  isUp = true;
  const files = await open(server, { port }, { breakers });
  expect(files.entries).toHaveLength(2);
});

test('more than allowed is not fetched to its end', async () => {
  const server = await startSftpServer(roster);
  const limits = { ...fileLimits, download: 100_000 };
  expect(await failureOf(open(server, {}, { limits }))).toBe('files_unsafe: files_too_large');
  await expect.poll(() => server.connections.open).toBe(0);
});

test('a run that is stopped leaves a server that does not answer, and nothing is printed', async () => {
  const printed = vi.spyOn(console, 'log');
  const server = await startSftpServer(roster, { hangsAfterSignIn: true });
  const controller = new AbortController();
  const opening = open(server, {}, { signal: controller.signal });
  const ended = expect(opening).rejects.toThrow('cancelled');
  await expect.poll(() => server.connections.open).toBe(1);
  controller.abort(new Error('cancelled'));
  await ended;
  await expect.poll(() => server.connections.open).toBe(0);
  expect(printed).not.toHaveBeenCalled();
});

test('to look into them, files are read where they lie, and the server is left when they are closed', async () => {
  const big = `userId\n${'u1,Amara\n'.repeat(1_000_000)}`;
  const server = await startSftpServer({ '/roster/orgs.csv': 'o1,North\n', '/roster/users.csv': big });
  const files = await open(server, {}, { isProbe: true, limits: { ...fileLimits, download: 1_000_000 } });
  expect(files.entries.map(({ name, bytes }) => `${name} ${bytes}`)).toEqual([
    'orgs.csv 9',
    `users.csv ${big.length}`,
  ]);
  expect((await readAll(files.read('orgs.csv'))).toString()).toBe('o1,North\n');
  for await (const chunk of files.read('users.csv')) {
    expect(chunk.subarray(0, 7).toString()).toBe('userId\n');
    break;
  }
  expect(server.connections.open).toBe(1);
  await files.close();
  await expect.poll(() => server.connections.open).toBe(0);
  await expect(readAll(files.read('users.csv'))).rejects.toBeInstanceOf(ConnectorError);
});

test('an archive on a server is looked into by its directory', async () => {
  const users = Buffer.alloc(5_000_000, 'u1,Amara\n');
  const archive = zip([
    { name: 'users.csv', bytes: users, stored: true },
    { name: 'orgs.csv', bytes: 'o1\n' },
  ]);
  const server = await startSftpServer({ '/nightly/roster.zip': { content: archive } });
  const files = await open(server, { path: '/nightly' }, { isProbe: true });
  expect((await readAll(files.read('orgs.csv'))).toString()).toBe('o1\n');
  expect((await readAll(files.read('users.csv'))).equals(users)).toBe(true);
});

test('a server that is looked into and goes away, or a check that is stopped, ends the reading', async () => {
  const dropping = await startSftpServer(roster, { dropsAfterReads: 1 });
  const cut = await open(dropping, {}, { isProbe: true });
  const readBoth = async () => {
    for (const { name } of cut.entries) await readAll(cut.read(name));
  };
  expect(await failureOf(readBoth())).toBe('unavailable: sftp_unreachable');
  const controller = new AbortController();
  const server = await startSftpServer(roster);
  const files = await open(server, {}, { isProbe: true, signal: controller.signal });
  controller.abort(new Error('out of time'));
  await expect(readAll(files.read('users.csv'))).rejects.toThrow('out of time');
  await expect.poll(() => server.connections.open).toBe(0);
});
