import type { TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';
import { hasMore } from './candidate-store.ts';

/** What was decided on all candidates with the same facts. */
export interface FactsDecision {
  facts: string;
  joins: boolean;
  reason: string | null;
  agree: string[];
  differ: string[];
}

/** Candidates `c` with what was decided on them, `d`. */
function decided(tenantId: string, decisions: readonly FactsDecision[]): Sql {
  return sql`person_candidate c
    join jsonb_to_recordset(${json(decisions)}::jsonb) d (facts text, joins boolean, reason text, agree text[], differ text[])
      on d.facts = c.facts and c.tenant_id = ${tenantId}`;
}

/**
 * A user with nothing else goes to the person found. The person they had leads there; a launch that takes hold of that
 * person at the same moment is waited for, and the user then stays.
 *
 * @returns how many were moved
 */
export async function moveLoneUsers(
  tx: TenantTx,
  decisions: readonly FactsDecision[],
  by: { actor: string; now: Date },
): Promise<number> {
  const { tenantId } = tx;
  if (!decisions.some(({ joins }) => joins)) return 0;
  const moving = sql`${decided(tenantId, decisions)} and d.joins and c.link = 'alone'`;
  const locked = await tx.exec(sql`
    select from person p where p.tenant_id = ${tenantId} and p.person_id in (select c.person_id from ${moving})
    order by p.person_id for update of p`);
  if (locked === 0) return 0;
  return tx.exec(sql`
    with mover as (
      select c.* from ${moving}
      join person_link own on own.tenant_id = ${tenantId} and own.connection_id = c.connection_id
        and own.subject = c.sourced_id and own.person_id = c.person_id
      where not ${hasMore(tenantId, sql`own`)}),
    moved as (
      update person_link k set person_id = m.candidate_id from mover m
      where k.tenant_id = ${tenantId} and k.connection_id = m.connection_id and k.subject = m.sourced_id),
    shell as (
      update person p set merged_into = m.candidate_id from mover m
      where p.tenant_id = ${tenantId} and p.person_id = m.person_id)
    insert into person_merge (tenant_id, merge_id, kept_id, absorbed_id, moved, merged_by, merged_at)
    select ${tenantId}, uuid_v7(${by.now}), candidate_id, person_id,
      jsonb_build_object('links', jsonb_build_array(jsonb_build_object('connectionId', connection_id, 'subject', sourced_id)),
        'tools', '[]'::jsonb, 'retired', '[]'::jsonb, 'aliases', '[]'::jsonb, 'lines', '[]'::jsonb, 'ownLines', '[]'::jsonb, 'merged', '[]'::jsonb),
      ${by.actor}, ${by.now}
    from mover`);
}

const name = sql`nullif(concat_ws(' ', coalesce(nullif(u.preferred_given_name, ''), u.given_name),
  coalesce(nullif(u.preferred_family_name, ''), u.family_name)), '')`;

/** Makes persons for the newcomers who are nobody known, and links every newcomer. @returns how many were made and linked */
export async function linkNewUsers(
  tx: TenantTx,
  decisions: readonly FactsDecision[],
  now: Date,
): Promise<{ created: number; linked: number }> {
  const { tenantId } = tx;
  const joined = sql`(select c.connection_id, c.sourced_id, c.candidate_id from ${decided(tenantId, decisions)}
    and d.joins and c.link = 'none') j`;
  const created = await tx.exec(sql`
    insert into person (tenant_id, person_id, name, given_name, family_name, email, created_at, changed_at)
    select ${tenantId}, n.person_id, ${name}, u.given_name, u.family_name, u.email, ${now}, ${now}
    from person_newcomer n
    join roster_user u on u.tenant_id = ${tenantId} and u.connection_id = n.connection_id and u.sourced_id = n.sourced_id
    left join ${joined} on j.connection_id = n.connection_id and j.sourced_id = n.sourced_id
    where n.tenant_id = ${tenantId} and n.link = 'none' and j.candidate_id is null`);
  const linked = await tx.exec(sql`
    insert into person_link (tenant_id, connection_id, subject, person_id, match_value, created_at)
    select ${tenantId}, n.connection_id, n.sourced_id, coalesce(j.candidate_id, n.person_id), n.match_value, ${now}
    from person_newcomer n
    left join ${joined} on j.connection_id = n.connection_id and j.sourced_id = n.sourced_id
    where n.tenant_id = ${tenantId} and n.link = 'none'`);
  return { created, linked };
}

/**
 * Users that were linked before: what they are compared by, and the names of persons whom nobody but rosters tells of. A
 * launch tells the newest; and whose name has changed altogether is looked at first.
 */
export async function refreshLinked(
  tx: TenantTx,
  decisions: readonly FactsDecision[],
  now: Date,
): Promise<void> {
  const { tenantId } = tx;
  await tx.exec(sql`
    update person_link k set match_value = n.match_value from person_newcomer n
    where n.tenant_id = ${tenantId} and n.link <> 'none' and k.tenant_id = ${tenantId}
      and k.connection_id = n.connection_id and k.subject = n.sourced_id
      and k.match_value is distinct from n.match_value`);
  await tx.exec(sql`
    update person p set name = ${name}, given_name = u.given_name, family_name = u.family_name, email = u.email,
      changed_at = ${now}
    from person_newcomer n
    join roster_user u on u.tenant_id = ${tenantId} and u.connection_id = n.connection_id and u.sourced_id = n.sourced_id
    where n.tenant_id = ${tenantId} and n.link <> 'none' and p.tenant_id = ${tenantId} and p.person_id = n.person_id
      and p.merged_into is null
      and (p.name, p.given_name, p.family_name, p.email) is distinct from (${name}, u.given_name, u.family_name, u.email)
      and not exists (select from person_link k
        join connection o on o.tenant_id = ${tenantId} and o.connection_id = k.connection_id and o.kind <> 'roster'
        where k.tenant_id = ${tenantId} and k.person_id = p.person_id)
      and not exists (select from ${decided(tenantId, decisions)} and d.reason = 'recycled_sourced_id'
        where c.connection_id = n.connection_id and c.sourced_id = n.sourced_id)`);
}

/** Puts what is doubtful before somebody, each pair and reason once. @returns how many are new */
export function addReviews(tx: TenantTx, decisions: readonly FactsDecision[], now: Date): Promise<number> {
  const { tenantId } = tx;
  return tx.exec(sql`
    insert into person_review (tenant_id, review_id, reason, state, connection_id, subject, person_id, other_id, agree,
      differ, found_at)
    select ${tenantId}, uuid_v7(${now}), d.reason, 'open', c.connection_id, c.sourced_id, c.person_id, c.candidate_id,
      d.agree, d.differ, ${now}
    from ${decided(tenantId, decisions)} and d.reason is not null
    order by c.connection_id, c.sourced_id, c.candidate_id
    on conflict (tenant_id, least(person_id, other_id), greatest(person_id, other_id), reason) where state <> 'joined'
      do nothing`);
}

/** Empties what the linking has written down for itself. */
export async function forgetNewcomers(tx: TenantTx): Promise<void> {
  await tx.exec(sql`delete from person_candidate where tenant_id = ${tx.tenantId}`);
  await tx.exec(sql`delete from person_newcomer where tenant_id = ${tx.tenantId}`);
}
