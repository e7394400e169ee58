import type { RunId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** Counts a try that has failed, whatever comes after it: the reports show what a success has taken. */
export async function countFailedTry(tx: TenantTx, runId: RunId): Promise<void> {
  await tx.exec(sql`
    update sync_run set failed_tries = failed_tries + 1 where tenant_id = ${tx.tenantId} and run_id = ${runId}`);
}
