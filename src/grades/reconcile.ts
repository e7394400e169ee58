import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import { compareResult } from './compare.ts';
import type { GradeDestination, GradeReason, GradeWay, ReadResult } from './destination.ts';
import {
  type Comparable,
  type ComparableItem,
  type ComparedLine,
  type ExpectedLine,
  listComparableItems,
  listExpected,
  saveDrift,
} from './reconcile-store.ts';

export { type DriftedLine, listComparableConnections, listDrift } from './reconcile-store.ts';

export interface ReconcileServices {
  db: Pick<Database, 'tenant'>;
  destination: GradeDestination;
  clock: Clock;
  log: Pick<Log, 'warn'>;
}

export interface Reconciliation {
  /** Persons' results that were compared: alike, different and missing ones together. */
  compared: number;
  differs: number;
  missing: number;
  /** Line items whose results could not be read. */
  unreadable: number;
  /** Why nothing could be read at all. */
  fault?: GradeReason;
}

const day = 86_400_000;
/** Line items of one run, and those whose scores are read at once. */
const itemsPerRun = 500;
const itemsPerBatch = 50;
/** A destination that cannot be read so often in a row is left alone until the next run. */
const giveUpAfter = 5;

/** What is compared once a day: scores of the last half year, which is longer than any term. */
export function dueForComparison(now: number): Comparable {
  return { comparedBefore: new Date(now - day), sentAfter: new Date(now - 180 * day) };
}

/**
 * Reads results of a connection back and compares them with the scores it has last taken, for line items not compared
 * within a day; what differs is noted on the line and told in the log. Nothing is sent again: somebody at the destination
 * may have meant it.
 *
 * @param signal ends it between two line items
 */
export async function reconcileConnection(
  services: ReconcileServices,
  tenantId: TenantId,
  connectionId: ConnectionId,
  signal?: AbortSignal,
): Promise<Reconciliation> {
  const { db, destination, clock, log } = services;
  const found: Reconciliation = { compared: 0, differs: 0, missing: 0, unreadable: 0 };
  const way = await destination.open(tenantId, connectionId);
  if ('fault' in way) return { ...found, fault: way.fault };
  const tx = db.tenant(tenantId);
  const items = await listComparableItems(tx, connectionId, dueForComparison(clock.now()), itemsPerRun);
  let failuresInARow = 0;
  for (let from = 0; from < items.length; from += itemsPerBatch) {
    const batch = items.slice(from, from + itemsPerBatch);
    const expected = await listExpected(
      tx,
      batch.map(({ lineItemId }) => lineItemId),
    );
    for (const item of batch) {
      if (signal?.aborted === true || failuresInARow >= giveUpAfter) return tell();
      const results = await readResults(way, item, (error) =>
        log.warn('results_unreadable', { tenantId, connectionId, error }),
      );
      failuresInARow = results === undefined ? failuresInARow + 1 : 0;
      if (results === undefined) {
        found.unreadable++;
        continue;
      }
      const lines = compareItem(
        expected.filter(({ lineItemId }) => lineItemId === item.lineItemId),
        results,
      );
      const noted = await saveDrift(tx, item.lineItemId, lines, new Date(clock.now()));
      found.compared += noted.none + noted.differs + noted.missing;
      found.differs += noted.differs;
      found.missing += noted.missing;
    }
  }
  return tell();

  function tell(): Reconciliation {
    const { differs, missing } = found;
    if (differs + missing > 0) {
      log.warn('grades_differ', { tenantId, connectionId, count: differs + missing });
    }
    return found;
  }
}

/** @returns undefined when they cannot be read; faults of the program are thrown */
async function readResults(
  way: GradeWay,
  { lineItemUrl, deploymentId }: ComparableItem,
  onFailure: (error: DomainError) => void,
): Promise<ReadResult[] | undefined> {
  try {
    return await way.readResults({ lineItemUrl, deploymentId });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    onFailure(error);
    return undefined;
  }
}

function compareItem(expected: readonly ExpectedLine[], results: readonly ReadResult[]): ComparedLine[] {
  const bySubject = new Map(results.map((result) => [result.subject, result]));
  return expected.map((line) => {
    const shown = line.subjects.map((subject) => bySubject.get(subject)).find((each) => each !== undefined);
    return { personId: line.personId, sentAt: line.sentAt, drift: compareResult(line, shown) };
  });
}
