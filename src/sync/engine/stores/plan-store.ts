import { z } from 'zod';
import type { Entity } from '../../../../contracts/roster.ts';
import type { StagingTx } from '../../../platform/db.ts';
import { sql } from '../../../platform/sql/sql.ts';
import type { EngineRun, PlanCounts, PlanSummary } from '../../engine.ts';
import { due, fresh, type raw, roster, schoolOf } from './names.ts';

const mostSamples = 10;

const countRow = z
  .object({
    school: z.string().nullable(),
    present: z.number(),
    created: z.number(),
    changed: z.number(),
    removed: z.number(),
    restored: z.number(),
  })
  .transform(({ school, ...counts }) => ({ school: school ?? undefined, ...counts }));

/** What would become of an entity, by school. A row counts for the school that has it now, else for the one it names. */
export async function countPlan(tx: StagingTx, run: EngineRun, entity: Entity): Promise<PlanCounts[]> {
  const rows = await tx.many(
    sql`select school, sum(present)::float8 as present, sum(created)::float8 as created,
        sum(changed)::float8 as changed, sum(removed)::float8 as removed, sum(restored)::float8 as restored
      from (
        select ${schoolOf(entity, 'c')} as school, count(*) as present, 0 as created, 0 as changed, 0 as removed,
          0 as restored
        from ${roster(entity)} c
        where c.tenant_id = ${tx.tenantId} and c.connection_id = ${run.connectionId} and c.removed_at is null
        group by 1
        union all
        select coalesce(f.school_before, ${schoolOf(entity, 'f')}), 0, count(*) filter (where f.action = 'create'),
          count(*) filter (where f.action = 'change'), 0, count(*) filter (where f.action = 'restore')
        from ${due(entity)} f where f.action in ('create', 'change', 'restore') group by 1
        union all
        select g.school, 0, 0, 0, count(*), 0 from gone g where g.entity = ${entity} group by 1) counts
      group by school order by school nulls first`,
    countRow,
  );
  return rows.map((row) => ({ entity, ...row }));
}

const sampleRow = z.object({ sourced_id: z.string() });
const actions = ['create', 'change', 'restore'] as const;

/** Some rows of each kind, for whoever looks at the plan. */
export async function listSamples(tx: StagingTx, entity: Entity): Promise<PlanSummary['samples']> {
  const samples: PlanSummary['samples'] = [];
  const add = async (action: PlanSummary['samples'][number]['action'], from: ReturnType<typeof raw>) => {
    const rows = await tx.many(sql`select sourced_id from ${from} limit ${mostSamples}`, sampleRow);
    if (rows.length > 0) samples.push({ entity, action, sourcedIds: rows.map((row) => row.sourced_id) });
  };
  for (const action of actions)
    await add(action, sql`${action === 'create' ? due(entity) : fresh(entity)} where action = ${action}`);
  await add('remove', sql`gone where entity = ${entity}`);
  return samples;
}

export async function countRejected(tx: StagingTx, entity: Entity): Promise<number> {
  const { count } = await tx.one(
    sql`select count(*)::float8 as count from ${fresh(entity)} where action = 'reject'`,
    z.object({ count: z.number() }),
  );
  return count;
}
