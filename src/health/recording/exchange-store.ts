import type { ExchangeEvent } from '../../../contracts/health.ts';
import type { RollupTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import { markRows } from '../rollups/mark-store.ts';

/**
 * Writes exchanges that have no row of their own to be copied from, and marks when they ended. One that is known is left as
 * it is.
 */
export async function insertExchanges(tx: RollupTx, events: readonly ExchangeEvent[]): Promise<void> {
  await tx.exec(sql`
    with given as materialized (
      select * from jsonb_to_recordset(${json(events)}::jsonb) as r("tenantId" uuid, "exchangeId" uuid, kind text,
        "connectionId" uuid, "toolId" uuid, partner text, tier text, "connectorVersion" text, outcome text, reason text,
        attempts integer, "failedAttempts" integer, offered bigint, rejected bigint, "startedAt" timestamptz,
        "endedAt" timestamptz)
    ), marks as (${markRows(sql`(select "endedAt" as ended_at from given) as ended`)})
    insert into exchange (tenant_id, exchange_id, kind, connection_id, tool_id, partner, tier, connector_version, outcome,
      reason, attempts, failed_attempts, offered, rejected, started_at, ended_at)
    select "tenantId", "exchangeId", kind, "connectionId", "toolId", partner, tier, "connectorVersion", outcome, reason,
      attempts, "failedAttempts", offered, rejected, "startedAt", "endedAt" from given
    on conflict do nothing`);
}
