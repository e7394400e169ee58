/** An onboarding that has ended well, or is still open. Unix milliseconds. */
export interface LeadTimeInput {
  requestedAt: number;
  /** Null: not stable yet. */
  stableAt: number | null;
}

export interface LeadTimeCohort {
  /** The month they became stable in, in UTC, as `2026-11`. */
  month: string;
  count: number;
  /** Milliseconds from the request to the end of the seventh good day. Of a single one both are the same. */
  p50: number;
  p85: number;
  /** Fewer than five: show each one in place of percentiles. */
  isSmall: boolean;
}

export interface LeadTimes {
  cohorts: LeadTimeCohort[];
  /** Milliseconds since their request, the oldest first: what completed ones alone would hide. */
  openAges: number[];
}

/** Lead times by the month of completion, with the age of those that are open. */
export function sumLeadTimes(onboardings: readonly LeadTimeInput[], now: number): LeadTimes {
  const done = onboardings.flatMap(({ requestedAt, stableAt }) =>
    stableAt === null
      ? []
      : [{ month: new Date(stableAt).toISOString().slice(0, 7), took: stableAt - requestedAt }],
  );
  const byMonth = Map.groupBy(done, ({ month }) => month);
  const cohorts = [...byMonth].map(([month, each]): LeadTimeCohort => {
    const took = each.map((one) => one.took).sort((a, b) => a - b);
    return {
      month,
      count: took.length,
      p50: nearestRank(took, 0.5),
      p85: nearestRank(took, 0.85),
      isSmall: took.length < 5,
    };
  });
  const open = onboardings.filter(({ stableAt }) => stableAt === null);
  return {
    cohorts: cohorts.sort((a, b) => (a.month < b.month ? -1 : 1)),
    openAges: open.map(({ requestedAt }) => now - requestedAt).sort((a, b) => b - a),
  };
}

/** The smallest value that is at least as great as a share of all: one that was observed. */
function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
