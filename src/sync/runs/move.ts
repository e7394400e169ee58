import type { Outcome } from '../../health/outcomes.ts';
import { DomainError } from '../../platform/errors.ts';
import { type RunEvent, transition } from '../run.ts';
import type { StoredRun } from './run-store.ts';

/** A try counts as failed until it is over; one that has got on counts as the first. */
export const gotOn = { failures: 1 };

/**
 * A run after something has happened to it.
 *
 * @throws DomainError conflict `run_state` where that does not fit where it stands
 */
export function move(run: StoredRun, event: RunEvent, changes: Partial<StoredRun> = {}): StoredRun {
  // A dry run is over where it was planned.
  const isOver = run.endedAt !== null && event !== 'undone';
  const state = isOver ? undefined : transition(run.state, event);
  if (state === undefined) {
    throw new DomainError(
      'conflict',
      'run_state',
      `The run is ${run.state}${isOver ? ' and over' : ''}, so that it cannot be ${event} any more. Look at it again.`,
      { details: { state: run.state, event } },
    );
  }
  return { ...run, notBefore: null, ...changes, state };
}

/** Why a run ended. */
export interface Ending {
  outcome: Outcome;
  /** Stable code; null after a success. */
  reason: string | null;
  advice?: string;
}

/** A run that is over. @throws DomainError conflict `run_state` */
export function end(run: StoredRun, event: RunEvent, ending: Ending, now: Date): StoredRun {
  const { outcome, reason, advice = null } = ending;
  return move(run, event, { outcome, reason, advice, endedAt: now });
}

/**
 * A run that nobody wants any more: what is in the roster already stays there, and is told as applied.
 *
 * @throws DomainError conflict `run_state`
 */
export function giveUp(
  run: StoredRun,
  event: 'discarded' | 'cancelled',
  reason: string,
  now: Date,
): StoredRun {
  if (run.inPart) return end(run, 'settled', { outcome: 'success', reason }, now);
  // That a roster was switched off is nobody's mistake.
  const outcome = reason === 'cancelled' ? 'user_error' : 'suppressed';
  return end(run, event, { outcome, reason }, now);
}

/**
 * A run that cannot go on. What is in the roster already stays there, is told as applied, and can be undone.
 *
 * @throws DomainError conflict `run_state`
 */
export function endFailed(run: StoredRun, ending: Ending, now: Date): StoredRun {
  const isSettled = run.inPart && transition(run.state, 'settled') !== undefined;
  return end(run, isSettled ? 'settled' : 'failed', ending, now);
}
