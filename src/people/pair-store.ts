import { type Sql, sql } from '../platform/sql/sql.ts';
import { fieldReasons } from './match.ts';

/**
 * A tenant or a connection, hidden from the planner, which then reckons with the average of them. For one that is newer than
 * the statistics it would expect no rows, and take an index that only starts with it for as good as the one with the whole key.
 */
export function anyOne(id: string): Sql {
  return sql`(select ${id}::uuid)`;
}

/** A person's id with those of everybody who was merged into them. */
function all(tenantId: string, person: Sql): Sql {
  return sql`array(select ${person} union all select m.person_id from person m
    where m.tenant_id = ${tenantId} and m.merged_into = ${person})`;
}

/** Two who were kept apart by somebody, or taken apart again; also where one of them was merged with others since. */
export function isKeptApart(tenantId: string, one: Sql, other: Sql): Sql {
  return sql`(exists (select from person_review v where ${isOfBoth(tenantId, one, other)} and v.state = 'kept_apart')
      or exists (select from person_merge m where m.tenant_id = ${tenantId} and m.undone_at is not null
        and (m.absorbed_id = any (${all(tenantId, one)}) and m.kept_id = any (${all(tenantId, other)})
          or m.absorbed_id = any (${all(tenantId, other)}) and m.kept_id = any (${all(tenantId, one)}))))`;
}

/** Two whom the tenant's field has led to each other before, and somebody has left as they are. */
export function isDismissed(tenantId: string, one: Sql, other: Sql): Sql {
  return sql`exists (select from person_review v where ${isOfBoth(tenantId, one, other)} and v.state = 'dismissed'
    and v.reason = any (${fieldReasons}::text[]))`;
}

function isOfBoth(tenantId: string, one: Sql, other: Sql): Sql {
  return sql`v.tenant_id = ${tenantId}
    and (v.person_id = any (${all(tenantId, one)}) and v.other_id = any (${all(tenantId, other)})
      or v.person_id = any (${all(tenantId, other)}) and v.other_id = any (${all(tenantId, one)}))`;
}

/** The person of a link has other links, is known to a tool, or was merged with another. */
export function hasMore(tenantId: string, link: Sql): Sql {
  return sql`(exists (select from person_link o where o.tenant_id = ${tenantId} and o.person_id = ${link}.person_id
        and (o.connection_id, o.subject) <> (${link}.connection_id, ${link}.subject))
      or exists (select from pseudonym s where s.tenant_id = ${tenantId} and s.person_id = ${link}.person_id)
      or exists (select from person_merge m where m.tenant_id = ${tenantId} and m.kept_id = ${link}.person_id
        and m.undone_at is null))`;
}

/** The birth date of a roster user, as text. */
export function birthOf(tenantId: string, user: Sql): Sql {
  return sql`(select d.birth_date::text from roster_demographics d where d.tenant_id = ${tenantId}
    and d.connection_id = ${user}.connection_id and d.sourced_id = ${user}.sourced_id)`;
}

/** A student, or one of the others: parents too are entered with their child's number at times. */
export function kindOf(tenantId: string, user: Sql): Sql {
  return sql`(select case when bool_and(o.role = 'student') then 'student' when not bool_or(o.role = 'student') then 'adult' end
    from roster_role o where o.tenant_id = ${anyOne(tenantId)}
      and o.connection_id = ${user}.connection_id and o.user_sourced_id = ${user}.sourced_id)`;
}
