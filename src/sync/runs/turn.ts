import type { ConnectionId, RunId } from '../../../contracts/ids.ts';
import type { RunMode, RunState } from '../../../contracts/sync.ts';
import { isWorking } from '../run.ts';

/** A run that has not ended, or that somebody works on. */
export interface OpenRun {
  runId: RunId;
  connectionId: ConnectionId;
  runNo: number;
  state: RunState;
  mode: RunMode;
  isDry: boolean;
  hasPackage: boolean;
  /** Somebody works on it now. */
  isWorked: boolean;
  /** It is being taken back, by whoever works on it or by whoever comes next. */
  isUndone: boolean;
  /** It waits for a moment that has not come. */
  isPutOff: boolean;
}

/**
 * Whether a run's turn has come: one at a time for each connection, in their order, and so many of a tenant.
 *
 * @param open the tenant's open runs, in the order in which they were asked for
 */
export function decideTurn(open: readonly OpenRun[], runId: RunId, most: number): 'go' | 'wait' {
  const index = open.findIndex((run) => run.runId === runId);
  const own = open[index];
  if (own === undefined || !isReady(open, own)) return 'wait';
  const worked = open.filter(isBusy).length;
  const ahead = open.slice(0, index).filter((run) => isReady(open, run)).length;
  return worked + ahead < most ? 'go' : 'wait';
}

/** The runs that could be taken up now, in their order. */
export function listReady(open: readonly OpenRun[]): OpenRun[] {
  return open.filter((run) => isReady(open, run));
}

function isReady(open: readonly OpenRun[], run: OpenRun): boolean {
  return isWorking(run.state) && !run.isWorked && !run.isPutOff && !isBlocked(open, run);
}

/** Whether somebody changes the roster by it, or will before anybody else does. */
export function isBusy({ isWorked, isUndone }: OpenRun): boolean {
  return isWorked || isUndone;
}

/** Whether another run of the connection has to be done with before. */
function isBlocked(open: readonly OpenRun[], own: OpenRun): boolean {
  return open.some(
    (run) =>
      run.connectionId === own.connectionId &&
      run.runId !== own.runId &&
      (isBusy(run) || (run.runNo < own.runNo && (isWorking(run.state) || mustBeDecided(run, own)))),
  );
}

/**
 * Packages of changes build on each other, so that one that waits must be decided before the next. Any other reading begins
 * where the roster is: it takes the place of a plan that waits.
 */
function mustBeDecided(waiting: OpenRun, next: OpenRun): boolean {
  return (
    waiting.state === 'held' &&
    waiting.mode === 'delta' &&
    waiting.hasPackage &&
    next.mode === 'delta' &&
    !next.isDry
  );
}
