import { z } from 'zod';
import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import type { LinkKey } from './linking-store.ts';

const idRow = z
  .object({ person_id: z.uuid().transform((value) => value as PersonId) })
  .transform((row) => row.person_id);

/** A person with everybody who was merged into them, or the same from one of those; locked. */
export function lockSelves(tx: TenantTx, personId: PersonId): Promise<PersonId[]> {
  const { tenantId } = tx;
  return tx.many(
    sql`select p.person_id from person p
      join person a on a.tenant_id = ${tenantId} and a.person_id = ${personId}
      where p.tenant_id = ${tenantId}
        and (p.person_id = coalesce(a.merged_into, a.person_id) or p.merged_into = coalesce(a.merged_into, a.person_id))
      order by p.person_id for update of p`,
    idRow,
  );
}

/** An account that led to the person, and what kind of connection it is at. */
export interface ErasedLink extends LinkKey {
  kind: 'lms' | 'identity' | 'roster' | 'grades';
}

const linkRow = z
  .object({
    connection_id: z.uuid().transform((value) => value as ConnectionId),
    subject: z.string(),
    kind: z.enum(['lms', 'identity', 'roster', 'grades']),
  })
  .transform(
    (row): ErasedLink => ({ connectionId: row.connection_id, subject: row.subject, kind: row.kind }),
  );

/** @returns the links that were there */
export function deleteLinks(tx: TenantTx, persons: readonly PersonId[]): Promise<ErasedLink[]> {
  const { tenantId } = tx;
  return tx.many(
    sql`delete from person_link k using connection c
      where k.tenant_id = ${tenantId} and k.person_id = any (${persons}::uuid[])
        and c.tenant_id = ${tenantId} and c.connection_id = k.connection_id
      returning k.connection_id, k.subject, c.kind`,
    linkRow,
  );
}

/** Reviews and merges name links, and so the accounts of a person elsewhere. @returns how many of each */
export async function deleteHistory(
  tx: TenantTx,
  persons: readonly PersonId[],
): Promise<{ reviews: number; merges: number }> {
  const reviews = await tx.exec(sql`
    delete from person_review where tenant_id = ${tx.tenantId}
      and (person_id = any (${persons}::uuid[]) or other_id = any (${persons}::uuid[]))`);
  const merges = await tx.exec(sql`
    delete from person_merge where tenant_id = ${tx.tenantId}
      and (kept_id = any (${persons}::uuid[]) or absorbed_id = any (${persons}::uuid[]))`);
  return { reviews, merges };
}

/** Leaves the id, which events and launches hold, and nothing that was known by it. */
export async function blankPersons(tx: TenantTx, persons: readonly PersonId[], now: Date): Promise<void> {
  await tx.exec(sql`
    update person set name = null, given_name = null, family_name = null, email = null, locale = null, changed_at = ${now}
    where tenant_id = ${tx.tenantId} and person_id = any (${persons}::uuid[])`);
}

/** A newcomer waits under a sourcedId, which is in the roster still. */
export async function deleteWaiting(tx: TenantTx, links: readonly LinkKey[]): Promise<void> {
  await tx.exec(sql`
    delete from person_newcomer n
    using unnest(${links.map(({ connectionId }) => connectionId)}::uuid[], ${links.map(({ subject }) => subject)}::text[])
      as l (connection_id, subject)
    where n.tenant_id = ${tx.tenantId} and n.connection_id = l.connection_id and n.sourced_id = l.subject`);
}
