import type { Bench } from '../main.ts';
import { createYardstick } from '../measure/machine.ts';
import type { Difference } from './bare-side.ts';
import { compareSums, type RowSums, sumBare, sumRoster } from './check.ts';
import { csvSource } from './csv-source.ts';
import { type Connected, type FinishedRun, startHubWorker } from './hub-side.ts';
import { describeMeanwhile, type LaunchLoad, openLaunchLoad } from './launches-meanwhile.ts';
import { type BenchedEntity, type BenchPackage, benchedEntities, largeDistrict } from './packages.ts';
import { describeRoster, type RosterRound } from './roster-report.ts';
import { openRosterWorld, type RosterWorld } from './roster-world.ts';

/** Of a hundred rows, how many are not as they were. */
const changedShare = 0.02;

export const rosterNightlyBench: Bench = {
  summary:
    'the same district again with 2 % changed, against bare COPY and comparison, and launches meanwhile',
  defaults: { rounds: 1 },
  run: async ({ rounds: count, scale }, signal, say) => {
    const world = await openRosterWorld();
    const closers = [() => world.close()];
    try {
      say(`Writing the packages, ${scale} of the whole …`);
      const district = largeDistrict(scale);
      const base = await world.packages.write('base', district);
      const changed = await world.packages.write('changed', district.changed(changedShare, 1));
      say('First load on both sides, not counted …');
      const connected = await loadFirst(world, base, changed);
      const yardstick = createYardstick();
      const rounds: RosterRound[] = [];
      const speeds: number[] = [];
      let sums: RowSums | undefined;
      // There and back again: each night differs from the one before by the same rows.
      const nightOf = (number: number) => (number % 2 === 1 ? changed : base);
      for (let round = 1; round <= count; round++) {
        signal.throwIfAborted();
        speeds.push(yardstick());
        await world.postgres.settle();
        const { copy, diff, found } = await world.bare.night(nightOf(round));
        sums = await sumBare(world.bareClient);
        await world.bare.keep();
        say(`round ${round}  limit  ${(copy + diff).toFixed(1)} s`);
        const hub = await runNight(world, connected, nightOf(round), () => world.postgres.settle());
        say(`round ${round}  hub    ${hub.seconds.toFixed(1)} s`);
        compareSums(await sumRoster(world.hubClient, connected.connectionId), sums);
        comparePlans(hub.counts, found);
        rounds.push({ hub, limit: { copy, diff } });
      }
      if (sums === undefined) throw new Error('Nothing was measured.');
      say('Once more, with launches meanwhile …');
      const launches = await openLaunchLoad(world, signal);
      closers.push(() => launches.close());
      const meanwhile = await runWithLaunches(world, connected, nightOf(count + 1), launches);
      return describeRoster({
        bench: 'roster-nightly',
        title: `The same again with ${changedShare * 100} % changed`,
        scale,
        rounds,
        sums,
        toReach: 2.5,
        yardstick: speeds,
        postgresVersion: world.postgres.version,
        more: meanwhile,
      });
    } finally {
      for (const close of closers.reverse()) await close();
    }
  },
};

async function loadFirst(world: RosterWorld, base: BenchPackage, changed: BenchPackage): Promise<Connected> {
  await world.bare.first(base);
  await world.bare.keep();
  const worker = await startHubWorker(world);
  const connected = await worker.connect('district', csvSource(base));
  for (const source of [base, changed]) await world.packages.offer(connected.tenantId, source);
  await worker.run(connected);
  await worker.stop();
  return connected;
}

/** In a process of its own, so that its memory is that of this run. @param ready just before the run is asked for */
async function runNight(
  world: RosterWorld,
  connected: Connected,
  night: BenchPackage,
  ready: () => Promise<unknown>,
): Promise<FinishedRun> {
  const worker = await startHubWorker(world);
  await worker.point(connected, csvSource(night).settings);
  await ready();
  const run = await worker.run(connected);
  await worker.stop();
  return run;
}

async function runWithLaunches(
  world: RosterWorld,
  connected: Connected,
  night: BenchPackage,
  launches: LaunchLoad,
): Promise<ReturnType<typeof describeMeanwhile>> {
  const worker = await startHubWorker(world);
  await worker.point(connected, csvSource(night).settings);
  await world.postgres.settle();
  const quiet = await launches.quiet();
  const running = worker.run(connected);
  const busy = await launches.until(running);
  const { seconds } = await running;
  await worker.stop();
  return describeMeanwhile({ perSecond: launches.perSecond, quiet, busy, seconds });
}

/** @throws Error where the hub's plan is not the difference between the files */
function comparePlans(plan: FinishedRun['counts'], found: Readonly<Record<BenchedEntity, Difference>>): void {
  for (const entity of benchedEntities) {
    const [has, needs] = [plan[entity] ?? { created: 0, changed: 0, removed: 0 }, found[entity]];
    if (has.created === needs.created && has.changed === needs.changed && has.removed === needs.removed)
      continue;
    throw new Error(
      `The plan of ${entity} is ${JSON.stringify(has)}, the files say ${JSON.stringify(needs)}.`,
    );
  }
}
