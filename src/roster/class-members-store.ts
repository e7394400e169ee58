import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import { isToday, namesGoneBy } from './fragments-store.ts';

const memberRow = z
  .object({
    sourced_id: z.string(),
    enabled_user: z.boolean().nullable(),
    given_name: z.string().nullable(),
    family_name: z.string().nullable(),
    email: z.string().nullable(),
    roles: z.array(z.string()),
  })
  .transform((row) => ({
    sourcedId: row.sourced_id,
    /** Some sources say of users who left that they are still there and may not sign in. */
    isEnabled: row.enabled_user !== false,
    givenName: row.given_name,
    familyName: row.family_name,
    email: row.email,
    /** What they are in the class, by OneRoster's words. */
    roles: row.roles,
  }));

export type ClassMember = z.output<typeof memberRow>;

/**
 * Who is enrolled in a class today, by their sourcedId, so many after one of them.
 *
 * @param today `YYYY-MM-DD`
 */
export function listClassMembers(
  tx: TenantTx,
  place: { connectionId: ConnectionId; classId: string },
  page: { after: string; limit: number; today: string },
): Promise<ClassMember[]> {
  const { tenantId } = tx;
  const { after, limit, today } = page;
  return tx.many(
    sql`
    select u.sourced_id, u.enabled_user, ${namesGoneBy}, u.email, e.roles
    from (select e.user_sourced_id, array_agg(distinct e.role order by e.role) as roles from roster_enrollment e
      where e.tenant_id = ${tenantId} and e.connection_id = ${place.connectionId} and e.class_sourced_id = ${place.classId}
        and e.removed_at is null and e.role is not null and e.user_sourced_id > ${after}
        and ${isToday(sql`e`, today)}
      group by e.user_sourced_id) e
    join roster_user u on u.tenant_id = ${tenantId} and u.connection_id = ${place.connectionId}
      and u.sourced_id = e.user_sourced_id and u.removed_at is null
    order by u.sourced_id limit ${limit}`,
    memberRow,
  );
}
