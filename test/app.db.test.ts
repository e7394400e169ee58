import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openKeyEncryptionKeys } from '../src/app/storage.ts';
import { type Hub, migrateAll, openHub } from '../src/app.ts';
import { type Config, readConfig } from '../src/config.ts';
import { rotateSigningKey } from '../src/lti/keys/keys.ts';
import { systemClock } from '../src/platform/clock.ts';
import { type HttpServer, listen } from '../src/platform/http/server.ts';
import { openLog } from '../src/platform/log.ts';
import { createSecrets } from '../src/platform/secrets/secrets.ts';
import { createTestDatabase } from './support/database.ts';

const { url, database, superuser } = await createTestDatabase();
const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-app-'));
const storage = { url, directUrl: url, folder: undefined, stop: async () => undefined };
const log = openLog({ level: 'silent' });
const environment = {
  GATEHOUSE_DATA: folder,
  LAUNCH_BURST: '3',
  LAUNCH_RATE_PER_SECOND: '1',
  SERVICE_BURST: '2',
  SERVICE_RATE_PER_SECOND: '1',
  LOG_LEVEL: 'silent',
  SECURITY_CONTACT: 'mailto:security@hub.example',
  // Nobody is there, and the hub asks no such address.
  OPERATOR_OIDC_ISSUER: 'https://127.0.0.1:1',
  OPERATOR_OIDC_CLIENT_ID: 'hub',
  OPERATOR_OIDC_CLIENT_SECRET: 'a secret',
};
const config = readConfig({ environment });
await migrateAll({ config, storage, log });

const hub: Hub = await openHub({ config, storage, log, work: true });
const server: HttpServer = await listen({ host: '127.0.0.1', port: 0, handler: hub.app });
afterAll(async () => {
  await server.stop(1_000);
  await hub.close(1_000);
  await rm(folder, { recursive: true, force: true });
});

const get = (address: string, accept = '*/*') =>
  fetch(`http://127.0.0.1:${server.port}${address}`, { headers: { accept }, redirect: 'manual' });

test('bringing an up-to-date database up to date does nothing', async () => {
  expect(await migrateAll({ config, storage, log })).toEqual([]);
});

test('a month that cannot be made is warned of and stops no start', async () => {
  const lines: string[] = [];
  const loud = openLog({ level: 'warn', destination: { write: (line: string) => void lines.push(line) } });
  await superuser.query('drop function ensure_partitions(date)');
  expect(await migrateAll({ config, storage, log: loud })).toEqual([]);
  expect(lines).toEqual([expect.stringContaining('partitions_not_made')]);
});

test('the company’s sign-in is reached, though the console’s page stands at every other address there', async () => {
  const isPage = async (address: string) => (await (await get(address)).text()).includes('id="root"');
  expect((await get('/console/oidc/start')).status).toBe(502);
  expect(await isPage('/console/oidc/callback')).toBe(false);
});

test('whoever finds a weakness is told whom to tell, for a month at a time', async () => {
  const answer = await get('/.well-known/security.txt');
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const fields = new Map(
    (await answer.text()).split('\n').map((line) => line.split(/: (.*)/) as [string, string]),
  );
  expect(fields.get('Contact')).toBe('mailto:security@hub.example');
  expect(fields.get('Canonical')).toBe(`${config.baseUrl}/.well-known/security.txt`);
  const days = (Date.parse(fields.get('Expires') ?? '') - Date.now()) / 86_400_000;
  expect([days > 29, days <= 31]).toEqual([true, true]);
});

test('people get a page in plain words with a reference, programs a problem', async () => {
  expect(await (await get('/')).text()).toContain('Gatehouse is running');
  const page = await get('/nowhere', 'text/html');
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(await page.text()).toMatch(/[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/);
  expect(page.headers.get('content-security-policy')).toContain('frame-ancestors https:');
  expect(await (await get('/nowhere')).json()).toMatchObject({ status: 404, code: 'address_unknown' });
});

test('launches and services are limited for each address, apart; probes, keys and assets are not', async () => {
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await get('/t/nobody/lti/login')).status);
  expect(statuses.slice(0, 3)).not.toContain(429);
  expect(statuses[3]).toBe(429);
  // The token endpoint, too, tells it as OAuth clients read it.
  const askForToken = async () => {
    const reply = await fetch(`http://127.0.0.1:${server.port}/platform/token`, { method: 'POST' });
    return [reply.status, await reply.json()];
  };
  await expect
    .poll(askForToken, { interval: 1 })
    .toMatchObject([429, { error: 'temporarily_unavailable', reason: 'too_many_requests' }]);
  for (const address of ['/readyz', '/.well-known/jwks.json', '/assets/pages.css']) {
    expect((await get(address)).status).toBe(200);
  }
});

test('a key that another copy rotated in is published here before its cache would end', async () => {
  const kids = async () =>
    ((await (await get('/.well-known/jwks.json')).json()) as { keys: unknown[] }).keys.length;
  expect(await kids()).toBe(1);
  const secrets = createSecrets({ kek: await openKeyEncryptionKeys(config), clock: systemClock });
  const dependencies = { db: database, secrets, clock: systemClock };
  await rotateSigningKey(dependencies, { actor: 'test' }, { immediately: false });
  await expect.poll(kids, { timeout: 3_000 }).toBe(2);
});

test('a draining copy still answers, and says that it is not ready', async () => {
  const other = await openHub({ config, storage, log, work: false });
  const own = await listen({ host: '127.0.0.1', port: 0, handler: other.app });
  other.drain();
  const statusOf = async (address: string) => (await fetch(`http://127.0.0.1:${own.port}${address}`)).status;
  expect([await statusOf('/readyz'), await statusOf('/healthz')]).toEqual([503, 200]);
  await own.stop(100);
  await other.close(1_000);
});

test('a hub that cannot open leaves no connection behind', async () => {
  const connections = async () => {
    const { rows } = await superuser.query(
      "select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name like 'gatehouse%'",
    );
    return rows[0].count;
  };
  const before = await connections();
  const broken: Config = {
    ...config,
    keyEncryptionKey: { from: 'file', file: '/nowhere/kek', createIfMissing: false },
  };
  await expect(openHub({ config: broken, storage, log, work: true })).rejects.toMatchObject({
    code: 'key_file_unreadable',
  });
  await expect.poll(connections).toBeLessThanOrEqual(before);
});
