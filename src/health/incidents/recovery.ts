/** When what happened to an incident, in unix milliseconds. */
export interface IncidentTimes {
  firstFailedAt: number;
  openedAt: number;
  acknowledgedAt: number | undefined;
  recoveredAt: number | undefined;
  resolvedAt: number | undefined;
}

/** Parts of the time to recover, in milliseconds; undefined where it is not over. */
export interface RecoveryParts {
  /** From the first failure until it was noticed. */
  detect: number;
  /** From then until somebody took it. */
  acknowledge: number | undefined;
  /** From then, or from when it was noticed where nobody took it, until it was back in target. */
  mitigate: number | undefined;
  /** The whole: from the first failure until it has been back in target for 30 minutes with nothing waiting. */
  recover: number | undefined;
}

export function splitRecovery(times: IncidentTimes): RecoveryParts {
  const { firstFailedAt, openedAt, acknowledgedAt, recoveredAt, resolvedAt } = times;
  // What ended by itself before somebody took it was mitigated by nobody.
  const taken = acknowledgedAt !== undefined && (recoveredAt ?? acknowledgedAt) >= acknowledgedAt;
  const from = taken ? acknowledgedAt : openedAt;
  return {
    detect: openedAt - firstFailedAt,
    acknowledge: acknowledgedAt === undefined ? undefined : acknowledgedAt - openedAt,
    mitigate: recoveredAt === undefined ? undefined : Math.max(0, recoveredAt - from),
    recover: resolvedAt === undefined ? undefined : resolvedAt - firstFailedAt,
  };
}

export interface RecoverySummary {
  resolved: number;
  /** Milliseconds; undefined without a resolved one. */
  median: number | undefined;
  p90: number | undefined;
}

/** Time to recover of resolved incidents: observed values, since a mean of few is one long night. */
export function summariseRecovery(incidents: readonly IncidentTimes[]): RecoverySummary {
  const took = incidents.flatMap((each) => splitRecovery(each).recover ?? []).sort((a, b) => a - b);
  const at = (share: number) => took[Math.max(0, Math.ceil(took.length * share) - 1)];
  return { resolved: took.length, median: at(0.5), p90: at(0.9) };
}
