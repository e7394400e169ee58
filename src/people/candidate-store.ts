import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';
import type { MatchRule } from './match-rule.ts';
import { linkValue, rosterValue } from './rule-store.ts';

/**
 * Writes down the users who have to be looked at: those of the run, those who have no person yet, and those whose
 * identifier came with a launch meanwhile. Without a run, all of the connection.
 *
 * @returns how many
 */
export function gatherNewcomers(
  tx: TenantTx,
  input: { connectionId: ConnectionId; runNo: number | undefined; rule: MatchRule | undefined; now: Date },
): Promise<number> {
  const { tenantId } = tx;
  const { connectionId, runNo, rule, now } = input;
  return tx.exec(sql`
    with settled as (
      update person_link k set is_unsettled = false, match_value = ${linkValue(rule)}
      where k.tenant_id = ${tenantId} and k.is_unsettled returning k.match_value),
    named as (
      select k.connection_id, k.subject from person_link k
      join connection c on c.tenant_id = ${tenantId} and c.connection_id = k.connection_id and c.kind = 'roster'
      where k.tenant_id = ${tenantId} and k.match_value in (select match_value from settled))
    insert into person_newcomer (tenant_id, connection_id, sourced_id, person_id, link, match_value)
    select ${tenantId}, u.connection_id, u.sourced_id, coalesce(own.person_id, uuid_v7(${now})),
      case when own.person_id is null then 'none' when ${hasMore(tenantId, sql`own`)} then 'shared' else 'alone' end,
      ${rosterValue(rule)}
    from roster_user u
    left join person_link own on own.tenant_id = ${tenantId} and own.connection_id = u.connection_id
      and own.subject = u.sourced_id
    where u.tenant_id = ${tenantId} and u.removed_at is null
      and (u.connection_id = ${connectionId}
          and (${runNo === undefined}::boolean or u.changed_run = ${runNo ?? null} or own.person_id is null)
        or (u.connection_id, u.sourced_id) in (select connection_id, subject from named))`);
}

/** The person of a link has other links, is known to a tool, or was merged with another. */
export function hasMore(tenantId: string, link: Sql): Sql {
  return sql`(exists (select from person_link o where o.tenant_id = ${tenantId} and o.person_id = ${link}.person_id
        and (o.connection_id, o.subject) <> (${link}.connection_id, ${link}.subject))
      or exists (select from pseudonym s where s.tenant_id = ${tenantId} and s.person_id = ${link}.person_id)
      or exists (select from person_merge m where m.tenant_id = ${tenantId} and m.kept_id = ${link}.person_id
        and m.undone_at is null))`;
}

/** Two who were kept apart by somebody, or taken apart again. */
function isKeptApart(tenantId: string, one: Sql, other: Sql): Sql {
  return sql`(exists (select from person_review v where v.tenant_id = ${tenantId} and v.state = 'kept_apart'
        and least(v.person_id, v.other_id) = least(${one}, ${other})
        and greatest(v.person_id, v.other_id) = greatest(${one}, ${other}))
      or exists (select from person_merge m where m.tenant_id = ${tenantId} and m.undone_at is not null
        and (m.absorbed_id = ${one} and m.kept_id = ${other} or m.absorbed_id = ${other} and m.kept_id = ${one})))`;
}

/** A sourcedId means nothing at another roster, and in its own it is the link. */
function isComparable(tenantId: string, rule: MatchRule | undefined): Sql {
  return rule?.rosterColumn === 'sourcedId'
    ? sql`and exists (select from connection c where c.tenant_id = ${tenantId} and c.connection_id = k.connection_id
        and c.kind <> 'roster')`
    : sql``;
}

/** Those found by the tenant's field: in links, and among users who come in the same run and have no link yet. */
function foundByField(tenantId: string, rule: MatchRule | undefined): Sql {
  const rivals =
    rule?.rosterColumn === 'sourcedId'
      ? sql``
      : sql`
      union
      select n.connection_id, n.sourced_id, n.person_id, n.link, r.person_id
      from person_newcomer n
      join person_newcomer r on r.tenant_id = ${tenantId} and r.match_value = n.match_value and r.link = 'none'
        and r.person_id <> n.person_id
      where n.tenant_id = ${tenantId}`;
  return sql`
    pair as (
      select n.connection_id, n.sourced_id, n.person_id, n.link, k.person_id as candidate_id
      from person_newcomer n
      join person_link k on k.tenant_id = ${tenantId} and k.match_value = n.match_value and k.person_id <> n.person_id
      where n.tenant_id = ${tenantId} ${isComparable(tenantId, rule)}
      ${rivals}),
    by_field as (
      select *, case count(*) over (partition by connection_id, sourced_id) when 1 then 'one' else 'several' end as hits,
        count(*) over (partition by connection_id, candidate_id) > 1 as contested
      from pair
      where link = 'none' or not ${isKeptApart(tenantId, sql`pair.person_id`, sql`pair.candidate_id`)})`;
}

/** Those with the same e-mail address, where one person alone of another connection has it and nothing else was found. */
function foundByEmail(tenantId: string): Sql {
  return sql`
    by_email as (
      select n.connection_id, n.sourced_id, n.person_id, n.link, min(p.person_id::text)::uuid as candidate_id
      from person_newcomer n
      join roster_user u on u.tenant_id = ${tenantId} and u.connection_id = n.connection_id and u.sourced_id = n.sourced_id
      join person p on p.tenant_id = ${tenantId} and lower(btrim(p.email)) = lower(btrim(u.email))
        and p.person_id <> n.person_id
      where n.tenant_id = ${tenantId} and n.link <> 'shared' and btrim(u.email) <> ''
        and not exists (select from by_field f
          where f.connection_id = n.connection_id and f.sourced_id = n.sourced_id)
        and exists (select from person_link k where k.tenant_id = ${tenantId} and k.person_id = p.person_id)
        and not exists (select from person_link k where k.tenant_id = ${tenantId} and k.person_id = p.person_id
          and k.connection_id = n.connection_id)
      group by n.connection_id, n.sourced_id, n.person_id, n.link
      having count(*) = 1)`;
}

/** Writes down whom each newcomer may be, and what is known of the pair. */
export async function findCandidates(tx: TenantTx, rule: MatchRule | undefined): Promise<void> {
  const { tenantId } = tx;
  await tx.exec(sql`
    with ${foundByField(tenantId, rule)},
    ${foundByEmail(tenantId)},
    found as (
      select 'link' as found, connection_id, sourced_id, person_id, link, person_id as candidate_id, 'one' as hits,
        false as contested
      from person_newcomer where tenant_id = ${tenantId} and link <> 'none'
      union all
      select 'field', connection_id, sourced_id, person_id, link, candidate_id, hits, contested from by_field
      union all
      select 'email', connection_id, sourced_id, person_id, link, candidate_id, 'one', false from by_email e
      where e.link = 'none' or not ${isKeptApart(tenantId, sql`e.person_id`, sql`e.candidate_id`)})
    insert into person_candidate (tenant_id, connection_id, sourced_id, person_id, link, candidate_id, facts)
    select ${tenantId}, f.connection_id, f.sourced_id, f.person_id, f.link, f.candidate_id, concat_ws('/', f.found, f.link, f.hits,
      case when f.contested or f.found = 'field' and (r.person_id is not null or exists (select from person_link t
          where t.tenant_id = ${tenantId} and t.person_id = f.candidate_id and t.connection_id = f.connection_id))
        then 'taken' else 'free' end,
      case when 'agrees' in (field_agreement(u.given_name, coalesce(ru.given_name, p.given_name)),
          field_agreement(u.preferred_given_name, coalesce(ru.given_name, p.given_name)))
        then 'agrees' else field_agreement(u.given_name, coalesce(ru.given_name, p.given_name)) end,
      field_agreement(u.family_name, coalesce(ru.family_name, p.family_name)),
      field_agreement(u.email, coalesce(ru.email, p.email)),
      case f.found when 'field' then field_agreement(${birthOf(tenantId, sql`u`)}, coalesce(
        ${birthOf(tenantId, sql`ru`)}, ${birthOfPerson(tenantId)})) else 'unknown' end,
      case f.found when 'field' then field_agreement(${kindOf(tenantId, sql`u`)}, coalesce(
        ${kindOf(tenantId, sql`ru`)}, ${kindOfPerson(tenantId)})) else 'unknown' end)
    from found f
    join roster_user u on u.tenant_id = ${tenantId} and u.connection_id = f.connection_id and u.sourced_id = f.sourced_id
    left join person p on p.tenant_id = ${tenantId} and p.person_id = f.candidate_id
    left join person_newcomer r on r.tenant_id = ${tenantId} and r.person_id = f.candidate_id and r.link = 'none'
    left join roster_user ru on ru.tenant_id = ${tenantId} and ru.connection_id = r.connection_id
      and ru.sourced_id = r.sourced_id`);
}

function birthOf(tenantId: string, user: Sql): Sql {
  return sql`(select d.birth_date::text from roster_demographics d where d.tenant_id = ${tenantId}
    and d.connection_id = ${user}.connection_id and d.sourced_id = ${user}.sourced_id)`;
}

/**
 * Of a person's users, also those that are gone: an identifier may have been given to the next one. Rows are looked up
 * one by one here, never joined: a join would be planned as for all users, and done for each.
 */
function birthOfPerson(tenantId: string): Sql {
  return sql`(select min((select d.birth_date from roster_demographics d where d.tenant_id = ${tenantId}
      and d.connection_id = k.connection_id and d.sourced_id = k.subject))::text
    from person_link k where k.tenant_id = ${tenantId} and k.person_id = f.candidate_id)`;
}

/** A student, or one of the others: parents too are entered with their child's number at times. */
function kindOf(tenantId: string, user: Sql): Sql {
  return sql`(select case when bool_and(o.role = 'student') then 'student' when not bool_or(o.role = 'student') then 'adult' end
    from roster_role o where o.tenant_id = ${tenantId}
      and o.connection_id = ${user}.connection_id and o.user_sourced_id = ${user}.sourced_id)`;
}

/** Where a person's users are of several kinds, nothing can be said. */
function kindOfPerson(tenantId: string): Sql {
  return sql`(select case when count(distinct v.kind) = 1 then min(v.kind) end
    from (select ${kindOf(tenantId, sql`w`)} as kind
      from (select k.connection_id, k.subject as sourced_id from person_link k
        where k.tenant_id = ${tenantId} and k.person_id = f.candidate_id) w) v)`;
}

/** Every combination of facts that occurs. */
export async function listFacts(tx: TenantTx): Promise<string[]> {
  const rows = await tx.many(
    sql`select distinct facts from person_candidate where tenant_id = ${tx.tenantId}`,
    z.object({ facts: z.string() }),
  );
  return rows.map(({ facts }) => facts);
}
