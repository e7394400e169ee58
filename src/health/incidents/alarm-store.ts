import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

const alarmCodes = ['directory_accounts_vanished'] as const;
export type AlarmCode = (typeof alarmCodes)[number];

/** Notes what background work has met and somebody has to look at; it lasts as long as it is noted again. */
export async function noteAlarm(
  tx: TenantTx,
  connectionId: ConnectionId,
  { code, amount, now }: { code: AlarmCode; amount: number; now: Date },
): Promise<void> {
  await tx.exec(sql`
    insert into connection_alarm as a (tenant_id, connection_id, code, amount, since, last_at)
    values (${tx.tenantId}, ${connectionId}, ${code}, ${amount}, ${now}, ${now})
    on conflict (tenant_id, connection_id, code) do update set amount = excluded.amount, last_at = excluded.last_at`);
}

/** It is over. */
export async function endAlarm(tx: TenantTx, connectionId: ConnectionId, code: AlarmCode): Promise<void> {
  await tx.exec(sql`
    delete from connection_alarm
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and code = ${code}`);
}

const alarmRow = z
  .object({
    ...{ tenant_id: z.uuid(), connection_id: z.uuid(), partner: z.string(), code: z.enum(alarmCodes) },
    ...{ amount: z.number(), since: z.date() },
  })
  .transform((row) => ({
    ...{ tenantId: row.tenant_id, connectionId: row.connection_id, partner: row.partner, code: row.code },
    ...{ amount: row.amount, since: row.since.getTime() },
  }));
export type Alarm = z.output<typeof alarmRow>;

/** What was noted since a moment, of every school. */
export function listAlarms(tx: RollupTx, since: Date): Promise<Alarm[]> {
  return tx.many(
    sql`select a.tenant_id, a.connection_id, c.partner, a.code, a.amount, a.since
      from connection_alarm a join connection c using (tenant_id, connection_id) where a.last_at >= ${since}`,
    alarmRow,
  );
}
