import { z } from 'zod';
import type { OnboardingId, TenantId } from '../../../contracts/ids.ts';
import {
  type OnboardingKind,
  type OnboardingStage,
  onboardingKinds,
  onboardingStages,
  type WaitingSide,
  waitingSides,
} from '../../../contracts/onboarding.ts';
import type { RollupTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';

export type BoardSort = 'promisedOn' | 'requestedAt' | 'stage' | 'dwell' | 'institution';

/** Which onboardings are asked for; what is absent does not matter. */
export interface BoardQuery {
  search?: string | undefined;
  stage?: OnboardingStage | undefined;
  kind?: OnboardingKind | undefined;
  waitingOn?: WaitingSide | undefined;
  isOverdue: boolean;
  sort: BoardSort;
  order: 'asc' | 'desc';
  /** The last row of the page before. */
  after?: { key: string; id: string } | undefined;
  limit: number;
  /** Today, as `2026-09-01`. */
  today: string;
  /** Unix milliseconds. */
  now: number;
}

const boardRow = z
  .object({
    tenant_id: z.uuid(),
    onboarding_id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    partner: z.string(),
    kind: z.enum(onboardingKinds),
    stage: z.enum(onboardingStages),
    waiting_on: z.enum(waitingSides),
    promised_on: z.string().nullable(),
    requested_at: z.string(),
    is_overdue: z.boolean(),
    key: z.string(),
    entries: z.array(
      z.object({ stage: z.enum(onboardingStages), waitingOn: z.enum(waitingSides), at: z.number() }),
    ),
  })
  .transform((row) => ({
    ...{
      institution: { slug: row.slug, name: row.name },
      partner: row.partner,
      kind: row.kind,
      stage: row.stage,
    },
    ...{ key: row.key, entries: row.entries, isOverdue: row.is_overdue },
    tenantId: row.tenant_id as TenantId,
    onboardingId: row.onboarding_id as OnboardingId,
    waitingOn: row.waiting_on,
    promisedOn: row.promised_on,
    requestedAt: new Date(row.requested_at),
  }));
export type BoardRow = z.output<typeof boardRow>;

const stageRow = z.object({
  stage: z.enum(onboardingStages),
  open: z.number(),
  overdue: z.number(),
  typicalAgeMs: z.number(),
});
export type StageCount = z.output<typeof stageRow>;

/** What rows are ordered by, as text that sorts as its values do; what is not promised comes last. */
const keys: Readonly<Record<BoardSort, Sql>> = {
  promisedOn: sql`coalesce(o.promised_on::text, '9999-12-31')`,
  requestedAt: sql`to_char(o.requested_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
  stage: sql`array_position(${onboardingStages}::text[], o.stage)::text`,
  // What it spent there grows by the same for all, so that the order stays as it is from page to page.
  dwell: sql`to_char(coalesce(o.in_stage_since, o.requested_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
  institution: sql`lower(t.name)`,
};

/**
 * One page of what is under way at all tenants, and how many are in each stage. Over all tenants, so for operators of the
 * whole hub only. What a tenant calls an integration is its own: the role that reads across tenants does not see it.
 */
export function listBoardPage(
  tx: RollupTx,
  query: BoardQuery,
): Promise<{ rows: BoardRow[]; stages: StageCount[] }> {
  const { limit, sort, stage, today } = query;
  const direction = isRising(query) ? sql`asc` : sql`desc`;
  return tx.one(
    sql`
    with matching as materialized (
      select o.tenant_id, o.onboarding_id, t.slug, t.name, o.partner, o.kind, o.stage, o.waiting_on, o.promised_on,
        o.requested_at, coalesce(o.promised_on < ${today}::date, false) as is_overdue, ${keys[sort]} as key
      from onboarding o join tenant t using (tenant_id)
      where o.ended_at is null ${conditionsOf(query)}),
    page as (
      select * from matching where (${stage ?? null}::text is null or stage = ${stage ?? null}::text)
      ${behind(query)} order by key ${direction}, onboarding_id ${direction} limit ${limit}),
    told as (
      select page.*, row_number() over (order by key ${direction}, onboarding_id ${direction}) as no, (
        select coalesce(jsonb_agg(jsonb_build_object('stage', e.stage, 'waitingOn', e.waiting_on,
          'at', round(extract(epoch from e.at) * 1000)) order by e.event_no), '[]')
        from onboarding_event e
        where e.tenant_id = page.tenant_id and e.onboarding_id = page.onboarding_id) as entries
      from page),
    counted as (
      select stage, count(*)::integer as open, (count(*) filter (where is_overdue))::integer as overdue,
        greatest(0, ${query.now} - extract(epoch from
          percentile_disc(0.5) within group (order by requested_at)) * 1000)::float as "typicalAgeMs"
      from matching group by stage)
    select coalesce((select jsonb_agg(to_jsonb(told) order by no) from told), '[]') as rows,
      coalesce((select jsonb_agg(to_jsonb(counted)) from counted), '[]') as stages`,
    z.object({ rows: z.array(boardRow), stages: z.array(stageRow) }),
  );
}

function conditionsOf({ search, kind, waitingOn, isOverdue, today }: BoardQuery): Sql {
  const when = (isAsked: boolean, condition: Sql) => (isAsked ? condition : sql``);
  const text = search?.toLowerCase() ?? '';
  // No pattern: what people type may hold the signs of one.
  const isFound = sql`and (position(${text} in lower(t.name)) > 0 or position(${text} in t.slug) > 0
    or position(${text} in lower(o.partner)) > 0)`;
  return sql`${when(search !== undefined, isFound)}
    ${when(kind !== undefined, sql`and o.kind = ${kind ?? null}`)}
    ${when(waitingOn !== undefined, sql`and o.waiting_on = ${waitingOn ?? null}`)}
    ${when(isOverdue, sql`and o.promised_on < ${today}::date`)}`;
}

/** Whoever came last has been there the shortest. */
function isRising({ sort, order }: BoardQuery): boolean {
  return (order === 'asc') !== (sort === 'dwell');
}

function behind({ after, ...query }: BoardQuery): Sql {
  if (after === undefined) return sql``;
  const { key, id } = after;
  // An id that is none is a place that nobody was given: it is behind no row, or every one.
  return isRising(query)
    ? sql`and (key, onboarding_id::text) > (${key}::text, ${id}::text)`
    : sql`and (key, onboarding_id::text) < (${key}::text, ${id}::text)`;
}
