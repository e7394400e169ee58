import { createCpuMeter } from '../measure/cpu.ts';
import { type Checked, checkDelivered, countPending, waitForEnds } from './check.ts';
import { handInAtCopies } from './hand-in-at-copies.ts';
import type { LoadRun } from './load.ts';
import { beginRate, lanesPerProcess, type Rate, reach, startingShare } from './sides.ts';
import type { GradesWorld } from './world.ts';

/** Which scores are sent, and how many. */
export interface Batch {
  /** Numbers of the schools, all by default. */
  schools?: number[];
  seconds?: number;
  most?: number;
}

/** Scores that are sent singly, evenly spaced, whatever becomes of those before. */
export interface Singles {
  schools?: number[];
  perSecond: number;
  seconds: number;
}

/** The hub's copies in the shapes they are measured in, and the check of all they did. */
export interface HubSide {
  /** Scores accepted while nothing is delivered. */
  accept(batch: Batch): Promise<Rate>;
  /** Delivers what waits; the rate is that of the last two thirds. */
  deliver(): Promise<Rate>;
  /** Both at once over HTTP, until everything accepted is delivered. Superseded scores do not count. */
  acceptAndDeliver(batch: Batch): Promise<Rate>;
  /** The same, the scores handed in by a call within the copies, as pg-boss is given its jobs. */
  handInAndDeliver(seconds: number): Promise<Rate>;
  /**
   * Opens copies that accept and deliver, and in the end lets them deliver all there is.
   *
   * @param run is given what sends single scores: milliseconds from when each was due until the LMS had stored it
   */
  whileWorking<Result>(
    run: (send: (singles: Singles) => Promise<number[]>) => Promise<Result>,
  ): Promise<Result>;
  /** What has been checked so far. */
  checked(): Checked;
}

/** One score in so many is followed by a newer one of its line, which tests that order is kept. */
const repeatEvery = 50;
const deliverMs = 180_000;

export function createHubSide(world: GradesWorld, signal: AbortSignal): HubSide {
  const { copies, lms, load, tenants } = world;
  const allSchools = tenants.map((_tenant, number) => number);
  const meter = createCpuMeter({ hub: copies.pids, lms: lms.pids, load: [load.pid] }, world.postgres.pid);
  let accepted = 0;
  let checked: Checked = { deliveries: 0, delivered: 0, superseded: 0, lines: 0 };

  const stored = async () => (await lms.counts()).stored;
  const send = async (origins: string[], batch: Batch): Promise<LoadRun> => {
    const { schools = allSchools, seconds = Infinity, most = Infinity } = batch;
    // Where a number is asked for, that many lines get a score.
    const repeats = most === Infinity ? repeatEvery : Infinity;
    const loop = { origins, lanesPerOrigin: lanesPerProcess, schools, seconds, most, repeatEvery: repeats };
    const run = await load.runClosedLoop(loop);
    accepted += run.accepted;
    return run;
  };
  const finish = async () => {
    await lms.waitFor(await load.finals(allSchools), deliverMs, signal);
    await waitForEnds(world, signal);
  };
  const shutAndCheck = async () => {
    await copies.shut();
    checked = await checkDelivered(world, accepted, signal);
  };
  const sendSingly = async (origins: string[], singles: Singles): Promise<number[]> => {
    const { schools = allSchools } = singles;
    await lms.noteArrivals();
    const run = await load.runAtRate({ origins, leadSeconds: 1, ...singles, schools });
    accepted += run.accepted;
    await lms.waitFor(await load.finals(schools), deliverMs, signal);
    const arrivals = await lms.takeArrivals();
    return [...run.due].map(([number, due]) => {
      const arrived = arrivals.get(number);
      if (arrived === undefined) throw new Error('A single score has not arrived.');
      return arrived - due;
    });
  };

  return {
    accept: async (batch) => {
      const waiting = await countPending(world);
      const origins = await copies.open({ work: false });
      const rate = beginRate(meter);
      const run = await send(origins, batch);
      const result = rate(run.accepted, run.seconds);
      await copies.shut();
      const more = (await countPending(world)) - waiting;
      if (more === run.accepted) return result;
      throw new Error(`${run.accepted} scores were accepted and ${more} more are pending.`);
    },
    deliver: async () => {
      const start = (await stored()) + (await countPending(world)) * startingShare;
      await copies.open({ work: true });
      const before = await reach(start, stored, signal);
      const rate = beginRate(meter);
      await finish();
      const result = rate((await stored()) - before);
      await shutAndCheck();
      return result;
    },
    acceptAndDeliver: async (batch) => {
      const origins = await copies.open({ work: true });
      const before = await stored();
      const rate = beginRate(meter);
      await send(origins, batch);
      await finish();
      const result = rate((await stored()) - before);
      await shutAndCheck();
      return result;
    },
    handInAndDeliver: async (seconds) => {
      await copies.open({ work: true });
      const before = await stored();
      const rate = beginRate(meter);
      accepted += await handInAtCopies(world, seconds);
      await finish();
      const result = rate((await stored()) - before);
      await shutAndCheck();
      return result;
    },
    whileWorking: async (run) => {
      const origins = await copies.open({ work: true });
      const result = await run((singles) => sendSingly(origins, singles));
      await finish();
      await shutAndCheck();
      return result;
    },
    checked: () => checked,
  };
}
