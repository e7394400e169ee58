import { z } from 'zod';
import { exchangeKinds, serviceTiers } from '../../../contracts/health.ts';
import type { TenantTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';

const countRow = z
  .object({
    kind: z.enum(exchangeKinds),
    tier: z.enum(serviceTiers),
    valid: z.coerce.number(),
    failed: z.coerce.number(),
  })
  .transform(({ kind, tier, valid, failed }) => ({ kind, tier, counts: { valid, failed } }));

const hourMs = 3_600_000;

/**
 * Counts since a moment: from whole hours where these are surely counted, and from five minutes after them, since an hour is
 * counted only once it is over.
 */
export function countsSince(since: Date, now: number): Sql {
  const settled = new Date(Math.floor(now / hourMs) * hourMs - hourMs);
  return sql`(select * from exchange_1h where at >= ${since} and at < ${settled}
    union all select * from exchange_5m where at >= ${settled} and at >= ${since})`;
}

/** A tenant's valid and failed exchanges by kind and tier since a moment. */
export function readKindCounts(tx: TenantTx, since: Date, now: number) {
  const failed = sql`failed_partner + failed_hub + failed_config + expired_unknown`;
  return tx.many(
    sql`select s.kind, s.tier, sum(success + ${failed}) as valid, sum(${failed}) as failed
      from ${countsSince(since, now)} c join exchange_series s using (tenant_id, series_id)
      where c.tenant_id = ${tx.tenantId} group by s.kind, s.tier order by s.kind, s.tier`,
    countRow,
  );
}
