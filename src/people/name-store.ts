import { z } from 'zod';
import type { PersonId } from '../../contracts/ids.ts';
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
