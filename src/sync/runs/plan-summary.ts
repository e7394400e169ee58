import { z } from 'zod';
import { entities } from '../../../contracts/roster.ts';
import { rowActions } from '../../../contracts/sync.ts';
import type { Applied, PlanSummary } from '../engine.ts';

const entity = z.enum(entities);
const counts = z
  .object({
    entity,
    school: z.string().optional(),
    present: z.number(),
    created: z.number(),
    changed: z.number(),
    removed: z.number(),
    restored: z.number(),
  })
  .transform(({ school, ...rest }) => ({ ...rest, school }));

/** A plan as it stands with its run. */
export const planSummary: z.ZodType<PlanSummary> = z.object({
  counts: z.array(counts),
  // Plans of runs that are over may lack them.
  massChanges: z
    .array(
      z.object({
        kind: z.enum(['emptied', 'administrators']),
        entity,
        column: z.string(),
        count: z.number(),
        had: z.number(),
      }),
    )
    .default([]),
  samples: z.array(
    z.object({
      entity,
      action: z.enum(rowActions),
      sourcedIds: z.array(z.string()),
    }),
  ),
  sealed: z.array(entity),
  offered: z.number(),
  rejected: z.number(),
});

export const applied: z.ZodType<Applied> = z.object({
  created: z.number(),
  changed: z.number(),
  removed: z.number(),
  restored: z.number(),
});

/**
 * What applying a plan does, added to what was done before. A step that is begun again after a crash counts nothing itself.
 *
 * @param removals whether those of the plan are applied as well
 */
export function addApplied(before: Applied | null, plan: PlanSummary | null, removals: boolean): Applied {
  const total = { ...(before ?? { created: 0, changed: 0, removed: 0, restored: 0 }) };
  for (const { created, changed, removed, restored } of plan?.counts ?? []) {
    total.created += created;
    total.changed += changed;
    total.restored += restored;
    if (removals) total.removed += removed;
  }
  return total;
}
