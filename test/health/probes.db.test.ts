import type express from 'express';
import { afterAll, expect, test } from 'vitest';
import { createProbeRouter } from '../../src/health/routes.ts';
import type { Database } from '../../src/platform/db.ts';
import { html } from '../../src/platform/html.ts';
import { createHttpApp } from '../../src/platform/http/http-app.ts';
import { type HttpServer, listen } from '../../src/platform/http/server.ts';
import { openLog } from '../../src/platform/log.ts';
import { readMigrations } from '../../src/platform/migrate.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const migrations = (await readMigrations()).map(({ name }) => name);
const servers: HttpServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop(0))));

async function serve(options: { database?: Pick<Database, 'hub'>; stopping?: boolean } = {}) {
  const readiness = { stopping: options.stopping ?? false };
  const clock = { time: 0, now: () => clock.time };
  const given = options.database ?? database;
  const app = createHttpApp({
    https: false,
    trustedProxyHops: 0,
    log: openLog({ level: 'silent' }),
    renderErrorPage: () => html``,
    routers: [
      createProbeRouter({ database: given, readiness, migrations, clock, timeoutMs: 200 }),
    ] as express.Router[],
  });
  const server = await listen({ host: '127.0.0.1', port: 0, handler: app });
  servers.push(server);
  const ask = async (path: string) => {
    const reply = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: reply.status, body: await reply.json() };
  };
  return { ask, clock, readiness };
}

/** A database whose handle answers every question so, and counts them. */
function answering(answer: () => Promise<never>) {
  const asked = { count: 0 };
  const many = () => {
    asked.count += 1;
    return answer();
  };
  return { asked, database: { hub: () => ({ ...database.hub(), many }) } };
}

test('a copy with its database is alive and ready', async () => {
  const { ask } = await serve();
  expect(await ask('/healthz')).toMatchObject({ status: 200 });
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
});

test('a stopping copy is alive and not ready', async () => {
  const { ask } = await serve({ stopping: true });
  expect(await ask('/healthz')).toMatchObject({ status: 200 });
  expect(await ask('/readyz')).toMatchObject({
    status: 503,
    body: { details: { running: false, database: true } },
  });
});

test.each([
  ['refuses', () => Promise.reject(new Error('away'))],
  ['does not answer', () => new Promise<never>(() => undefined)],
])('a database that %s makes the copy unready, not dead', async (_name, answer) => {
  const { ask } = await serve(answering(answer));
  expect(await ask('/healthz')).toMatchObject({ status: 200 });
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { details: { database: false } } });
});

test('a database that lacks a migration makes the copy unready; one that has more does not', async () => {
  const { ask, clock } = await serve();
  await superuser.query("insert into schema_migration (name, checksum) values ('9999_newer.sql', 'x')");
  expect((await ask('/readyz')).status).toBe(200);
  const { rows } = await superuser.query("delete from schema_migration where name like '0006%' returning *");
  clock.time += 1_000;
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { details: { migrations: false } } });
  await superuser.query('insert into schema_migration (name, checksum) values ($1, $2)', [
    rows[0].name,
    rows[0].checksum,
  ]);
});

test('however many ask at once, the database is asked once, and again only after a second', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  const { asked, database: counted } = answering(() => promise);
  const { ask, clock } = await serve({ database: counted });
  const answers = Array.from({ length: 300 }, () => ask('/readyz'));
  await expect.poll(() => asked.count).toBe(1);
  reject(new Error('away'));
  expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(new Set([503]));
  clock.time += 999;
  await ask('/readyz');
  expect(asked.count).toBe(1);
  clock.time += 1;
  await ask('/readyz');
  expect(asked.count).toBe(2);
});

test('300 who ask a real database together cause one transaction', async () => {
  let trips = 0;
  const hub = () => {
    const handle = database.hub();
    const many: typeof handle.many = (...question) => {
      trips += 1;
      return handle.many(...question);
    };
    return { ...handle, many };
  };
  const { ask } = await serve({ database: { hub } });
  const answers = await Promise.all(Array.from({ length: 300 }, () => ask('/readyz')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(trips).toBe(1);
});

test('a copy that begins to stop says so at once', async () => {
  const { ask, readiness } = await serve();
  expect((await ask('/readyz')).status).toBe(200);
  readiness.stopping = true;
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { details: { running: false } } });
});
