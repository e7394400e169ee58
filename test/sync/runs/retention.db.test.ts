import { expect, test } from 'vitest';
import { newId } from '../../../contracts/ids.ts';
import { syncWorkers } from '../../../src/sync/runs/jobs.ts';
import { linkRosterPeople, removeOldRosterData } from '../../../src/sync/runs/queues.ts';
import { keepFindingsForMs, removeOldData } from '../../../src/sync/runs/retention.ts';
import { listFindings } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const day = 86_400_000;

/** A school with two runs: the second has changed a user, removed another and found something. */
async function arranged(slug: string): Promise<{ world: SyncWorld; first: string; second: string }> {
  const world = await createSyncWorld(testDatabase, slug, { roster: { graceDays: 10 } });
  world.sis.roster = schoolOf(4);
  const first = await world.sync();
  world.sis.roster.users!.pop();
  world.sis.roster.users![0]!.givenName = 'Renamed';
  world.sis.roster.users![1]!.primaryOrgSourcedId = 'nowhere';
  const second = await world.sync();
  return { world, first: first.runId, second: second.runId };
}

async function count(table: string, tenantId: string): Promise<number> {
  const { rows } = await superuser.query(`select count(*)::int as count from ${table} where tenant_id = $1`, [
    tenantId,
  ]);
  return rows[0].count;
}

test('rows that are gone go for good after their days of grace, and not those of another tenant', async () => {
  const { world } = await arranged('grace');
  const { world: other } = await arranged('grace-other');
  expect(await count('roster_user', world.tenantId)).toBe(4);
  world.clock.at += 9 * day;
  await removeOldData(world.deps, world.tenantId);
  expect(await count('roster_user', world.tenantId)).toBe(4);
  world.clock.at += 2 * day;
  await removeOldData(world.deps, world.tenantId);
  expect(await count('roster_user', world.tenantId)).toBe(3);
  expect(await count('roster_user', other.tenantId)).toBe(4);
});

test('findings, former values and samples go after half a year; the runs and their counts stay', async () => {
  const { world, second } = await arranged('old');
  const found = await database.withTenant(world.tenantId, (tx) => listFindings(tx, second as never));
  expect(found.map(({ code }) => code)).not.toEqual([]);
  for (const { happened, advice } of found) expect(happened !== '' && advice !== '').toBe(true);
  expect(await count('roster_change', world.tenantId)).toBeGreaterThan(0);
  world.clock.at += keepFindingsForMs + day;
  await removeOldData(world.deps, world.tenantId);
  expect(await count('sync_finding', world.tenantId)).toBe(0);
  expect(await count('roster_change', world.tenantId)).toBe(0);
  const run = await world.run(second as never);
  expect(run.plan?.samples).toEqual([]);
  expect(run.plan?.counts.length).toBeGreaterThan(0);
  expect(run.applied).toMatchObject({ removed: 1 });
});

test('a package that no run has taken goes after a day', async () => {
  const { world } = await arranged('orphaned');
  await superuser.query(
    `insert into roster_upload (tenant_id, upload_id, connection_id, name, bytes, created_at)
     values ($1, $2, $3, 'roster.zip', 1, $4)`,
    [world.tenantId, newId(), world.connectionId, new Date(world.clock.now() - day - 1)],
  );
  const worker = syncWorkers(world.deps).find(({ queue }) => queue === removeOldRosterData)!;
  await worker.run({}, { jobId: 'job', signal: new AbortController().signal });
  expect(await count('roster_upload', world.tenantId)).toBe(0);
});

test('the people of an applied run are linked by its job', async () => {
  const { world, first, second } = await arranged('linked');
  const worker = syncWorkers(world.deps).find(({ queue }) => queue === linkRosterPeople)!;
  const context = { jobId: 'job', signal: new AbortController().signal };
  for (const runId of [first, second, newId()])
    await worker.run({ tenantId: world.tenantId, runId }, context);
  const { rows } = await superuser.query(
    'select count(*)::int as count from person_link where tenant_id = $1 and connection_id = $2',
    [world.tenantId, world.connectionId],
  );
  expect(rows[0].count).toBeGreaterThanOrEqual(3);
});
