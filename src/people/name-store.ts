import { z } from 'zod';
import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

const nameRow = z
  .object({
    name: z.string().nullable(),
    given_name: z.string().nullable(),
    family_name: z.string().nullable(),
    email: z.string().nullable(),
    locale: z.string().nullable(),
  })
  .transform((row) => ({
    name: row.name ?? undefined,
    givenName: row.given_name ?? undefined,
    familyName: row.family_name ?? undefined,
    email: row.email ?? undefined,
    locale: row.locale ?? undefined,
  }));

/** What a person is called, as the LMS, sign-in or roster that told last said. */
export type PersonNames = z.output<typeof nameRow>;

/** Whoever was merged into another has the names of the one that is kept. */
export function findNames(tx: TenantTx, personId: PersonId): Promise<PersonNames | undefined> {
  return tx.maybeOne(
    sql`select p.name, p.given_name, p.family_name, p.email, p.locale
      from person a join person p on p.tenant_id = ${tx.tenantId}
        and p.person_id = coalesce(a.merged_into, a.person_id)
      where a.tenant_id = ${tx.tenantId} and a.person_id = ${personId}`,
    nameRow,
  );
}

const namingRow = z
  .object({ connection_id: z.uuid().transform((value) => value as ConnectionId), sourced_id: z.string() })
  .transform((row) => ({ connectionId: row.connection_id, sourcedId: row.sourced_id }));

/**
 * The roster user by whose name each of some persons goes: of several the one that changed last, and none that has become
 * somebody else, or may have.
 */
export function findNamingUsers(
  tx: TenantTx,
  personIds: readonly PersonId[],
): Promise<z.output<typeof namingRow>[]> {
  const { tenantId } = tx;
  return tx.many(
    sql`select distinct on (k.person_id) u.connection_id, u.sourced_id
      from person_link k
      join roster_user u on u.tenant_id = ${tenantId} and u.connection_id = k.connection_id and u.sourced_id = k.subject
        and u.removed_at is null
      where k.tenant_id = ${tenantId} and k.person_id = any (${personIds}::uuid[])
        and not exists (select from person_review r where r.tenant_id = ${tenantId} and r.connection_id = k.connection_id
          and r.subject = k.subject and r.person_id = r.other_id and r.person_id = any (${personIds}::uuid[])
          and r.state in ('open', 'dismissed'))
      order by k.person_id, u.changed_at desc, u.connection_id, u.sourced_id`,
    namingRow,
  );
}
