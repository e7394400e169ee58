import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { RollupTx, TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';
import { type KeptMetadata, keptMetadata } from './kept-metadata.ts';

/** As it stands in jsonb. */
const staged = z.object({ metadata: keptMetadata, validUntil: z.iso.datetime().nullable() }).transform(
  ({ metadata, validUntil }): StagedMetadata => ({
    metadata,
    validUntil: validUntil === null ? null : new Date(validUntil),
  }),
);

const metadataRow = z
  .object({
    current: keptMetadata,
    staged: staged.nullable(),
    fetched_at: z.date(),
    valid_until: z.date().nullable(),
    failure: z.string().nullable(),
    refresh_at: z.date().nullable(),
  })
  .transform(
    (row): StoredMetadata => ({
      current: row.current,
      staged: row.staged,
      fetchedAt: row.fetched_at,
      validUntil: row.valid_until,
      failure: row.failure,
      refreshAt: row.refresh_at,
    }),
  );

/** Metadata that waits for somebody to agree. */
export interface StagedMetadata {
  metadata: KeptMetadata;
  validUntil: Date | null;
}

/** The last good metadata of an identity provider, and what a newer one would change. */
export interface StoredMetadata {
  current: KeptMetadata;
  staged: StagedMetadata | null;
  /** When it was read last, whatever it led to. */
  fetchedAt: Date;
  /** Of what is in use. */
  validUntil: Date | null;
  /** The last try, where it failed: a stable code. */
  failure: string | null;
  /** Null: nobody asks for it by itself. */
  refreshAt: Date | null;
}

export function selectMetadata(
  tx: TenantTx,
  connectionId: ConnectionId,
): Promise<StoredMetadata | undefined> {
  return tx.maybeOne(
    sql`select current, staged, fetched_at, valid_until, failure, refresh_at from identity_metadata
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`,
    metadataRow,
  );
}

/** Writes it over what is there. */
export async function saveMetadata(
  tx: TenantTx,
  connectionId: ConnectionId,
  metadata: StoredMetadata,
): Promise<void> {
  const { current, staged, fetchedAt, validUntil, failure, refreshAt } = metadata;
  await tx.exec(sql`
    insert into identity_metadata (tenant_id, connection_id, current, staged, fetched_at, valid_until, failure, refresh_at)
    values (${tx.tenantId}, ${connectionId}, ${json(current)}, ${staged === null ? null : json(staged)}, ${fetchedAt},
      ${validUntil}, ${failure}, ${refreshAt})
    on conflict (tenant_id, connection_id) do update set current = excluded.current, staged = excluded.staged,
      fetched_at = excluded.fetched_at, valid_until = excluded.valid_until, failure = excluded.failure,
      refresh_at = excluded.refresh_at`);
}

/** Notes that it could not be read, and when to try again; what is in use stays. */
export async function noteFailure(
  tx: TenantTx,
  connectionId: ConnectionId,
  { failure, refreshAt }: { failure: string; refreshAt: Date },
): Promise<void> {
  await tx.exec(sql`
    update identity_metadata set failure = ${failure}, refresh_at = ${refreshAt}
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}`);
}

const dueRow = z.object({ tenant_id: z.uuid(), connection_id: z.uuid() }).transform((found) => ({
  tenantId: found.tenant_id as TenantId,
  connectionId: found.connection_id as ConnectionId,
}));

/** Metadata of every tenant that is to be asked for now, the longest due first; not of what is disabled. */
export function listDueMetadata(
  tx: RollupTx,
  now: Date,
  most: number,
): Promise<{ tenantId: TenantId; connectionId: ConnectionId }[]> {
  return tx.many(
    sql`select m.tenant_id, m.connection_id from identity_metadata m
        join identity_source s on s.tenant_id = m.tenant_id and s.connection_id = m.connection_id
      where m.refresh_at <= ${now} and s.protocol = 'saml' and s.status <> 'disabled'
      order by m.refresh_at limit ${most}`,
    dueRow,
  );
}
