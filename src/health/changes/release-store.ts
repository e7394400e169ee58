import { z } from 'zod';
import type { HubTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** Lets one copy at a time say which version it is. */
export async function lockReleases(tx: HubTx): Promise<void> {
  await tx.exec(sql`select pg_advisory_xact_lock(hashtextextended('gatehouse.release', 0))`);
}

const releaseRow = z.object({ subject: z.string() });

/** The last release, as `release:1.2.3`. */
export async function findLastRelease(tx: HubTx): Promise<string | undefined> {
  const row = await tx.maybeOne(
    sql`select subject from audit_event where tenant_id = ${tx.tenantId} and action = 'hub.released'
      order by sequence desc limit 1`,
    releaseRow,
  );
  return row?.subject;
}
