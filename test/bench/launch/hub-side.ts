import { openLanes } from '../load/connections.ts';
import { runPhases } from '../load/flow.ts';
import type { OpenLoopTimes } from '../load/open-loop.ts';
import type { Child, Children } from '../process/parent.ts';
import { startHubCopies } from '../world/hub-copies.ts';
import { hubLaunches, startHubLaunch, verifySampled } from './hub-launches.ts';
import type { HubLoad, HubLoadSettings } from './hub-load-process.ts';
import { lanesPerProcess, processCount, roundOf, type Side } from './side.ts';
import type { BenchWorld } from './world.ts';

export interface HubSide extends Side {
  processes: readonly Child[];
  /** Launches finished so far: as many rows must have opened. */
  finished(): number;
  /**
   * Launches at a constant rate, each second this many, whatever the answers do. The LMS signs between the requests, so
   * its share of the cores is taken, though its time is not counted. Those of the first `leadSeconds` do not count.
   */
  runAtRate(perSecond: number, seconds: number, leadSeconds: number): Promise<OpenLoopTimes>;
  /** The same in turns with the LMS, whose signing then takes nothing from the hub: so many that count, each so long. */
  runInTurns(perSecond: number, turns: number, secondsEach: number): Promise<OpenLoopTimes>;
  /** Verifies the signature of every twentieth token so far, and says how many. */
  verifyTokens(): Promise<number>;
}

/** Starts the copies of the hub, which serve and do no background work. */
export async function startHubSide(
  world: Pick<BenchWorld, 'hub' | 'tenants' | 'lms'>,
  children: Children,
  signal: AbortSignal,
): Promise<HubSide> {
  const { hubUrl, environment } = world.hub;
  const copies = startHubCopies(children, environment, processCount);
  const { processes, pids } = copies;
  const origins = await copies.open({ work: false });
  const { lanes, close } = openLanes(origins, lanesPerProcess);
  const { phases, sampled } = hubLaunches(hubUrl, world.tenants, world.lms);
  let next = 0;
  let finished = 0;

  let generator: Child | undefined;
  const generate = async (perSecond: number, length: HubLoadSettings['length']) => {
    const { privateKeyPem, authorizeUrl } = world.lms;
    const { tenants } = world;
    const settings = { origins, hubUrl, authorizeUrl, privateKeyPem, tenants, perSecond, length, from: next };
    generator ??= startGenerator(children);
    const { times, launches, sampledTokens } = await generator.ask<HubLoad>('run', settings);
    next += launches;
    finished += launches;
    for (const token of sampledTokens) sampled.push(token);
    return times;
  };

  return {
    name: 'hub',
    processes,
    pids,
    run: async (count) => {
      const launches = Array.from({ length: count }, () => startHubLaunch(next++));
      const times = await runPhases(launches, phases, lanes, signal);
      finished += count;
      return roundOf(count, times);
    },
    runAtRate: (perSecond, seconds, leadSeconds) => generate(perSecond, { seconds, leadSeconds }),
    runInTurns: (perSecond, turns, secondsEach) => generate(perSecond, { turns, secondsEach }),
    finished: () => finished,
    verifyTokens: () => verifySampled(sampled, origins[0]!, new URL(hubUrl).host),
    close,
  };
}

/** One for all its runs: while it starts, and until its code is warm, its clock charges that to the hub. */
function startGenerator(children: Children): Child {
  return children.start(
    new URL('./hub-load-process.ts', import.meta.url),
    // The LMS signs one token after the other: four at once would take both cores from whom is measured.
    { UV_THREADPOOL_SIZE: '1' },
    // What a turn leaves behind fits in its young heap, which is tidied when the turn is over; the old one is never full.
    {
      nodeOptions: [
        '--expose-gc',
        '--min-semi-space-size=256',
        '--max-semi-space-size=256',
        '--initial-old-space-size=1024',
      ],
    },
  );
}
