import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createApiToken } from '../../src/api/tokens/tokens.ts';
import { migrateAll, openHub } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { openCliHub } from '../../src/main/cli-hub.ts';
import { listen } from '../../src/platform/http/server.ts';
import { openLog } from '../../src/platform/log.ts';
import { getRun } from '../../src/sync/sync.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';
import { zip } from '../support/zip.ts';

const { url, database } = await createTestDatabase();
const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-api-'));
const storage = { url, directUrl: url, folder: undefined, stop: async () => undefined };
const log = openLog({ level: 'silent' });
const config = readConfig({
  environment: { GATEHOUSE_DATA: folder, DATABASE_URL: url, LOG_LEVEL: 'silent' },
});
await migrateAll({ config, storage, log });
const hub = await openHub({ config, storage, log, work: true });
const server = await listen({ host: '127.0.0.1', port: 0, handler: hub.app });
afterAll(async () => {
  await server.stop(1_000);
  await hub.close(1_000);
  await rm(folder, { recursive: true, force: true });
});

const by = { actor: 'test', now: Date.now() };
const { tenantId } = await createTenant(database, { slug: 'north', name: 'North' }, by);
const { token } = await database.withHub((tx) =>
  createApiToken(tx, { name: 'x', scopes: ['rosters:write'], onlyTenantId: tenantId }, by),
);

async function send(method: string, address: string, body?: object | Buffer<ArrayBuffer>) {
  const isBytes = Buffer.isBuffer(body);
  const reply = await fetch(`http://127.0.0.1:${server.port}/api/v1/tenants/north${address}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body && { 'Content-Type': isBytes ? 'application/zip' : 'application/json' }),
    },
    ...(body && { body: isBytes ? body : JSON.stringify(body) }),
  });
  return JSON.parse(await reply.text());
}

const modes = {
  ...{ academicSessions: 'absent', orgs: 'bulk', courses: 'absent', classes: 'absent', users: 'absent' },
  ...{ enrollments: 'absent', demographics: 'absent' },
};
const manifest = [
  'propertyName,value',
  'manifest.version,1.0',
  'oneroster.version,1.1',
  ...Object.entries(modes).map(([file, mode]) => `file.${file},${mode}`),
].join('\n');
const orgs = 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\no1,,,North,school,,\n';

test('a package that is handed over to a whole hub is in the roster, and out of it once undone', async () => {
  const created = await send('POST', '/rosters', { connector: 'oneroster-csv', name: 'SIS', settings: {} });
  const roster = `/rosters/${created.roster.connectionId}`;
  const content = zip([
    { name: 'manifest.csv', bytes: manifest },
    { name: 'orgs.csv', bytes: orgs },
  ]);
  const { uploadId } = await send('POST', `${roster}/uploads?name=export.zip`, Buffer.from(content));
  const { run } = await send('POST', `${roster}/runs`, { mode: 'full', uploadId });
  const show = async () => (await send('GET', `${roster}/runs/${run.runId}`)).run;
  await expect.poll(show, { timeout: 15_000 }).toMatchObject({ state: 'applied', applied: { created: 1 } });
  const { plan } = await send('GET', `${roster}/runs/${run.runId}/plan`);
  expect(plan.samples).toContainEqual({ entity: 'orgs', action: 'create', sourcedIds: ['o1'] });
  expect((await send('POST', `${roster}/runs/${run.runId}/undo`, { reason: 'Try' })).run.state).toBe(
    'undone',
  );
});

test('commands reach the same rosters beside a hub that runs', async () => {
  const cli = await openCliHub(config);
  try {
    const sync = await cli.sync();
    expect(sync.connectors.map(({ id }) => id)).toContain('oneroster-csv');
    const { rosters } = await send('GET', '/rosters');
    const { runs } = await send('GET', `/rosters/${rosters[0].connectionId}/runs`);
    const run = await cli.db.withTenant(tenantId, (tx) => getRun(tx, runs[0].runId));
    expect(run.state).toBe('undone');
    const { protocols, baseUrl } = await cli.sso();
    expect(Object.keys(protocols)).toContain('ldap');
    expect(baseUrl).toBe(config.baseUrl);
  } finally {
    await cli.close();
  }
});
