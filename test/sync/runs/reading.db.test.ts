import { expect, test } from 'vitest';
import type { Connector, Page, ReadRequest, Seal } from '../../../contracts/connector.ts';
import type { Entity } from '../../../contracts/roster.ts';
import type { SyncServices } from '../../../src/sync/sync.ts';
import { workRun } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const pupils = 5;

/** Users and their roles out of one list, in pages of two; `beforePage` may throw. */
function pairConnector(base: Connector, beforePage: (page: number) => void) {
  const reads: ReadRequest[] = [];
  async function* read(_: unknown, request: ReadRequest): AsyncGenerator<Page | Seal> {
    reads.push(request);
    const { entity, state, resumes, alongside = [] } = request;
    const named = (of: Entity) => (of === entity ? {} : { entity: of });
    const list = [entity, ...alongside];
    const orgs = [{ sourcedId: 's1', values: { name: 'North', type: 'school' } }];
    const count = entity === 'orgs' ? 1 : pupils;
    for (let at = resumes ? Number(state) : 0; at < count; at += 2) {
      if (entity !== 'orgs') beforePage(at / 2);
      const numbers = [at, at + 1].filter((number) => number < count);
      for (const of of list) {
        const rows = entity === 'orgs' ? orgs : numbers.map((number) => rowOf(of, number));
        yield { kind: 'page', ...named(of), part: of, first: at, rows, checkpoint: String(at + 2) };
      }
    }
    for (const of of list) yield { kind: 'seal', ...named(of), expected: count, state: 'noon' };
  }
  const entities: Entity[] = ['orgs', 'users', 'roles'];
  const capabilities = { ...base.capabilities, entities, alongside: { users: ['roles' as const] } };
  return { reads, connector: { ...base, capabilities, read } as Connector };
}

function rowOf(entity: Entity, number: number) {
  const user = `u${number}`;
  const values = { enabledUser: 'true', username: user, givenName: 'G', familyName: 'F' };
  if (entity === 'users') return { sourcedId: user, values };
  const role = { userSourcedId: user, roleType: 'primary', role: 'student', orgSourcedId: 's1' };
  return { sourcedId: `r${number}`, values: role };
}

function servicesOf(world: SyncWorld, beforePage: (page: number) => void = () => undefined) {
  const { reads, connector } = pairConnector(world.deps.connectors[0]!, beforePage);
  return { reads, deps: { ...world.deps, connectors: [connector] } satisfies SyncServices };
}

const all = (letter: string) => Array.from({ length: pupils }, (_, number) => `${letter}${number}`);

async function expectWhole(world: SyncWorld) {
  expect(await world.ids('users')).toEqual(all('u'));
  expect(await world.ids('roles')).toEqual(all('r'));
}

test('what comes together is read once, and staged as what it is', async () => {
  const world = await createSyncWorld(testDatabase, 'together');
  const { reads, deps } = servicesOf(world);
  const runId = await world.request();
  await workRun(deps, world.tenantId, runId, new AbortController().signal);
  const run = await world.run(runId);
  expect(run).toMatchObject({ state: 'applied', applied: { created: 11 } });
  expect(run.progress).toMatchObject({
    users: { rows: pupils, done: true },
    roles: { rows: pupils, done: true },
  });
  expect(reads.map(({ entity, alongside }) => [entity, alongside])).toEqual([
    ['orgs', undefined],
    ['users', ['roles']],
  ]);
  await expectWhole(world);
});

test('a source that breaks off goes on with both from where they are', async () => {
  const world = await createSyncWorld(testDatabase, 'breaks-off');
  const broken = servicesOf(world, (page) => {
    if (page === 1) throw new Error('down');
  });
  const runId = await world.request();
  await workRun(broken.deps, world.tenantId, runId, new AbortController().signal);
  expect((await world.run(runId)).state).toBe('reading');
  world.clock.at += 3_600_000;
  const { deps, reads } = servicesOf(world);
  await workRun(deps, world.tenantId, runId, new AbortController().signal);
  expect((await world.run(runId)).state).toBe('applied');
  expect(reads).toEqual([{ entity: 'users', mode: 'full', state: '2', resumes: true, alongside: ['roles'] }]);
  await expectWhole(world);
});

test.each([1, 2, 3])(
  'killed as an entity is noted for the %s. time, both end as they would have',
  async (at) => {
    const world = await createSyncWorld(testDatabase, `killed-together-${at}`);
    const { deps } = servicesOf(world);
    const runId = await world.request();
    let noted = 0;
    let isDead = false;
    const engine: SyncServices['engine'] = {
      ...deps.engine,
      load: (run, entity, source, hooks) =>
        deps.engine.load(run, entity, source, {
          ...hooks,
          // Rows are in staging, and nothing tells of them.
          onProgress: async (progress) => {
            noted += 1;
            isDead ||= noted === at;
            if (isDead) throw new Error('Killed');
            await hooks.onProgress(progress);
          },
        }),
    };
    await workRun({ ...deps, engine }, world.tenantId, runId, new AbortController().signal);
    await superuser.query('update sync_run set lease_until = now(), not_before = null where run_id = $1', [
      runId,
    ]);
    world.clock.at += 3_600_000;
    await workRun(deps, world.tenantId, runId, new AbortController().signal);
    const run = await world.run(runId);
    expect(run).toMatchObject({ state: 'applied', applied: { created: 11 } });
    await expectWhole(world);
  },
);

test('a run without the package that its source needs ends at once, and says what to do', async () => {
  const world = await createSyncWorld(testDatabase, 'no-package', { delta: 'files' });
  const run = await world.sync();
  expect(run).toMatchObject({ state: 'failed', reason: 'upload_missing' });
  expect(run.advice).toContain('Hand over a package');
});
