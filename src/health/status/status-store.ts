import { z } from 'zod';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** A status page of the scope's tenant; under the nil tenant of a partner, over all schools. */
export interface StatusLink {
  linkId: string;
  /** Null: of everything the institution has. */
  partner: string | null;
  createdAt: Date;
}

const linkRow = z
  .object({ link_id: z.uuid(), partner: z.string().nullable(), created_at: z.date() })
  .transform(
    ({ link_id, partner, created_at }): StatusLink => ({ linkId: link_id, partner, createdAt: created_at }),
  );

type OwnerTx = TenantTx | HubTx;

export async function insertLink(
  tx: OwnerTx,
  { linkId, partner, createdAt }: StatusLink,
  hash: Buffer,
): Promise<void> {
  await tx.exec(sql`insert into status_link (tenant_id, link_id, partner, secret_hash, created_at)
    values (${tx.tenantId}, ${linkId}, ${partner}, ${hash}, ${createdAt})`);
}

/** The oldest first. */
export function listLinks(tx: OwnerTx): Promise<StatusLink[]> {
  return tx.many(
    sql`select link_id, partner, created_at from status_link where tenant_id = ${tx.tenantId} order by link_id`,
    linkRow,
  );
}

export function findLink(tx: OwnerTx, hash: Buffer): Promise<StatusLink | undefined> {
  return tx.maybeOne(
    sql`select link_id, partner, created_at from status_link
      where tenant_id = ${tx.tenantId} and secret_hash = ${hash}`,
    linkRow,
  );
}

/** @returns what it was; undefined where there is none */
export function deleteLink(tx: OwnerTx, linkId: string): Promise<StatusLink | undefined> {
  return tx.maybeOne(
    sql`delete from status_link where tenant_id = ${tx.tenantId} and link_id = ${linkId}
      returning link_id, partner, created_at`,
    linkRow,
  );
}
