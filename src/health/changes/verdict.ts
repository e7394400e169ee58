import { type ChangeFailure, type ChangeType, changeTypes } from '../../../contracts/changes.ts';

const hourMs = 3_600_000;
/** What goes wrong within three days, or within one cycle of the connection where that is longer, is of the change. */
export const leastWindowMs = 72 * hourMs;

/** A change to integrations that are live. Times in unix milliseconds. */
export interface LiveChange {
  changeId: string;
  type: ChangeType;
  at: number;
  /** The connection's cadence; 0 where it has none. */
  cycleMs: number;
  /** Of a connector or the hub: as `2.1.0`. */
  version?: string | undefined;
  /** Whose version it is: the connection, or the hub. */
  owner: string;
  /** The change that it takes back. */
  reverts?: string | undefined;
  /** The failure rate after it is surely worse and out of target. */
  burned: boolean;
}

/** An incident of which a change is suspected. */
export interface LinkedIncident {
  changeId: string;
  firstFailedAt: number;
}

export interface ChangeVerdict {
  changeId: string;
  type: ChangeType;
  /** Every sign of failure there is; none: it went well, or its time is not over. */
  failures: ChangeFailure[];
  /** Its time is over. */
  isSettled: boolean;
}

/** What became of each change. Whatever the number of signs, a change fails once. */
export function decideVerdicts(
  changes: readonly LiveChange[],
  incidents: readonly LinkedIncident[],
  now: number,
): ChangeVerdict[] {
  return changes.map((change) => {
    const until = change.at + Math.max(leastWindowMs, change.cycleMs);
    const within = (at: number) => change.at <= at && at <= until;
    const later = changes.filter((each) => each !== change && each.at > change.at && within(each.at));
    const signs: Record<ChangeFailure, boolean> = {
      rolled_back: later.some((each) => each.reverts === change.changeId),
      hot_fixed: later.some((each) => isHotFix(each, change)),
      // Failures are known to five minutes.
      incident: incidents.some(
        (each) => each.changeId === change.changeId && within(Math.max(each.firstFailedAt, change.at)),
      ),
      burn: change.burned,
    };
    const failures = (Object.keys(signs) as ChangeFailure[]).filter((sign) => signs[sign]);
    return { changeId: change.changeId, type: change.type, failures, isSettled: now >= until };
  });
}

/** The next patch of the same minor version: what nobody releases so soon without need (Semantic Versioning 2.0 §6). */
function isHotFix(later: LiveChange, change: LiveChange): boolean {
  if (later.type !== change.type || later.owner !== change.owner) return false;
  const [a, b] = [parts(change.version), parts(later.version)];
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1] && b[2] > a[2];
}

function parts(version: string | undefined): [number, number, number] | undefined {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version ?? '');
  return found === null ? undefined : [Number(found[1]), Number(found[2]), Number(found[3])];
}

export interface FailureRate {
  /** Distinct changes whose time is over, and those of them that failed. */
  changes: number;
  failed: number;
  /** Too recent to count. */
  unsettled: number;
}

/** The change failure rate, whole and by type: never more than one, since a change counts once. */
export function sumVerdicts(verdicts: readonly ChangeVerdict[]): {
  all: FailureRate;
  byType: Record<ChangeType, FailureRate>;
} {
  const sum = (of: readonly ChangeVerdict[]): FailureRate => {
    const settled = of.filter(({ isSettled }) => isSettled);
    return {
      changes: settled.length,
      failed: settled.filter(({ failures }) => failures.length > 0).length,
      unsettled: of.length - settled.length,
    };
  };
  const entries = changeTypes.map((type) => [type, sum(verdicts.filter((each) => each.type === type))]);
  return { all: sum(verdicts), byType: Object.fromEntries(entries) as Record<ChangeType, FailureRate> };
}
