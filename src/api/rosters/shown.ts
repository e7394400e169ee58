import type { z } from 'zod';
import type { rosterFields } from '../../../contracts/http/roster-fields.ts';
import type { planFields, runFields } from '../../../contracts/http/runs.ts';
import type { PlanSummary } from '../../sync/engine.ts';
import type { Hold, Run } from '../../sync/run.ts';
import type { RosterSource } from '../../sync/sources/source.ts';

const instant = (at: Date | null) => at?.toISOString() ?? null;

/** A source as replies show it. */
export function showRoster({ nextRunAt, ...rest }: RosterSource): z.input<typeof rosterFields> {
  return { ...rest, nextRunAt: instant(nextRunAt) };
}

/** A run as replies show it: its plan is asked for apart, since it can be long. */
export function showRun({ isDry, requestedAt, ...rest }: Run): z.input<typeof runFields> {
  return {
    ...rest,
    dry: isDry,
    requestedAt: requestedAt.toISOString(),
    notBefore: instant(rest.notBefore),
    startedAt: instant(rest.startedAt),
    plannedAt: instant(rest.plannedAt),
    expiresAt: instant(rest.expiresAt),
    decidedAt: instant(rest.decidedAt),
    appliedAt: instant(rest.appliedAt),
    endedAt: instant(rest.endedAt),
  };
}

/** A plan as replies show it, with what holds it. */
export function showPlan(
  { counts, ...rest }: PlanSummary,
  holds: readonly Hold[],
): z.input<typeof planFields> {
  return {
    ...rest,
    counts: counts.map(({ school, ...numbers }) => ({ ...numbers, school: school ?? null })),
    holds: [...holds],
  };
}
