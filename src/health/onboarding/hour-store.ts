import { z } from 'zod';
import { exchangeKinds, serviceTiers } from '../../../contracts/health.ts';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { RollupTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

const hourRow = z.object({
  at: z.date(),
  kind: z.enum(exchangeKinds),
  tier: z.enum(serviceTiers),
  valid: z.coerce.number(),
  failed: z.coerce.number(),
});

/** Exchanges of a connection by the hour, since a moment: days are the school's own, and not those of UTC. */
export function readHours(tx: RollupTx, tenantId: TenantId, connectionId: ConnectionId, since: Date) {
  const failed = sql`failed_partner + failed_hub + failed_config + expired_unknown`;
  return tx.many(
    sql`select at, s.kind, s.tier, sum(success + ${failed}) as valid, sum(${failed}) as failed
      from exchange_1h c join exchange_series s using (tenant_id, series_id)
      where c.tenant_id = ${tenantId} and s.connection_id = ${connectionId} and at >= ${since}
      group by at, s.kind, s.tier`,
    hourRow,
  );
}
