import type express from 'express';
import { afterAll, expect, test } from 'vitest';
import { createProbeRouter } from '../../src/health/routes.ts';
import type { Database } from '../../src/platform/db.ts';
import { html } from '../../src/platform/html.ts';
import { createHttpApp } from '../../src/platform/http/http-app.ts';
import { type HttpServer, listen } from '../../src/platform/http/server.ts';
import { openLog } from '../../src/platform/log.ts';
import { createTestDatabase } from '../support/database.ts';

const { database, superuser } = await createTestDatabase();
const servers: HttpServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop(0))));

async function serve(options: { database?: Pick<Database, 'withHub'>; stopping?: boolean } = {}) {
  const readiness = { stopping: options.stopping ?? false };
  const app = createHttpApp({
    https: false,
    trustedProxyHops: 0,
    log: openLog({ level: 'silent' }),
    renderErrorPage: () => html``,
    routers: [
      createProbeRouter({ database: options.database ?? database, readiness, timeoutMs: 200 }),
    ] as express.Router[],
  });
  const server = await listen({ host: '127.0.0.1', port: 0, handler: app });
  servers.push(server);
  const ask = async (path: string) => {
    const reply = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: reply.status, body: await reply.json() };
  };
  return { ask };
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
])('a database that %s makes the copy unready, not dead', async (_name, withHub) => {
  const { ask } = await serve({ database: { withHub } });
  expect(await ask('/healthz')).toMatchObject({ status: 200 });
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { details: { database: false } } });
});

test('a database that lacks a migration makes the copy unready; one that has more does not', async () => {
  const { ask } = await serve();
  await superuser.query("insert into schema_migration (name, checksum) values ('9999_newer.sql', 'x')");
  expect((await ask('/readyz')).status).toBe(200);
  await superuser.query("delete from schema_migration where name like '0006%'");
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { details: { migrations: false } } });
});
