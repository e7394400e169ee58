import { type HubSide, startHubSide } from '../launch/hub-side.ts';
import { startBenchLms } from '../launch/lms.ts';
import { introductions, tenantCount } from '../launch/population.ts';
import { setUpSchools } from '../launch/tenants.ts';
import type { OpenLoopTimes } from '../load/open-loop.ts';
import { percentile, rounded } from '../measure/statistics.ts';
import type { RosterWorld } from './roster-world.ts';

/** Launches at a constant rate through two copies of the hub that serve, for other schools than the one that syncs. */
export interface LaunchLoad {
  perSecond: number;
  /** While nothing else happens. */
  quiet(): Promise<OpenLoopTimes>;
  /** Until the work is done, or has failed. */
  until(work: Promise<unknown>): Promise<OpenLoopTimes>;
  close(): Promise<void>;
}

/** So many that there is a 99th percentile, so few that they are not what is measured. */
const perSecond = 40;

/** As long as a run takes: of fewer launches the 99th percentile is that of a handful. */
const quietSeconds = 40;

export async function openLaunchLoad(
  { hub, postgres, children }: RosterWorld,
  signal: AbortSignal,
): Promise<LaunchLoad> {
  const lms = await startBenchLms();
  const tenants = await setUpSchools(postgres.urlOf('gatehouse'), hub.hubUrl, lms);
  const side: HubSide = await startHubSide({ hub, tenants, lms }, children, signal);
  // So that the copies run as code that V8 has optimised.
  await side.run(Math.ceil(introductions / tenantCount) * tenantCount);
  await side.run(5 * tenantCount);
  return {
    perSecond,
    quiet: () => side.runAtRate(perSecond, quietSeconds, 2),
    until: async (work) => {
      let isDone = false;
      const done = () => {
        isDone = true;
      };
      work.then(done, done);
      const all: OpenLoopTimes = { journeys: 0, requests: {}, wholeJourneys: [] };
      do append(all, await side.runAtRate(perSecond, 2, 0));
      while (!isDone);
      return all;
    },
    close: async () => {
      await side.close();
      await lms.close();
    },
  };
}

function append(all: OpenLoopTimes, some: OpenLoopTimes): void {
  all.journeys += some.journeys;
  for (const time of some.wholeJourneys) all.wholeJourneys.push(time);
  for (const [phase, times] of Object.entries(some.requests)) {
    all.requests[phase] = [...(all.requests[phase] ?? []), ...times];
  }
}

/** How much longer launches took while the run was under way. */
export function describeMeanwhile(measured: {
  perSecond: number;
  quiet: OpenLoopTimes;
  busy: OpenLoopTimes;
  seconds: number;
}): { fields: Record<string, unknown>; lines: string[] } {
  const [quiet, busy] = [measured.quiet, measured.busy].map(({ wholeJourneys }) => ({
    p50: rounded(percentile(wholeJourneys, 0.5)),
    p99: rounded(percentile(wholeJourneys, 0.99)),
  })) as [{ p50: number; p99: number }, { p50: number; p99: number }];
  const ratio = rounded(busy.p99 / quiet.p99);
  return {
    fields: {
      launch_p50_quiet_ms: quiet.p50,
      launch_p99_quiet_ms: quiet.p99,
      launch_p50_meanwhile_ms: busy.p50,
      launch_p99_meanwhile_ms: busy.p99,
      launch_p99_ratio: ratio,
      launches_meanwhile: measured.busy.journeys,
      seconds_with_launches: rounded(measured.seconds),
    },
    lines: [
      `${measured.perSecond} launches a second meanwhile: p99 ${busy.p99} ms, quiet ${quiet.p99} ms: ${ratio} × (at most 2)`,
      `  (the run took ${measured.seconds.toFixed(1)} s with them; ${measured.busy.journeys} launches)`,
    ],
  };
}
