import type { Bench } from '../main.ts';
import { createYardstick } from '../measure/machine.ts';
import { median, rounded } from '../measure/statistics.ts';
import { compareSums, type RowSums, sumBare, sumRoster } from './check.ts';
import { type FinishedRun, startHubWorker } from './hub-side.ts';
import { largeDistrict } from './packages.ts';
import { describeRoster, type RosterRound } from './roster-report.ts';
import { openRosterWorld, type RosterWorld } from './roster-world.ts';
import { type SisSettings, sisConsumer, startSis } from './sis.ts';

/** Of the large district's ten million enrollments. */
const partOfLarge = 0.1;
/** A fast system: design measurements had 0.9 s for 50,000 rows by key out of a large table. */
const sisSettings = { pageRows: 10_000, pageMs: 180 };

export const rosterRestBench: Bench = {
  summary: '1 M enrollments from a OneRoster REST source, against its own paging time',
  defaults: { rounds: 1 },
  run: async ({ rounds: count, scale }, signal, say) => {
    const world = await openRosterWorld();
    try {
      const settings: SisSettings = { ...sisSettings, scale: scale * partOfLarge };
      say('Starting the simulated system …');
      const expected = await readExpected(world, settings.scale);
      const sis = await startSis(world.children, settings);
      await sis.page();
      const yardstick = createYardstick();
      const rounds: RosterRound[] = [];
      const speeds: number[] = [];
      let paged = { pages: 0, bytes: 0 };
      for (let round = 1; round <= count; round++) {
        signal.throwIfAborted();
        speeds.push(yardstick());
        const { seconds, ...what } = await sis.page();
        paged = what;
        say(`round ${round}  limit  ${seconds.toFixed(1)} s`);
        const hub = await readThroughHub(world, { round, baseUrl: sis.baseUrl, expected });
        say(`round ${round}  hub    ${hub.seconds.toFixed(1)} s`);
        rounds.push({ hub, limit: { paging: seconds } });
      }
      return describeRoster({
        bench: 'roster-rest',
        title: 'First load from a OneRoster REST source',
        scale,
        rounds,
        sums: expected,
        toReach: 1.2,
        yardstick: speeds,
        postgresVersion: world.postgres.version,
        more: describePages(paged, rounds),
      });
    } finally {
      await world.close();
    }
  },
};

/** What the rows come to, from the same district's files. */
async function readExpected({ packages, bare, bareClient }: RosterWorld, scale: number): Promise<RowSums> {
  await bare.first(await packages.write('base', largeDistrict(scale)));
  return sumBare(bareClient, restChecks);
}

/** In REST roles are parts of users and have no sourcedIds of their own. */
const restChecks = { withoutIds: ['roles'] as const };

async function readThroughHub(
  world: RosterWorld,
  { round, baseUrl, expected }: { round: number; baseUrl: string; expected: RowSums },
): Promise<FinishedRun> {
  const worker = await startHubWorker(world);
  const settings = {
    baseUrl,
    version: '1.2',
    auth: 'oauth2',
    tokenUrl: `${baseUrl}/token`,
    pageSize: sisSettings.pageRows,
    ...sisConsumer,
  };
  const connected = await worker.connect(`district-${round}`, { connector: 'oneroster-rest', settings });
  await world.postgres.settle();
  const run = await worker.run(connected);
  await worker.stop();
  compareSums(await sumRoster(world.hubClient, connected.connectionId, restChecks), expected);
  return run;
}

/** @returns how the reading alone compares besides: what follows it waits for no source */
function describePages({ pages, bytes }: { pages: number; bytes: number }, rounds: readonly RosterRound[]) {
  const { pageRows, pageMs } = sisSettings;
  const reading = rounded(
    median(rounds.map(({ hub, limit }) => (hub.states.reading ?? Number.NaN) / (limit.paging ?? Number.NaN))),
  );
  return {
    fields: {
      pages,
      page_rows: pageRows,
      page_ms: pageMs,
      megabytes: Math.round(bytes / 1e6),
      ratio_reading: reading,
    },
    lines: [
      `reading alone, until all rows are in staging: ${reading} × the limit`,
      `the source gives ${pageRows} rows a page and takes ${pageMs} ms for one, its sending not counted: ${pages} pages, ${Math.round(bytes / 1e6)} MB`,
    ],
  };
}
