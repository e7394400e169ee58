import { afterAll, expect, test } from 'vitest';
import type { RunId } from '../../../contracts/ids.ts';
import type { RunState } from '../../../contracts/sync.ts';
import { chooseSeed, createRandom } from '../random.ts';
import { catchRun, freeLeases, freeze, goOnFor, killAll } from '../roster/blows.ts';
import { findUnfinished } from '../roster/history.ts';
import { untilPeace } from '../roster/peace.ts';
import { openRosterWorld } from '../roster/roster-world.ts';
import { findDifferences } from '../roster/same-roster.ts';
import { districtAt, firstNight, type Night } from '../roster/sis.ts';
import { statesOf, watchRosters } from '../roster/watch.ts';

const seed = chooseSeed();
console.log(`FAULTS_SEED=${seed}`);
const random = createRandom(seed);
const world = await openRosterWorld();
afterAll(() => world.close());
const { connections, operator, query, tenantId } = world;
const serving = world.copies.filter(({ duty }) => duty === 'serve');
const workers = ['work-1', 'work-2'].map((name) => world.startWorking(name, 'clock'));
const watch = watchRosters(world, tenantId);
world.onClose(() => watch.stop());
const clock = { offsetMs: 0 };
const struck = new Map<string, number>();
/** So much of the district is different from its first night: not so much that a run waits for somebody. */
const nightly = 0.07;
/** Every state that a reader may see: that in which a night has ended. */
const whole = new Set<string>();

const startAll = () => Promise.all(connections.map((each) => operator.start(each)));
const at = (state: RunState) => (run: { state: RunState }) => run.state === state;

/** Waits for a run in a state, and strikes there or a moment later: what it was doing goes on meanwhile. */
async function strike(runIds: readonly RunId[], state: RunState, blow: () => Promise<void>): Promise<void> {
  const letGo = await catchRun(world, runIds, at(state));
  if (letGo === undefined) return;
  struck.set(state, (struck.get(state) ?? 0) + 1);
  const [goesOn, ms] = [random.chance(0.5), random.whole(0, 120)];
  if (goesOn) await letGo();
  await goOnFor(ms);
  await blow();
  await letGo();
  await freeLeases(world);
}

const kill = () => killAll(random.chance(0.6) ? workers : [random.pick(workers)]);
const crash = () => world.restartDatabase();

/** A night has ended: the roster is what the source has, and that is what readers may see from now on. */
async function endNight(night: Night): Promise<void> {
  await untilPeace(world, clock);
  for (const connectionId of connections) {
    expect((await findDifferences(world, tenantId, connectionId, districtAt(night))).slice(0, 5)).toEqual([]);
  }
  for (const state of statesOf(await watch.look())) whole.add(state);
}

const held = async (runIds: readonly RunId[]): Promise<RunId[]> => {
  const rows = await query<{ run_id: RunId }>(
    `select run_id from sync_run where run_id = any($1) and state = 'held'`,
    [runIds],
  );
  return rows.map((row) => row.run_id);
};

test('copies killed in every state of a run, and the database with them, leave each roster as its source has it', async () => {
  // The first night: everything is new.
  let runs = await startAll();
  for (const state of ['reading', 'staged', 'validated', 'planned', 'approved', 'applying'] as const) {
    await strike(runs, state, kill);
  }
  await endNight(firstNight);

  // The second: the database crashes, and a copy that was thought dead goes on.
  const second: Night = { share: nightly, round: 1 };
  await world.become(second);
  runs = await startAll();
  await strike(runs, 'reading', async () => freeze(random.pick(workers), 3_000));
  await strike(runs, 'validated', crash);
  await strike(runs, 'applying', crash);
  await endNight(second);

  // The third is taken back, by a copy that dies over it; what comes again waits for somebody.
  const third: Night = { share: nightly, round: 2 };
  await world.become(third);
  runs = await startAll();
  await strike(runs, 'applying', kill);
  await endNight(third);
  const undone = connections.map((connectionId, index) =>
    operator.decide(connectionId, runs[index]!, 'undo'),
  );
  const letGo = await catchRun(world, runs, ({ lease_token }) => lease_token !== null, at('applied'));
  await letGo?.();
  await goOnFor(random.whole(0, 150));
  await killAll(serving);
  await freeLeases(world);
  struck.set('undo', letGo === undefined ? 0 : 1);
  for (const code of await Promise.all(undone))
    expect([undefined, 'run_state', 'roster_busy']).toContain(code);
  await endNight(second);
  runs = await startAll();
  await strike(runs, 'planned', kill);
  await untilPeace(world, clock);
  expect(await held(runs)).toHaveLength(2);
  // What was read is gone while it waits: it is read anew when it is approved.
  await crash();
  for (const [index, connectionId] of connections.entries()) {
    expect(await operator.decide(connectionId, runs[index]!, 'approve')).toBeUndefined();
  }
  await strike(runs, 'reading', kill);
  await strike(runs, 'applying', kill);
  await endNight(third);

  await watch.stop();
  console.log(
    JSON.stringify({ struck: Object.fromEntries(struck), looks: watch.looks(), seen: watch.seen.size }),
  );
  expect([...watch.seen].filter((state) => !whole.has(state))).toEqual([]);
  expect(await findUnfinished(world)).toEqual([]);
  expect([...struck.values()].reduce((sum, each) => sum + each, 0)).toBeGreaterThan(7);
  // A minute, on a machine that does nothing else.
}, 240_000);
