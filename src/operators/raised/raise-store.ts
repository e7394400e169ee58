import { z } from 'zod';
import { type ApiScope, apiScopes } from '../../../contracts/http/scopes.ts';
import type { OperatorId, RaiseId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import type { Raise } from './raised-rights.ts';

const raiseRow = z
  .object({
    raise_id: z.uuid(),
    operator_id: z.uuid(),
    scopes: z
      .array(z.string())
      .transform((given): ApiScope[] => apiScopes.filter((each) => given.includes(each))),
    reason: z.string(),
    started_at: z.date(),
    ends_at: z.date(),
    ended_at: z.date().nullable(),
  })
  .transform(
    (row): Raise => ({
      raiseId: row.raise_id as RaiseId,
      operatorId: row.operator_id as OperatorId,
      scopes: row.scopes,
      reason: row.reason,
      startedAt: row.started_at,
      endsAt: row.ends_at,
      endedAt: row.ended_at,
    }),
  );

const columns = sql`raise_id, operator_id, scopes, reason, started_at, ends_at, ended_at`;

export async function insertRaise(tx: TenantTx, raise: Raise): Promise<void> {
  await tx.exec(sql`
    insert into raised_rights (tenant_id, raise_id, operator_id, scopes, reason, started_at, ends_at)
    values (${tx.tenantId}, ${raise.raiseId}, ${raise.operatorId}, ${raise.scopes}, ${raise.reason}, ${raise.startedAt},
      ${raise.endsAt})`);
}

/** The newest first. */
export function selectRaises(tx: TenantTx): Promise<Raise[]> {
  return tx.many(
    sql`select ${columns} from raised_rights where tenant_id = ${tx.tenantId} order by raise_id desc limit 200`,
    raiseRow,
  );
}

/** What somebody was allowed here that holds at this moment. */
export function selectActive(tx: TenantTx, operatorId: OperatorId, at: Date): Promise<Raise[]> {
  return tx.many(
    sql`select ${columns} from raised_rights
      where tenant_id = ${tx.tenantId} and operator_id = ${operatorId} and ends_at > ${at} and ended_at is null`,
    raiseRow,
  );
}

/** @returns it, where it was there and not over */
export function endRaise(tx: TenantTx, raiseId: RaiseId, at: Date): Promise<Raise | undefined> {
  return tx.maybeOne(
    sql`update raised_rights set ended_at = ${at}
      where tenant_id = ${tx.tenantId} and raise_id = ${raiseId} and ended_at is null and ends_at > ${at}
      returning ${columns}`,
    raiseRow,
  );
}
