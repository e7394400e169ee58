import type { PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

/** Forgets what LMSs said of persons in launches under way, which then cannot go on. @returns how many */
export function deleteHints(tx: TenantTx, persons: readonly PersonId[]): Promise<number> {
  return tx.exec(
    sql`delete from lti_hint where tenant_id = ${tx.tenantId} and person_id = any (${persons}::uuid[])`,
  );
}
