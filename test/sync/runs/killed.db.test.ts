import { expect, test } from 'vitest';
import type { Database, TenantTrips } from '../../../src/platform/db.ts';
import type { RosterEngine } from '../../../src/sync/engine.ts';
import { workRun } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;

/** A copy that dies at its n-th call of the database or the engine: before it, or after it was done. */
function dyingCopy(at: number, when: 'before' | 'after') {
  let calls = 0;
  let dead = false;
  const live = async <T>(call: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls === at && when === 'before') dead = true;
    if (dead) throw new Error('Killed');
    const result = await call();
    if (calls >= at) dead = true;
    if (dead) throw new Error('Killed');
    return result;
  };
  const trips = (handle: TenantTrips): TenantTrips => ({
    ...handle,
    many: (statement, row) => live(() => handle.many(statement, row)),
    maybeOne: (statement, row) => live(() => handle.maybeOne(statement, row)),
    one: (statement, row) => live(() => handle.one(statement, row)),
    exec: (statement) => live(() => handle.exec(statement)),
  });
  return {
    isDead: () => dead,
    database: (db: Database): Database => ({
      ...db,
      withTenant: (tenantId, work) => live(() => db.withTenant(tenantId, work)),
      tenant: (tenantId, options) => trips(db.tenant(tenantId, options)),
    }),
    engine: (engine: RosterEngine): RosterEngine => ({
      begin: (...given) => live(() => engine.begin(...given)),
      load: (...given) => live(() => engine.load(...given)),
      forget: (...given) => live(() => engine.forget(...given)),
      validate: (...given) => live(() => engine.validate(...given)),
      plan: (...given) => live(() => engine.plan(...given)),
      apply: (...given) => live(() => engine.apply(...given)),
      undo: (...given) => live(() => engine.undo(...given)),
      release: (...given) => live(() => engine.release(...given)),
    }),
  };
}

test.each(['before', 'after'] as const)(
  'a run whose copy dies %s any of its steps ends as if nothing had happened',
  { timeout: 120_000 },
  async (when) => {
    const world = await createSyncWorld(testDatabase, `killed-${when}`);
    const signal = new AbortController().signal;
    world.sis.roster = schoolOf(6);
    await world.sync();
    let [kills, at, ended] = [0, 0, false];
    while (!ended && at < 200) {
      at += 1;
      // Each run renames one, takes one away and brings one.
      const users = world.sis.roster.users!;
      const gone = users.shift()!;
      users[0]!.familyName = `Renamed ${at}`;
      users.push({ ...gone, sourcedId: `new${at}`, username: `new${at}` });
      world.clock.at += 60_000;
      const runId = await world.request();
      const copy = dyingCopy(at, when);
      const deps = {
        ...world.deps,
        db: copy.database(world.deps.db),
        engine: copy.engine(world.deps.engine),
      };
      await workRun(deps, world.tenantId, runId, signal).catch(() => undefined);
      ended = !copy.isDead();
      kills += ended ? 0 : 1;
      await superuser.query('update sync_run set lease_until = now() where run_id = $1', [runId]);
      await world.work(runId);
      const { state, applied } = await world.run(runId);
      expect([at, state, applied]).toEqual([
        at,
        'applied',
        { created: 1, changed: 1, removed: 1, restored: 0 },
      ]);
      expect(await world.ids('users')).toEqual(users.map(({ sourcedId }) => sourcedId).sort());
      const { rows } = await superuser.query(
        `select count(*)::int as changes from roster_change c join sync_run r using (tenant_id, connection_id, run_no)
         where r.run_id = $1`,
        [runId],
      );
      expect([at, rows]).toEqual([at, [{ changes: 2 }]]);
    }
    expect(kills).toBeGreaterThan(30);
    expect(kills).toBeLessThan(199);
  },
);
