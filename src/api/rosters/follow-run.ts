import { setTimeout as wait } from 'node:timers/promises';
import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { ConnectionId, RunId, TenantId } from '../../../contracts/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Run } from '../../sync/run.ts';
import { getRoster, getRun, listRuns } from '../../sync/sync.ts';
import type { Handlers } from '../router.ts';
import { addSample, isOver, progressOf, readSoFar, type Sample } from './run-progress.ts';

export interface FollowLimits {
  /** Streams of this copy at once. */
  streams: number;
  /** Of one caller, who would otherwise leave none to the others. */
  ofOneCaller: number;
  /** How often a run is looked at. */
  tickMs: number;
  /** After so long a stream ends; browsers ask again, and whether they still may is checked anew. */
  longestMs: number;
}

const usual: FollowLimits = { streams: 200, ofOneCaller: 20, tickMs: 1_000, longestMs: 5 * 60_000 };

/** Something is sent this often, so that proxies keep a silent stream open, and one whose reader has gone is noticed. */
const silenceMs = 15_000;

/** What is done for the endpoint that tells a run's progress as it happens (HTML, "Server-sent events"). */
export function followHandlers(
  db: Database,
  clock: Clock,
  given: Partial<FollowLimits> = {},
): Pick<Handlers<typeof consoleEndpoints>, 'followRun'> {
  const limits = { ...usual, ...given };
  /** By caller; nobody stays in it at zero. */
  const open = new Map<string, number>();
  const count = (actor: string, change: 1 | -1) => {
    const now = (open.get(actor) ?? 0) + change;
    if (now === 0) open.delete(actor);
    else open.set(actor, now);
  };
  const isFull = (actor: string) =>
    (open.get(actor) ?? 0) >= limits.ofOneCaller ||
    [...open.values()].reduce((sum, each) => sum + each, 0) >= limits.streams;
  return {
    followRun: async ({ tenant: { tenantId }, params, by: { actor }, signal }) => {
      const find = () => findRun(db, tenantId, params);
      const first = await find();
      const expected = await expectedRows(db, tenantId, first);
      if (isFull(actor)) {
        const message =
          'This copy of the hub tells you, or all, the progress of as many runs as it can. Try again shortly.';
        throw new DomainError('rate_limited', 'too_many_streams', message);
      }
      const events = tell({ first, find, expected, clock, signal, limits });
      // Counted from now, and not from its first piece: that is asked for later.
      count(actor, 1);
      return untilReturned(events, () => count(actor, -1));
    },
  };
}

interface Followed {
  first: Run;
  find(): Promise<Run>;
  expected: number | undefined;
  clock: Clock;
  signal: AbortSignal;
  limits: FollowLimits;
}

async function* tell({ first, find, expected, clock, signal, limits }: Followed): AsyncGenerator<string> {
  const { tickMs, longestMs } = limits;
  const until = clock.now() + longestMs;
  let samples: Sample[] = [];
  let last = { text: '', at: 0 };
  for (let run = first; ; run = await find()) {
    const now = clock.now();
    samples = addSample(samples, { at: now, read: readSoFar(run) });
    const { at, ...progress } = progressOf(run, samples, expected);
    const text = JSON.stringify(progress);
    const data = `data: ${JSON.stringify({ ...progress, at })}\n\n`;
    if (isOver(run)) {
      yield `event: end\n${data}`;
      return;
    }
    if (text !== last.text) {
      last = { text, at: now };
      yield `event: progress\n${data}`;
    } else if (now - last.at >= silenceMs) {
      last = { text, at: now };
      yield ': still there\n\n';
    }
    if (now >= until || !(await pause(tickMs, signal))) return;
  }
}

/** @returns whether the time went by; not when the caller went first */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return wait(ms, true, { signal }).catch(() => false);
}

/** The run of an address; one of another roster is not there. */
async function findRun(
  db: Database,
  tenantId: TenantId,
  { connectionId, runId }: { connectionId: string; runId: string },
): Promise<Run> {
  return db.withTenant(tenantId, async (tx) => {
    await getRoster(tx, connectionId as ConnectionId);
    const run = await getRun(tx, runId as RunId);
    if (run.connectionId === connectionId) return run;
    const message = `This roster has no run ${runId}. List its runs to see their ids.`;
    throw new DomainError('not_found', 'run_unknown', message);
  });
}

/** As many rows as the last run of the same mode that was applied has read: sources change little from day to day. */
async function expectedRows(db: Database, tenantId: TenantId, run: Run): Promise<number | undefined> {
  const runs = await db.withTenant(tenantId, (tx) => listRuns(tx, run.connectionId, { limit: 20 }));
  const before = runs.find(
    ({ runNo, mode, state }) => runNo < run.runNo && mode === run.mode && state === 'applied',
  );
  return before && readSoFar(before);
}

/** Gives what a source gives, and says once when nobody reads it any more, however that came about. */
function untilReturned<Piece>(source: AsyncGenerator<Piece>, done: () => void): AsyncIterable<Piece> {
  let isDone = false;
  const finish = () => {
    if (!isDone) done();
    isDone = true;
  };
  const iterator: AsyncIterator<Piece> = {
    next: async () => {
      try {
        const result = await source.next();
        if (result.done === true) finish();
        return result;
      } catch (error) {
        finish();
        throw error;
      }
    },
    return: async () => {
      finish();
      return source.return(undefined);
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
