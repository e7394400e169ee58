import { z } from 'zod';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** Whose key it is: an LMS signs with it, or a tool knew the school by it. */
export type Holder = 'connection' | 'tool';

/** A key of LTI 1.1; its secret is told to nobody. */
export interface LegacyKey {
  holder: Holder;
  holderId: string;
  consumerKey: string;
  changedAt: Date;
}

const columns = sql`holder, holder_id, consumer_key, changed_at`;
const fields = z.object({
  holder: z.enum(['connection', 'tool']),
  holder_id: z.uuid(),
  consumer_key: z.string(),
  changed_at: z.date(),
});
const toKey = (row: z.output<typeof fields>): LegacyKey => ({
  holder: row.holder,
  holderId: row.holder_id,
  consumerKey: row.consumer_key,
  changedAt: row.changed_at,
});
const keyRow = fields.transform(toKey);
const sealedRow = fields
  .extend({ sealed_secret: z.instanceof(Buffer) })
  .transform((row) => ({ ...toKey(row), sealedSecret: row.sealed_secret }));

export function listLegacyKeyRows(tx: TenantTx): Promise<LegacyKey[]> {
  return tx.many(
    sql`select ${columns} from lti_legacy_key where tenant_id = ${tx.tenantId} order by holder, holder_id`,
    keyRow,
  );
}

export function findLegacyKeyRow(tx: TenantTx, holderId: string) {
  return tx.maybeOne(
    sql`select ${columns}, sealed_secret from lti_legacy_key
      where tenant_id = ${tx.tenantId} and holder_id = ${holderId}`,
    sealedRow,
  );
}

export async function saveLegacyKeyRow(tx: TenantTx, key: LegacyKey, sealedSecret: Buffer): Promise<void> {
  const { holder, holderId, consumerKey, changedAt } = key;
  await tx.exec(sql`
    insert into lti_legacy_key (tenant_id, holder_id, holder, consumer_key, sealed_secret, changed_at)
    values (${tx.tenantId}, ${holderId}, ${holder}, ${consumerKey}, ${sealedSecret}, ${changedAt})
    on conflict (tenant_id, holder_id) do update
      set consumer_key = excluded.consumer_key, sealed_secret = excluded.sealed_secret,
        changed_at = excluded.changed_at`);
}

/** @returns what it was, but for the secret */
export function deleteLegacyKeyRow(tx: TenantTx, holderId: string): Promise<LegacyKey | undefined> {
  return tx.maybeOne(
    sql`delete from lti_legacy_key where tenant_id = ${tx.tenantId} and holder_id = ${holderId}
      returning ${columns}`,
    keyRow,
  );
}
