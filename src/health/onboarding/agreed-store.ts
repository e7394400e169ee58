import { z } from 'zod';
import type { AgreementId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/**
 * From when agreement `a` (of `setup_agreement`) counts; null: not as things stand. What somebody of outside the institution could
 * have agreed to counts once somebody else has confirmed it, or when its time has come: not then where the account was switched
 * off since, if only for a while, or its way in handed out anew, by which the institution says that it was not theirs.
 */
export const agreedFrom = sql`case
  when a.by_link_of is null or exists (select from setup_confirmation c
    where c.tenant_id = a.tenant_id and c.agreement_id = a.agreement_id) then a.agreed_at
  when exists (select from operator o
    where o.tenant_id = a.tenant_id and 'operator:' || o.operator_id = a.actor and o.status = 'active'
      and (o.disowned_at is null or o.disowned_at <= a.agreed_at)) then a.counts_from
  end`;

/** The same of one agreement. */
export async function selectAgreedFrom(tx: TenantTx, agreementId: AgreementId): Promise<Date | null> {
  const row = await tx.maybeOne(
    sql`select ${agreedFrom} as at from setup_agreement a
      where a.tenant_id = ${tx.tenantId} and a.agreement_id = ${agreementId}`,
    z.object({ at: z.date().nullable() }),
  );
  return row?.at ?? null;
}
