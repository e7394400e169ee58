import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Sink } from './sink.ts';
import { noteFailure, planNext, readLines, type SinkPlan, settlePlan } from './sink-store.ts';

export { listStandings, type SinkStanding } from './sink-store.ts';

export interface SinkDeps {
  db: Pick<Database, 'withRollup'>;
  clock: Clock;
  log: Log;
  sinks: readonly Sink[];
}

/** About so many exchanges in an object. */
const usualMost = 20_000;

/** Sends out what has ended since, to every sink. One that fails stops no other; it goes on where it was. */
export async function sendOut(deps: SinkDeps, signal?: AbortSignal, most = usualMost): Promise<void> {
  for (const sink of deps.sinks) {
    await sendTo(deps, sink, { signal, most }).catch(async (error: unknown) => {
      deps.log.warn('sink_failed', { error });
      const code = error instanceof DomainError ? error.code : 'sink_failed';
      await deps.db.withRollup((tx) => noteFailure(tx, sink.name, code, new Date(deps.clock.now())));
    });
  }
}

/**
 * Sends object after object: planned, put, settled. After a fault between two of them the same object comes again under the same
 * name, so that nothing is missed, and what comes twice replaces itself.
 */
async function sendTo(
  { db, clock }: SinkDeps,
  sink: Sink,
  { signal, most }: { signal: AbortSignal | undefined; most: number },
): Promise<void> {
  while (signal?.aborted !== true) {
    const plan = await db.withRollup((tx) => planNext(tx, sink.name, { most, now: new Date(clock.now()) }));
    if (plan === undefined) return;
    const lines = await db.withRollup((tx) => readLines(tx, plan));
    await sink.put({ name: nameOf(plan), body: Buffer.from(`${lines.join('\n')}\n`) }, signal);
    const done = { rows: lines.length, now: new Date(clock.now()) };
    await db.withRollup((tx) => settlePlan(tx, sink.name, plan, done));
  }
}

/** In the order of their names objects follow each other. */
function nameOf({ after, upTo }: SinkPlan): string {
  const padded = (value: bigint) => String(value).padStart(20, '0');
  return `exchanges/${padded(after + 1n)}-${padded(upTo)}.ndjson`;
}
