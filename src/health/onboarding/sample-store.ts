import { z } from 'zod';
import type { OnboardingId } from '../../../contracts/ids.ts';
import { type OnboardingKind, onboardingKinds, onboardingStages } from '../../../contracts/onboarding.ts';
import type { RollupTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import type { StageSample } from './forecast.ts';

const sampleRow = z.object({
  partner: z.string(),
  kind: z.enum(onboardingKinds) satisfies z.ZodType<OnboardingKind>,
  stage: z.enum(onboardingStages),
  dwells: z.array(z.number()),
});

/**
 * How long each stage took that was left for good, at every school: what forecasts are made from. Where there are too many,
 * those that are over come first, and then the newest.
 *
 * @param except an onboarding whose own past says nothing of what comes
 */
export async function listStageSamples(
  tx: RollupTx,
  { since, most, except }: { since: Date; most: number; except?: OnboardingId | undefined },
): Promise<StageSample[]> {
  const rows = await tx.many(
    sql`
    with past as (
      select tenant_id, onboarding_id, partner, kind from onboarding
      where requested_at >= ${since} and onboarding_id is distinct from ${except ?? null}::uuid
      order by ended_at is null, requested_at desc limit ${most}),
    -- Of each alone: the entries of all others, which grow with the years, are not read.
    dwelt as (
      select p.partner, p.kind, e.stage, e.dwell
      from past p cross join lateral (
        select stage,
          sum(greatest(0, round(extract(epoch from until) * 1000) - round(extract(epoch from at) * 1000))) as dwell
        from (
          select stage, at, lead(at) over each as until, last_value(stage) over each as last from onboarding_event
          where tenant_id = p.tenant_id and onboarding_id = p.onboarding_id
          window each as (order by event_no rows between unbounded preceding and unbounded following)) entry
        where stage <> last and stage <> 'withdrawn' group by stage) e)
    select partner, kind, stage, jsonb_agg(dwell) as dwells from dwelt group by partner, kind, stage`,
    sampleRow,
  );
  return rows.flatMap(({ dwells, ...of }) => dwells.map((dwell) => ({ ...of, dwell })));
}
