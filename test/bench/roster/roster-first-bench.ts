import type { Bench } from '../main.ts';
import { createYardstick } from '../measure/machine.ts';
import { median, rounded } from '../measure/statistics.ts';
import { compareSums, type RowSums, sumBare, sumRoster } from './check.ts';
import { csvSource } from './csv-source.ts';
import { type FinishedRun, startHubWorker } from './hub-side.ts';
import { type BenchPackage, largeDistrict } from './packages.ts';
import { describeRoster, type RosterRound } from './roster-report.ts';
import { openRosterWorld, type RosterWorld } from './roster-world.ts';

export const rosterFirstBench: Bench = {
  summary: 'a district of 1 M users and 10 M enrollments for the first time, against bare COPY and indexes',
  // Each takes minutes, and does the same thing once for ten million rows.
  defaults: { rounds: 1 },
  run: async ({ rounds: count, scale }, signal, say) => {
    const world = await openRosterWorld();
    try {
      say(`Writing the package, ${scale} of the whole …`);
      const source = await world.packages.write('base', largeDistrict(scale));
      const yardstick = createYardstick();
      const rounds: RosterRound[] = [];
      const speeds: number[] = [];
      const linkings: number[] = [];
      let sums: RowSums | undefined;
      for (let round = 1; round <= count; round++) {
        signal.throwIfAborted();
        speeds.push(yardstick());
        const limit = await loadBare(world, source);
        sums = await sumBare(world.bareClient);
        say(`round ${round}  limit  ${(limit.copy + limit.index).toFixed(1)} s`);
        const { hub, linking } = await loadThroughHub(world, source, { round, sums });
        say(
          `round ${round}  hub    ${hub.seconds.toFixed(1)} s, people's links ${linking.toFixed(1)} s after it`,
        );
        linkings.push(linking);
        rounds.push({ hub, limit });
      }
      if (sums === undefined) throw new Error('Nothing was measured.');
      return describeRoster({
        bench: 'roster-first',
        title: 'First load of a OneRoster CSV archive',
        scale,
        rounds,
        sums,
        toReach: 3,
        yardstick: speeds,
        postgresVersion: world.postgres.version,
        more: describeLinking(median(linkings)),
      });
    } finally {
      await world.close();
    }
  },
};

async function loadBare({ postgres, bare }: RosterWorld, source: BenchPackage) {
  await postgres.settle();
  return bare.first(source);
}

/** Each round is another school's first load. */
async function loadThroughHub(
  world: RosterWorld,
  source: BenchPackage,
  { round, sums }: { round: number; sums: RowSums },
): Promise<{ hub: FinishedRun; linking: number }> {
  const worker = await startHubWorker(world);
  const connected = await worker.connect(`district-${round}`, csvSource(source));
  await world.packages.offer(connected.tenantId, source);
  await world.postgres.settle();
  const hub = await worker.run(connected);
  const linking = await worker.stop();
  compareSums(await sumRoster(world.hubClient, connected.connectionId), sums);
  return { hub, linking };
}

function describeLinking(seconds: number) {
  return {
    fields: { linking_seconds: rounded(seconds) },
    lines: [`people's links came ${seconds.toFixed(1)} s after it, which is not counted`],
  };
}
