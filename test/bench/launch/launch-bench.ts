import type { OpenLoopTimes } from '../load/open-loop.ts';
import type { Bench } from '../main.ts';
import { createYardstick } from '../measure/machine.ts';
import type { BenchOptions } from '../options.ts';
import { type Children, createChildren } from '../process/parent.ts';
import { profileWork } from '../process/profile-work.ts';
import { type HubSide, startHubSide } from './hub-side.ts';
import { type LimitSide, startLimitSide } from './limit-side.ts';
import { startLtijsSide } from './ltijs-side.ts';
import { type CpuUse, runWithCpuUse } from './machine-use.ts';
import { introductions, tenantCount } from './population.ts';
import { describeLaunches } from './report.ts';
import type { Round, Side } from './side.ts';
import { type BenchWorld, openWorld } from './world.ts';

export interface MeasuredRound extends Round {
  cpu: CpuUse;
}

/** Launches that arrive at a constant rate: half of what the hub had taken just before. */
export interface OpenRound {
  perSecond: number;
  times: OpenLoopTimes;
}

export interface LaunchMeasurements {
  /** By side, in the order of the rounds. */
  rounds: { hub: MeasuredRound[]; ltijs: MeasuredRound[]; limit: MeasuredRound[] };
  /** Speed of the same small piece of work before each round: how steady the machine was. */
  yardstick: number[];
  openLoop: OpenRound[];
  tokensVerified: number;
  launchesChecked: number;
  postgresVersion: string;
}

export const launchBench: Bench = {
  summary: 'complete launches through both legs, against ltijs and against a bare loop',
  run: async (options, signal, say) => {
    const children = createChildren();
    const closers: (() => Promise<unknown>)[] = [];
    try {
      say('Starting PostgreSQL, the LMS, 200 tenants, two hubs, two ltijs, two bare loops …');
      const world = await openWorld();
      closers.push(() => world.close());
      closers.push(() => children.stopAll());
      const hub = await startHubSide(world, children, signal);
      const ltijs = await startLtijsSide(world, children, signal);
      const limit = await startLimitSide(world, children);
      closers.push(() => hub.close());
      const measured = await measure({ options, world, children, hub, ltijs, limit, signal, say });
      const result = describeLaunches(measured);
      if (!options.profile) return result;
      say('Profiling one hub process …');
      const profile = await profileWork(hub.processes, {
        unit: 'launch',
        run: async () => (await hub.run(2_000)).count,
      });
      return {
        fields: { ...result.fields, profile: profile.fields },
        table: `${result.table}\n\n${profile.table}`,
      };
    } finally {
      for (const close of closers.reverse()) await close();
    }
  },
};

/** Turns of launches at a constant rate that count, together as long as a round of the others. */
const turns = 2;

/** So that every side runs as code that V8 has optimised, as in a copy that has been up for a minute. */
const warmLaunches = 20 * tenantCount;

interface Parts {
  options: BenchOptions;
  world: BenchWorld;
  children: Children;
  hub: HubSide;
  ltijs: Side;
  limit: LimitSide;
  signal: AbortSignal;
  say(line: string): void;
}

async function measure({
  options,
  world,
  children,
  hub,
  ltijs,
  limit,
  signal,
  say,
}: Parts): Promise<LaunchMeasurements> {
  const sides = { hub, ltijs, limit };
  const counts = { hub: 0, ltijs: 0, limit: 0 };
  for (const [name, side] of entries(sides)) {
    // The second run is about as fast as all that follow.
    await side.run(toTurns(introductions));
    const warm = await side.run(warmLaunches);
    counts[name] = toTurns(warm.perSecond * options.seconds);
    say(`${name.padEnd(6)} warm: ${introductions + warm.count} launches`);
  }

  const yardstick = createYardstick();
  const measured: LaunchMeasurements = {
    rounds: { hub: [], ltijs: [], limit: [] },
    yardstick: [],
    openLoop: [],
    tokensVerified: 0,
    launchesChecked: 0,
    postgresVersion: world.postgres.version,
  };
  for (let round = 1; round <= options.rounds; round++) {
    for (const [name, side] of entries(sides)) {
      signal.throwIfAborted();
      measured.yardstick.push(yardstick());
      // Connections that were closed while the others ran are opened again before the clock starts.
      await side.run(tenantCount);
      const result = await runWithCpuUse(side, world.postgres.pid, counts[name]);
      measured.rounds[name].push(result);
      say(`round ${round}  ${name.padEnd(6)} ${result.perSecond.toFixed(0)} launches/s`);
    }
  }

  // Idle heaps are tidied some seconds later, on the cores that the hub is measured on.
  for (const side of [ltijs, limit]) {
    await side.close();
    await children.stop(side.pids);
  }
  await world.postgres.settle();
  for (let round = 1; round <= options.rounds; round++) {
    signal.throwIfAborted();
    measured.yardstick.push(yardstick());
    // The top rate of now: where others use the machine too it is not what it was a minute ago.
    const top = await hub.run(toTurns(counts.hub / 2));
    const perSecond = Math.max(1, Math.round(top.perSecond / 2));
    say(`round ${round}  hub at ${perSecond} launches/s, arriving evenly …`);
    const times = await hub.runInTurns(perSecond, turns, options.seconds / turns);
    measured.openLoop.push({ perSecond, times });
  }
  measured.tokensVerified = await hub.verifyTokens();
  measured.launchesChecked = await checkRows(world, hub.finished() + limit.finished());
  return measured;
}

/** Every launch that was answered has opened in the database, and none is there beside them. */
async function checkRows(world: BenchWorld, expected: number): Promise<number> {
  const { opened, other } = await world.countLaunches();
  if (opened !== expected || other !== 0) {
    throw new Error(
      `${expected} launches were answered, ${opened} have opened in the database, ${other} have not.`,
    );
  }
  return opened;
}

/** Whole turns through the tenants. */
function toTurns(count: number): number {
  return Math.max(1, Math.round(count / tenantCount)) * tenantCount;
}

function entries(sides: { hub: Side; ltijs: Side; limit: Side }): ['hub' | 'ltijs' | 'limit', Side][] {
  return [
    ['hub', sides.hub],
    ['ltijs', sides.ltijs],
    ['limit', sides.limit],
  ];
}
