import { ConnectorError, type ConnectorFailure } from '../../../contracts/connector.ts';
import type { Outcome } from '../../health/outcomes.ts';
import { DomainError } from '../../platform/errors.ts';
import type { RunEvent } from '../run.ts';

/** What the engine says where a run has to go back, by its code. */
export const setbacks: Readonly<Record<string, RunEvent>> = {
  staging_lost: 'lost',
  plan_stale: 'overtaken',
};

/** What comes of a try that failed. */
export interface FailureDecision {
  /** Milliseconds until the next try; undefined: the run has failed. */
  retryInMs: number | undefined;
  outcome: Outcome;
  reason: string;
  advice: string;
}

interface FailureRule {
  outcome: Outcome;
  isTriedAgain: boolean;
}

const rules: Readonly<Record<ConnectorFailure, FailureRule>> = {
  settings: { outcome: 'failed_config', isTriedAgain: false },
  refused: { outcome: 'failed_config', isTriedAgain: false },
  unavailable: { outcome: 'failed_partner', isTriedAgain: true },
  answer_invalid: { outcome: 'failed_partner', isTriedAgain: true },
  source_missing: { outcome: 'failed_partner', isTriedAgain: true },
  files_unsafe: { outcome: 'failed_config', isTriedAgain: false },
};

const minuteMs = 60_000;
/** A source that is down for a night's maintenance is back in the morning. */
const waitsMs = [1, 5, 15, 30, 60, 60, 60, 60].map((minutes) => minutes * minuteMs);

/**
 * Whether a run is tried again, and when.
 *
 * @param failures tries in a row that have brought nothing, this one included
 */
export function decideFailure(error: unknown, failures: number): FailureDecision {
  const wait = waitsMs[failures - 1];
  if (error instanceof ConnectorError) {
    const { outcome, isTriedAgain } = rules[error.failure];
    return {
      retryInMs: isTriedAgain ? wait : undefined,
      outcome,
      reason: error.code,
      advice: error.message,
    };
  }
  if (error instanceof DomainError && error.code === 'staging_full') {
    // Others are in its way, for as long as they are: that is nobody's failure.
    return { retryInMs: minuteMs, outcome: 'failed_hub', reason: error.code, advice: error.message };
  }
  if (error instanceof DomainError && error.kind !== 'internal' && setbacks[error.code] === undefined) {
    return { retryInMs: undefined, outcome: 'failed_config', reason: error.code, advice: error.message };
  }
  return {
    retryInMs: wait,
    outcome: 'failed_hub',
    reason: error instanceof DomainError ? error.code : 'internal',
    advice:
      'Something failed in the hub itself. Ask its operator, who finds it in the log by the id of the run.',
  };
}
