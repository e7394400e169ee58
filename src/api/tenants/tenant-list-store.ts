import { z } from 'zod';
import { onboardingStages, waitingSides } from '../../../contracts/onboarding.ts';
import type { RollupTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import type { Place } from '../place.ts';

export type TenantSort = 'name' | 'slug' | 'stage' | 'promisedOn' | 'health' | 'createdAt';
export type TenantHealth = 'failing' | 'warning' | 'fine';

export interface TenantQuery {
  search?: string | undefined;
  /** `none`: no new integration is under way. */
  stage?: (typeof onboardingStages)[number] | 'none' | undefined;
  waitingOn?: (typeof waitingSides)[number] | undefined;
  isOverdue: boolean;
  health?: TenantHealth | undefined;
  sort: TenantSort;
  order: 'asc' | 'desc';
  after?: Place | undefined;
  limit: number;
  /** Today, as `2026-09-01`. */
  today: string;
}

const listedRow = z.object({
  tenant_id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  status: z.enum(['active', 'paused']),
  created_at: z.string(),
  open: z.number().nullable(),
  stage_no: z.number().nullable(),
  waiting_on: z.array(z.enum(waitingSides)).nullable(),
  promised_on: z.string().nullable(),
  is_overdue: z.boolean(),
  health: z.enum(['failing', 'warning', 'fine']),
  incidents: z.number(),
  key: z.string(),
});
export type ListedTenant = z.output<typeof listedRow>;

/** What rows are ordered by, as text that sorts as its values do; tenants without one come last. */
const keys: Readonly<Record<TenantSort, Sql>> = {
  name: sql`lower(t.name)`,
  slug: sql`t.slug`,
  stage: sql`coalesce(w.stage_no::text, '9')`,
  promisedOn: sql`coalesce(w.promised_on::text, '9999-12-31')`,
  health: sql`case when i.pages then '0' when i.incidents > 0 then '1' else '2' end`,
  createdAt: sql`to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
};

/**
 * One page of all tenants with what is under way and what is wrong at each, and how many there are on all pages. Over all
 * tenants, so for operators of the whole hub only.
 */
export function listTenantPage(
  tx: RollupTx,
  query: TenantQuery,
): Promise<{ total: number; rows: ListedTenant[] }> {
  const { order, limit, sort, today } = query;
  const direction = order === 'asc' ? sql`asc` : sql`desc`;
  return tx.one(
    sql`
    with work as (
      select tenant_id, count(*)::integer as open, min(promised_on) as promised_on,
        min(array_position(${onboardingStages}::text[], stage)) as stage_no, array_agg(distinct stage) as stages,
        array_agg(distinct waiting_on) as waiting_on
      from onboarding where ended_at is null group by tenant_id),
    trouble as (
      select tenant_id, count(*)::integer as incidents, bool_or(severity = 'page') as pages
      from incident where state <> 'resolved' group by tenant_id),
    matching as (
      select t.tenant_id, t.slug, t.name, t.status, t.created_at, w.open, w.stage_no, w.waiting_on, w.promised_on,
        coalesce(w.promised_on < ${today}::date, false) as is_overdue, coalesce(i.incidents, 0) as incidents,
        case when i.pages then 'failing' when i.incidents > 0 then 'warning' else 'fine' end as health,
        ${keys[sort]} as key
      from tenant t left join work w using (tenant_id) left join trouble i using (tenant_id)
      where true ${conditionsOf(query)}),
    page as (
      select *, row_number() over (order by key ${direction}, slug ${direction}) as no from matching
      ${behind(query)} order by key ${direction}, slug ${direction} limit ${limit})
    select (select count(*)::integer from matching) as total,
      coalesce((select jsonb_agg(to_jsonb(page) order by no) from page), '[]') as rows`,
    z.object({ total: z.number(), rows: z.array(listedRow) }),
  );
}

function conditionsOf({ search, stage, waitingOn, isOverdue, health, today }: TenantQuery): Sql {
  const when = (isAsked: boolean, condition: Sql) => (isAsked ? condition : sql``);
  const text = search?.toLowerCase() ?? '';
  // No pattern: what people type may hold the signs of one.
  const isFound = sql`and (position(${text} in lower(t.name)) > 0 or position(${text} in t.slug) > 0)`;
  return sql`${when(search !== undefined, isFound)}
    ${when(stage === 'none', sql`and w.open is null`)}
    ${when(stage !== undefined && stage !== 'none', sql`and ${stage ?? null}::text = any (w.stages)`)}
    ${when(waitingOn !== undefined, sql`and ${waitingOn ?? null}::text = any (w.waiting_on)`)}
    ${when(isOverdue, sql`and w.promised_on < ${today}::date`)}
    ${when(health === 'failing', sql`and i.pages`)}
    ${when(health === 'warning', sql`and i.incidents > 0 and not i.pages`)}
    ${when(health === 'fine', sql`and i.incidents is null`)}`;
}

function behind({ after, order }: TenantQuery): Sql {
  if (after === undefined) return sql``;
  const { key, id } = after;
  return order === 'asc'
    ? sql`where (key, slug) > (${key}::text, ${id}::text)`
    : sql`where (key, slug) < (${key}::text, ${id}::text)`;
}
