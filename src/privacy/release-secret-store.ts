import { z } from 'zod';
import type { HubTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

/** Keeps a sealed secret of the hub unless one of that name is kept already. */
export async function insertStoredSecret(
  tx: HubTx,
  name: string,
  sealed: Buffer,
  now: number,
): Promise<void> {
  await tx.exec(sql`
    insert into stored_secret (tenant_id, name, sealed, created_at)
    values (${tx.tenantId}, ${name}, ${sealed}, ${new Date(now)})
    on conflict (tenant_id, name) do nothing`);
}

export async function getStoredSecret(tx: HubTx, name: string): Promise<Buffer> {
  const { sealed } = await tx.one(
    sql`select sealed from stored_secret where tenant_id = ${tx.tenantId} and name = ${name}`,
    z.object({ sealed: z.instanceof(Buffer) }),
  );
  return sealed;
}
