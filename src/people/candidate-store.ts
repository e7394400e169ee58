import { z } from 'zod';
import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';
import { mostHits } from './match.ts';
import type { MatchRule } from './match-rule.ts';
import { type Batch, isIn, isOfRoster, linkOf } from './newcomer-store.ts';
import { birthOf, hasMore, isDismissed, isKeptApart, kindOf } from './pair-store.ts';

const id = <Id extends string>() => z.uuid().transform((value) => value as Id);

const candidateRow = z
  .object({
    connection_id: id<ConnectionId>(),
    sourced_id: z.string(),
    person_id: id<PersonId>(),
    candidate_id: id<PersonId>(),
    link: z.enum(['none', 'alone', 'shared']),
    facts: z.string(),
  })
  .transform((row) => ({
    connectionId: row.connection_id,
    sourcedId: row.sourced_id,
    personId: row.person_id,
    candidateId: row.candidate_id,
    link: row.link,
    facts: row.facts,
  }));

/**
 * A newcomer and somebody they may be: the person they have, or one found otherwise. `facts` is all that the decision needs
 * to know, in one word (`readFacts`).
 */
export type Candidate = z.output<typeof candidateRow>;

/**
 * Whom the newcomers of a batch may be. Rows of large tables are looked up one by one, never joined: the planner takes
 * tables that were just filled for nearly empty.
 */
export function findCandidates(
  tx: TenantTx,
  batch: Batch,
  rule: MatchRule | undefined,
): Promise<Candidate[]> {
  const { tenantId } = tx;
  return tx.many(
    sql`
    with ${newcomers(tenantId, batch)},
    ${foundByField(tenantId, rule)},
    ${foundByEmail(tenantId)},
    found as (
      select 'link' as found, n.*, n.person_id as candidate_id, null::uuid as rival_at, null::text as rival
      from looked n where link <> 'none'
      union all
      select 'field', f.* from by_field f
      union all
      select 'email', e.*, null, null from by_email e)
    select f.connection_id, f.sourced_id, f.person_id, f.candidate_id, f.link, concat_ws('/', f.found, f.link,
      case when f.found <> 'field' or cardinality(f.hits) = 1 then 'one' else 'several' end,
      case when f.rival is not null or a.is_taken then 'taken' else 'free' end,
      case when f.found = 'field' and f.link <> 'none'
        and ${isDismissed(tenantId, sql`f.person_id`, sql`f.candidate_id`)} then 'dismissed' else 'open' end,
      case when 'agrees' in (field_agreement(f.given_name, o.given_name),
          field_agreement(f.preferred_given_name, o.given_name))
        then 'agrees' else field_agreement(f.given_name, o.given_name) end,
      field_agreement(f.family_name, o.family_name), field_agreement(f.email, o.email),
      case when a.users > 0 then field_agreement(${birthOf(tenantId, sql`f`)}, a.birth) else 'unknown' end,
      case when a.users > 0 then field_agreement(${kindOf(tenantId, sql`f`)}, a.kind) else 'unknown' end) as facts
    from found f
    left join lateral (
      select u.given_name, u.family_name, u.email from roster_user u
      where f.rival is not null and u.tenant_id = ${tenantId} and u.connection_id = f.rival_at and u.sourced_id = f.rival
      union all
      select p.given_name, p.family_name, p.email from person p
      where f.rival is null and p.tenant_id = ${tenantId} and p.person_id = f.candidate_id) o on true
    cross join lateral (${aboutCandidate(tenantId)}) a`,
    candidateRow,
  );
}

/** Newcomers who are in the roster still, with the person they have or would get. */
function newcomers(tenantId: string, batch: Batch): Sql {
  return sql`
    newcomer as materialized (
      select n.connection_id, n.sourced_id, n.match_value, coalesce(k.person_id, n.person_id) as person_id,
        case when k.person_id is null then 'none' when ${hasMore(tenantId, sql`k`)} then 'shared' else 'alone' end as link,
        u.given_name, u.preferred_given_name, u.family_name, u.email
      from (select * from person_newcomer n where n.tenant_id = ${tenantId} ${isIn(batch)} offset 0) n
      join lateral (select u.* from roster_user u where u.tenant_id = ${tenantId} and u.connection_id = n.connection_id
        and u.sourced_id = n.sourced_id and u.removed_at is null offset 0) u on true
      left join ${linkOf(tenantId, sql`n`)} on true)`;
}

/** Those found by the tenant's field: in links, and among users who wait likewise and have no link yet. */
function foundByField(tenantId: string, rule: MatchRule | undefined): Sql {
  const isBySourcedId = rule?.rosterColumn === 'sourcedId';
  // A sourcedId means nothing at another roster, and in its own it is the link.
  const isComparable = isBySourcedId ? sql`and not ${isOfRoster(tenantId, sql`k`)}` : sql``;
  const rivals = isBySourcedId
    ? sql``
    : sql`
        union
        select r.person_id, r.connection_id, r.sourced_id from person_newcomer r
        where r.tenant_id = ${tenantId} and r.match_value = n.match_value and r.person_id <> n.person_id
          and (r.connection_id, r.sourced_id) <> (n.connection_id, n.sourced_id)
          and not exists (select from person_link k where k.tenant_id = ${tenantId}
            and k.connection_id = r.connection_id and k.subject = r.sourced_id)`;
  return sql`
    looked as materialized (
      select n.*, h.hits, h.rivals_at, h.rivals from newcomer n
      cross join lateral (
        select coalesce(array_agg(f.candidate_id), '{}') as hits, array_agg(f.rival_at) as rivals_at,
          array_agg(f.rival) as rivals
        from (
          select k.person_id as candidate_id, null::uuid as rival_at, null::text as rival from person_link k
          where k.tenant_id = ${tenantId} and k.match_value = n.match_value and k.person_id <> n.person_id ${isComparable}
          ${rivals}
          limit ${mostHits + 1}) f
        where n.link = 'none' or not ${isKeptApart(tenantId, sql`n.person_id`, sql`f.candidate_id`)}) h),
    by_field as (
      select n.*, f.* from looked n, unnest(n.hits, n.rivals_at, n.rivals) as f (candidate_id, rival_at, rival)
      where cardinality(n.hits) <= ${mostHits})`;
}

/**
 * Whether another user of the same roster is the candidate, or waits with an identifier the candidate has: the first of two
 * to be looked at is treated like the second. Birth date and kind of the candidate by their roster users, also those that are
 * gone: an identifier may have been given to the next one. Where the users are of several kinds, nothing can be said.
 */
function aboutCandidate(tenantId: string): Sql {
  const about = (user: Sql) => sql`${birthOf(tenantId, user)} as birth, ${kindOf(tenantId, user)} as kind`;
  return sql`
    select coalesce(bool_or(w.is_taken), false) as is_taken, count(*) filter (where w.is_user) as users,
      min(w.birth) as birth, case when min(w.kind) = max(w.kind) then min(w.kind) end as kind
    from (
      select k.is_user,
        k.connection_id = f.connection_id or k.match_value <> f.match_value and exists (select from person_newcomer r
          where r.tenant_id = ${tenantId} and r.match_value = k.match_value and r.connection_id = f.connection_id) as is_taken,
        case when k.is_user then ${birthOf(tenantId, sql`k`)} end as birth,
        case when k.is_user then ${kindOf(tenantId, sql`k`)} end as kind
      from (select k.connection_id, k.subject as sourced_id, k.match_value, ${isOfRoster(tenantId, sql`k`)} as is_user
        from person_link k
        where f.found = 'field' and f.rival is null and k.tenant_id = ${tenantId} and k.person_id = f.candidate_id offset 0) k
      union all
      select true, true, ${about(sql`r`)}
      from (select f.rival_at as connection_id, f.rival as sourced_id) r where f.rival is not null) w`;
}

/** Those with the same e-mail address, where one person alone of another connection has it and nothing else was found. */
function foundByEmail(tenantId: string): Sql {
  return sql`
    by_email as (
      select n.*, e.candidate_id from looked n
      cross join lateral (
        select min(p.person_id::text)::uuid as candidate_id
        from (select p.person_id, count(*) over () as sharing
          from (select p.person_id from person p where p.tenant_id = ${tenantId}
            and p.email_key = lower(btrim(n.email)) and p.person_id <> n.person_id limit ${mostHits + 1}) p) p
        where p.sharing <= ${mostHits}
          and exists (select from person_link k where k.tenant_id = ${tenantId} and k.person_id = p.person_id)
          and not exists (select from person_link k where k.tenant_id = ${tenantId} and k.person_id = p.person_id
            and k.connection_id = n.connection_id)
        having count(*) = 1) e
      where n.link <> 'shared' and btrim(n.email) <> ''
        and cardinality(n.hits) = 0
        and (n.link = 'none' or not ${isKeptApart(tenantId, sql`n.person_id`, sql`e.candidate_id`)}))`;
}
