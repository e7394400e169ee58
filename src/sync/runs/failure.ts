import { ConnectorError, type ConnectorFailure } from '../../../contracts/connector.ts';
import { readHostDown } from '../../health/breaker/call-end.ts';
import type { Outcome } from '../../health/outcomes.ts';
import { DomainError } from '../../platform/errors.ts';
import type { RunEvent } from '../run.ts';

/** What the engine says where a run has to go back, by its code. */
const setbackEvents: Readonly<Record<string, RunEvent>> = {
  staging_lost: 'lost',
  plan_stale: 'overtaken',
};

/** What comes of a try that ended before it was done. */
export type FailureDecision =
  /** The run goes back to an earlier step, at once where it waits for 0 milliseconds. */
  | { kind: 'back'; event: RunEvent; waitMs: number }
  /** There is no room in staging. */
  | { kind: 'no_room'; advice: string }
  /** The source's host is down and was not asked: no try, in Unix milliseconds. */
  | { kind: 'host_down'; until: number; reason: string; advice: string }
  | { kind: 'again'; waitMs: number; reason: string; advice: string }
  | { kind: 'over'; outcome: Outcome; reason: string; advice: string };

interface FailureRule {
  outcome: Outcome;
  isTriedAgain: boolean;
}

/** How a run that ends for a failure of its connector counts, and whether it is tried again before. */
export const failureRules: Readonly<Record<ConnectorFailure, FailureRule>> = {
  settings: { outcome: 'failed_config', isTriedAgain: false },
  refused: { outcome: 'failed_config', isTriedAgain: false },
  unavailable: { outcome: 'failed_partner', isTriedAgain: true },
  answer_invalid: { outcome: 'failed_partner', isTriedAgain: true },
  source_missing: { outcome: 'failed_partner', isTriedAgain: true },
  files_unsafe: { outcome: 'failed_config', isTriedAgain: false },
};

const minuteMs = 60_000;
/** After so long it is asked again whether there is room: whoever gives room back tells those that wait. */
export const roomWaitMs = 15_000;
/** A source that is down for a night's maintenance is back in the morning. */
const waitsMs = [1, 5, 15, 30, 60, 60, 60, 60].map((minutes) => minutes * minuteMs);
/** Tries in a row that bring nothing, until a run is given up. */
export const mostFailures = waitsMs.length + 1;
/** So often a run is sent back to an earlier step at once; then as after failures. */
const quickSetbacks = 5;

/** Kinds of failures that a package which was handed over cannot lose by waiting: its bytes stay what they are. */
const ofBytes: ReadonlySet<ConnectorFailure> = new Set(['answer_invalid', 'source_missing']);

/** What the run has behind it, this try included. */
export interface Tries {
  /** Tries in a row that have brought nothing. */
  failures: number;
  /** Times it was sent back to an earlier step. */
  setbacks: number;
  /** It reads a package that was handed over. */
  hasPackage: boolean;
}

/**
 * Whether a run is tried again, when, and from where. What sends it back again and again is a failure, too: a plan that is
 * stale whenever it is applied, say, would be made for ever.
 */
export function decideFailure(error: unknown, { failures, setbacks, hasPackage }: Tries): FailureDecision {
  if (error instanceof ConnectorError) {
    const until = readHostDown(error.cause);
    if (until !== undefined) return { kind: 'host_down', until, reason: error.code, advice: error.message };
    const { outcome, isTriedAgain } = failureRules[error.failure];
    const why = { outcome, reason: error.code, advice: error.message };
    return againOrOver(isTriedAgain && !(hasPackage && ofBytes.has(error.failure)), failures, why);
  }
  if (error instanceof DomainError) {
    const { code, kind, message } = error;
    // Others are in its way, for as long as they are: that is nobody's failure.
    if (code === 'staging_full') return { kind: 'no_room', advice: message };
    const event = setbackEvents[code];
    if (event !== undefined) {
      const waitMs = setbacks <= quickSetbacks ? 0 : waitsMs[setbacks - quickSetbacks - 1];
      if (waitMs !== undefined) return { kind: 'back', event, waitMs };
      return { kind: 'over', outcome: 'failed_hub', reason: code, advice: ofHub };
    }
    if (kind !== 'internal') return { kind: 'over', outcome: 'failed_config', reason: code, advice: message };
  }
  const reason = error instanceof DomainError ? error.code : 'internal';
  return againOrOver(true, failures, { outcome: 'failed_hub', reason, advice: ofHub });
}

const ofHub =
  'Something failed in the hub itself. Ask its operator, who finds it in the log by the id of the run.';

function againOrOver(
  isTriedAgain: boolean,
  failures: number,
  { outcome, reason, advice }: { outcome: Outcome; reason: string; advice: string },
): FailureDecision {
  const waitMs = isTriedAgain ? waitsMs[failures - 1] : undefined;
  return waitMs === undefined
    ? { kind: 'over', outcome, reason, advice }
    : { kind: 'again', waitMs, reason, advice };
}
