import { z } from 'zod';
import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';
import { isToday, namesGoneBy } from './fragments-store.ts';

const connectionId = z.uuid().transform((value) => value as ConnectionId);

const userRow = z
  .object({
    connection_id: connectionId,
    sourced_id: z.string(),
    enabled_user: z.boolean().nullable(),
    given_name: z.string().nullable(),
    family_name: z.string().nullable(),
    email: z.string().nullable(),
    roles: z.array(
      z.object({ role: z.string(), schoolId: z.string().nullable(), schoolName: z.string().nullable() }),
    ),
  })
  .transform((row) => ({
    connectionId: row.connection_id,
    sourcedId: row.sourced_id,
    /** Some sources say of users who left that they are still there and may not sign in. */
    isEnabled: row.enabled_user !== false,
    givenName: row.given_name,
    familyName: row.family_name,
    email: row.email,
    roles: row.roles,
  }));

/** A person in one roster, by the names they go by. */
export type PersonUser = z.output<typeof userRow>;

/** Users `u` of a person who are in a roster now. Each is looked up by its key. */
const usersOf = (tenantId: string, person: PersonId): Sql => sql`
  (select k.connection_id, k.subject from person_link k
    where k.tenant_id = ${tenantId} and k.person_id = (select coalesce(p.merged_into, p.person_id) from person p
      where p.tenant_id = ${tenantId} and p.person_id = ${person}) offset 0) k
  join lateral (select u.* from roster_user u where u.tenant_id = ${tenantId} and u.connection_id = k.connection_id
    and u.sourced_id = k.subject and u.removed_at is null offset 0) u on true`;

/** From the first day of the first of a class's terms to the last day of the last; a class without known terms always is. */
const isInTerm = (tenantId: string, today: string): Sql => sql`
  coalesce((select coalesce(min(s.start_date), '-infinity') <= ${today}::date
      and coalesce(max(s.end_date), 'infinity') >= ${today}::date
    from roster_session s where s.tenant_id = ${tenantId} and s.connection_id = c.connection_id
      and s.sourced_id = any (c.term_sourced_ids) and s.removed_at is null having count(*) > 0), true)`;

export function listPersonUsers(tx: TenantTx, person: PersonId, today: string): Promise<PersonUser[]> {
  const { tenantId } = tx;
  return tx.many(
    sql`
    select u.connection_id, u.sourced_id, u.enabled_user, ${namesGoneBy}, u.email,
      coalesce((select jsonb_agg(jsonb_build_object('role', r.role, 'schoolId', r.org_sourced_id, 'schoolName',
          (select o.name from roster_org o where o.tenant_id = ${tenantId} and o.connection_id = r.connection_id
            and o.sourced_id = r.org_sourced_id and o.removed_at is null))
          order by r.role_type = 'primary' desc nulls last, r.role, r.org_sourced_id)
        from roster_role r where r.tenant_id = ${tenantId} and r.connection_id = u.connection_id
          and r.user_sourced_id = u.sourced_id and r.removed_at is null and r.role is not null
          and ${isToday(sql`r`, today)}), '[]') as roles
    from ${usersOf(tenantId, person)} order by u.connection_id, u.sourced_id`,
    userRow,
  );
}

const classRow = z
  .object({
    connection_id: connectionId,
    class_id: z.string(),
    title: z.string().nullable(),
    class_code: z.string().nullable(),
    school_id: z.string().nullable(),
    school_name: z.string().nullable(),
    role: z.string(),
    is_primary: z.boolean(),
  })
  .transform((row) => ({
    connectionId: row.connection_id,
    classId: row.class_id,
    title: row.title,
    classCode: row.class_code,
    schoolId: row.school_id,
    schoolName: row.school_name,
    role: row.role,
    isPrimary: row.is_primary,
  }));

/** A class a person is enrolled in today, with the role they have there. */
export type PersonClass = z.output<typeof classRow>;

/** One row a class and role, however often the source says it. */
export function listPersonClasses(tx: TenantTx, person: PersonId, today: string): Promise<PersonClass[]> {
  const { tenantId } = tx;
  return tx.many(
    sql`
    select e.connection_id, c.sourced_id as class_id, c.title, c.class_code, c.school_sourced_id as school_id,
      o.name as school_name, e.role, bool_or(e."primary") is true as is_primary
    from ${usersOf(tenantId, person)}
    join lateral (select e.* from roster_enrollment e where e.tenant_id = ${tenantId} and e.connection_id = u.connection_id
      and e.user_sourced_id = u.sourced_id and e.removed_at is null and e.role is not null
      and ${isToday(sql`e`, today)} offset 0) e on true
    join lateral (select c.* from roster_class c where c.tenant_id = ${tenantId} and c.connection_id = e.connection_id
      and c.sourced_id = e.class_sourced_id and c.removed_at is null and ${isInTerm(tenantId, today)} offset 0) c on true
    left join lateral (select o.name from roster_org o where o.tenant_id = ${tenantId}
      and o.connection_id = c.connection_id and o.sourced_id = c.school_sourced_id and o.removed_at is null offset 0) o on true
    group by e.connection_id, c.sourced_id, c.title, c.class_code, c.school_sourced_id, o.name, e.role
    order by o.name, c.title, c.sourced_id, e.role`,
    classRow,
  );
}
