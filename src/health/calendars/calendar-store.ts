import { z } from 'zod';
import { type Span, spanKinds } from '../../../contracts/calendars.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';

/** Where a span comes from: an import replaces those of the one before, and none that was added by hand. */
export const spanSources = ['manual', 'import'] as const;

export interface StoredSpan extends Span {
  spanId: string;
  source: (typeof spanSources)[number];
}

const zoneRow = z.object({ zone: z.string() });

const spanRow = z
  .object({
    span_id: z.uuid(),
    kind: z.enum(spanKinds),
    name: z.string(),
    first_day: z.string(),
    last_day: z.string(),
    source: z.enum(spanSources),
  })
  .transform(
    ({ span_id, first_day, last_day, ...rest }): StoredSpan => ({
      spanId: span_id,
      ...rest,
      from: first_day,
      to: last_day,
    }),
  );

const columns = sql`span_id, kind, name, first_day::text as first_day, last_day::text as last_day, source`;

/** The tenant's zone; undefined where it has no calendar. The row stays locked where `forChange`. */
export async function findZone(tx: TenantTx, forChange = false): Promise<string | undefined> {
  const lock = forChange ? sql`for update` : sql``;
  const row = await tx.maybeOne(
    sql`select zone from school_calendar where tenant_id = ${tx.tenantId} ${lock}`,
    zoneRow,
  );
  return row?.zone;
}

export async function saveZone(tx: TenantTx, zone: string, now: Date): Promise<void> {
  await tx.exec(sql`
    insert into school_calendar (tenant_id, zone, changed_at) values (${tx.tenantId}, ${zone}, ${now})
    on conflict (tenant_id) do update set zone = excluded.zone, changed_at = excluded.changed_at`);
}

/** In the order of their first days. */
export function listSpans(tx: TenantTx): Promise<StoredSpan[]> {
  return tx.many(
    sql`select ${columns} from calendar_span where tenant_id = ${tx.tenantId} order by first_day, last_day, span_id`,
    spanRow,
  );
}

export async function insertSpans(tx: TenantTx, spans: readonly StoredSpan[], now: Date): Promise<void> {
  const rows = spans.map(({ spanId, kind, name, from, to, source }) => ({
    span_id: spanId,
    kind,
    name,
    first_day: from,
    last_day: to,
    source,
  }));
  await tx.exec(sql`
    insert into calendar_span (tenant_id, span_id, kind, name, first_day, last_day, source, created_at)
    select ${tx.tenantId}, span_id, kind, name, first_day, last_day, source, ${now}
    from jsonb_to_recordset(${json(rows)}::jsonb) as r(span_id uuid, kind text, name text, first_day date,
      last_day date, source text)`);
}

/** @returns the span that went; undefined where there is none of this id */
export function deleteSpan(tx: TenantTx, spanId: string): Promise<StoredSpan | undefined> {
  return tx.maybeOne(
    sql`delete from calendar_span where tenant_id = ${tx.tenantId} and span_id = ${spanId} returning ${columns}`,
    spanRow,
  );
}

export function deleteImportedSpans(tx: TenantTx): Promise<number> {
  return tx.exec(sql`delete from calendar_span where tenant_id = ${tx.tenantId} and source = 'import'`);
}

const schoolRow = z
  .object({
    tenant_id: z.uuid(),
    zone: z.string(),
    spans: z.array(z.object({ kind: z.enum(spanKinds), name: z.string(), from: z.string(), to: z.string() })),
  })
  .transform(({ tenant_id, ...rest }) => ({ tenantId: tenant_id, ...rest }));

/** Calendars of every school, with the spans that touch days around a moment. */
export function listSchoolCalendars(
  tx: RollupTx,
  { from, to }: { from: Date; to: Date },
): Promise<z.output<typeof schoolRow>[]> {
  return tx.many(
    sql`select c.tenant_id, c.zone, json_agg(json_build_object('kind', s.kind, 'name', s.name,
          'from', s.first_day::text, 'to', s.last_day::text)) as spans
      from school_calendar c join calendar_span s using (tenant_id)
      where s.first_day <= ${to}::date and s.last_day >= ${from}::date
      group by c.tenant_id, c.zone`,
    schoolRow,
  );
}

/**
 * Calendars that name a term at all, with the spans that decide about days from a moment on: those long gone decide nothing
 * but that there are terms.
 */
export function listTermCalendars(
  tx: RollupTx | TenantTx,
  { from, tenantId }: { from: Date; tenantId: string | undefined },
): Promise<z.output<typeof schoolRow>[]> {
  const ofTenant = tenantId === undefined ? sql`true` : sql`c.tenant_id = ${tenantId}::uuid`;
  return tx.many(
    sql`select c.tenant_id, c.zone, json_agg(json_build_object('kind', s.kind, 'name', s.name,
          'from', s.first_day::text, 'to', s.last_day::text)) as spans
      from school_calendar c
        join (select tenant_id, max(last_day) as last_day from calendar_span where kind = 'term' group by tenant_id) term
          using (tenant_id)
        join calendar_span s using (tenant_id)
      where ${ofTenant} and (s.last_day >= ${from}::date - 2 or (s.kind = 'term' and s.last_day = term.last_day))
      group by c.tenant_id, c.zone`,
    schoolRow,
  );
}
