import { expect, test } from 'vitest';
import { findMatchRule, setMatchRule } from '../../../src/people/people.ts';
import { syncWorkers } from '../../../src/sync/runs/jobs.ts';
import { planRuns } from '../../../src/sync/runs/plan-runs.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;

/** Does the jobs of a queue that were asked for. @returns how many there were */
async function work(world: SyncWorld, name: string): Promise<number> {
  const worker = syncWorkers(world.deps).find(({ queue }) => queue.name === name);
  const jobs = world.enqueued.splice(0).filter(({ queue }) => queue === name);
  const context = { jobId: 'job', signal: new AbortController().signal };
  for (const { payload } of jobs) await worker?.run(payload, context);
  return jobs.length;
}

/** A copy of the database that is gone after so many transactions. */
function dyingAfter(transactions: number): typeof database {
  let left = transactions;
  return {
    ...database,
    withTenant: (tenantId, each) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('Killed')) : database.withTenant(tenantId, each);
    },
  };
}

test('a change of the matching rule that was broken off is gone on with, and not while somebody is at it', async () => {
  const world = await createSyncWorld(testDatabase, 'rule-broken-off');
  world.sis.roster = schoolOf(5);
  await world.sync();
  expect(await work(world, 'link_roster_people')).toBe(1);
  const rule = { rosterColumn: 'username', linkField: 'subject' } as const;
  await expect(setMatchRule(dyingAfter(1), world.tenantId, rule, world.by())).rejects.toThrow('Killed');
  const inForce = () => database.withTenant(world.tenantId, findMatchRule);
  expect(await inForce()).toBeUndefined();
  await planRuns(world.deps);
  expect(await work(world, 'go_on_linking_people')).toBe(0);
  await superuser.query(`update person_linking set moved_at = now() - interval '3 minutes'`);
  await planRuns(world.deps);
  expect(await work(world, 'go_on_linking_people')).toBe(1);
  expect(await inForce()).toMatchObject(rule);
  await planRuns(world.deps);
  expect(await work(world, 'go_on_linking_people')).toBe(0);
});

test('linking that was broken off between two rosters is gone on with', async () => {
  const world = await createSyncWorld(testDatabase, 'linking-broken-off');
  world.sis.roster = schoolOf(5);
  await world.sync();
  await work(world, 'link_roster_people');
  await superuser.query('update person_linked_roster set linked_run = 0 where tenant_id = $1', [
    world.tenantId,
  ]);
  await planRuns(world.deps);
  expect(await work(world, 'go_on_linking_people')).toBe(1);
  const { rows } = await superuser.query(
    'select linked_run = wanted_run as done from person_linked_roster where tenant_id = $1',
    [world.tenantId],
  );
  expect(rows).toEqual([{ done: true }]);
});
