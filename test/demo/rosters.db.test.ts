import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { ConnectionId, RunId, TenantId } from '../../contracts/ids.ts';
import { type Hub, migrateAll, openHub } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createDemo } from '../../src/demo/demo.ts';
import { demoPackages } from '../../src/demo/rosters.ts';
import { listen } from '../../src/platform/http/server.ts';
import { openLog } from '../../src/platform/log.ts';
import {
  approveRun,
  getRun,
  listRosters,
  type RosterSource,
  requestRun,
  updateRoster,
} from '../../src/sync/sync.ts';
import { getTenantBySlug } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const { url, superuser } = await createTestDatabase();
const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-demo-rosters-'));
let handler: RequestListener = (_request, response) => response.end();
const server = await listen({
  host: '127.0.0.1',
  port: 0,
  handler: (request, response) => handler(request, response),
});
const log = openLog({ level: 'silent' });
const storage = { url, directUrl: url, folder: undefined, stop: async () => undefined };
let demo = await start(server.port);

afterAll(async () => {
  await server.stop(1_000);
  await demo.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the hub and what the demo puts around it, as if it were reached at that port. */
async function start(port: number): Promise<{ hub: Hub; hint: string; close(): Promise<void> }> {
  const baseUrl = `http://hub.localhost:${port}`;
  const environment = { GATEHOUSE_URL: baseUrl, GATEHOUSE_DATA: folder, LOG_LEVEL: 'silent' };
  const config = readConfig({ environment, demo: true });
  await migrateAll({ config, storage, log });
  const hub = await openHub({ config, storage, log, work: true });
  const { dataDir, dropFolder = '' } = config;
  const around = await createDemo({ ...hub, baseUrl, dataDir, dropFolder, command: 'hub' });
  handler = around.handler as RequestListener;
  const close = async () => {
    await around.close();
    await hub.close(1_000);
  };
  return { hub, hint: around.rosterHint, close };
}

async function rosterOf(slug: string): Promise<RosterSource & { tenantId: TenantId }> {
  const { db } = demo.hub;
  const { tenantId } = await getTenantBySlug(db.directory, slug);
  const [roster, ...others] = await db.withTenant(tenantId, (tx) => listRosters(tx));
  expect(others).toEqual([]);
  if (roster === undefined) throw new Error(`${slug} has no roster`);
  return { ...roster, tenantId };
}

const by = () => ({ actor: 'test', now: Date.now() });

/** Lets the hub bring a roster until there is nothing more for it to do. */
async function run({ tenantId, connectionId }: { tenantId: TenantId; connectionId: ConnectionId }) {
  const { sync } = demo.hub;
  const runId = await requestRun(sync, tenantId, connectionId, { mode: 'full', isDry: false }, by());
  return settled(tenantId, runId);
}

async function settled(tenantId: TenantId, runId: RunId) {
  const look = () => demo.hub.db.withTenant(tenantId, (tx) => getRun(tx, runId));
  const isSettled = async () => {
    const { endedAt, state, notBefore } = await look();
    return endedAt !== null || state === 'held' || notBefore !== null;
  };
  await expect.poll(isSettled, { timeout: 30_000, interval: 100 }).toBe(true);
  return look();
}

async function count(table: string, { tenantId }: { tenantId: TenantId }): Promise<number> {
  const { rows } = await superuser.query(
    `select count(*)::int as count from ${table} where tenant_id = $1 and removed_at is null`,
    [tenantId],
  );
  return rows[0].count;
}

test('the first school’s 2,000 people come from its simulated system', async () => {
  const roster = await rosterOf('northside');
  expect(await run(roster)).toMatchObject({ state: 'applied', reason: null });
  expect(await count('roster_user', roster)).toBe(2_000);
  expect(await count('roster_org', roster)).toBe(5);
  expect(await count('roster_enrollment', roster)).toBeGreaterThan(8_000);
  // Nothing has changed since.
  const again = await run(roster);
  expect(again.state).toBe('applied');
  expect(again.plan?.counts.filter((each) => each.created + each.changed + each.removed > 0)).toEqual([]);
});

test('the second school’s packages: a good night, the next one, and one that waits until it is approved', async () => {
  const roster = await rosterOf('riverbend');
  const { tenantId, connectionId } = roster;
  const read = (name: keyof typeof demoPackages) =>
    updateRoster(demo.hub.sync, tenantId, connectionId, { settings: { path: demoPackages[name] } }, by());
  expect(await run(roster)).toMatchObject({ state: 'applied' });
  expect(await count('roster_user', roster)).toBe(2_000);

  await read('next');
  expect(await run(roster)).toMatchObject({ state: 'applied' });
  await read('first');
  expect(await run(roster)).toMatchObject({ state: 'applied' });

  await read('bad');
  const bad = await run(roster);
  expect(bad).toMatchObject({ state: 'held' });
  expect(bad.holds).toContainEqual(
    expect.objectContaining({ code: 'removals', entity: 'users', school: 'sch-101' }),
  );
  expect(await count('roster_user', roster)).toBe(2_000);
  await approveRun(demo.hub.sync, tenantId, bad.runId, by());
  expect(await settled(tenantId, bad.runId)).toMatchObject({ state: 'applied' });
  expect(await count('roster_user', roster)).toBeLessThan(1_950);
});

test('the hint names both rosters by their ids', async () => {
  const { connectionId: rest } = await rosterOf('northside');
  const { connectionId: csv } = await rosterOf('riverbend');
  expect(demo.hint).toContain(`hub roster run ${rest} --tenant northside --wait`);
  expect(demo.hint).toContain(`hub roster update ${csv} --tenant riverbend --set path=${demoPackages.bad}`);
});

test('a second start keeps rosters, what they have brought, and the packages', async () => {
  const before = [await rosterOf('northside'), await rosterOf('riverbend')];
  const users = await Promise.all(before.map((roster) => count('roster_user', roster)));
  const packages = await readPackages();
  await demo.close();
  demo = await start(server.port);
  expect([await rosterOf('northside'), await rosterOf('riverbend')]).toEqual(before);
  expect(await Promise.all(before.map((roster) => count('roster_user', roster)))).toEqual(users);
  expect(await readPackages()).toEqual(packages);
});

async function readPackages(): Promise<[string, number][]> {
  const { tenantId } = await rosterOf('riverbend');
  const place = path.join(folder, 'demo', 'packages', tenantId);
  const names = (await readdir(place)).sort();
  return Promise.all(
    names.map(
      async (name): Promise<[string, number]> => [name, (await stat(path.join(place, name))).mtimeMs],
    ),
  );
}

test('on another port the simulated system is found at its new address', async () => {
  const before = await rosterOf('northside');
  await demo.close();
  demo = await start(server.port + 1);
  const moved = await rosterOf('northside');
  expect(moved.connectionId).toBe(before.connectionId);
  const sis = `http://sis.localhost:${server.port + 1}`;
  expect(moved.settings).toMatchObject({ baseUrl: sis, tokenUrl: `${sis}/token` });
  expect(moved.secrets).toEqual(before.secrets);
});
