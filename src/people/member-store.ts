import { z } from 'zod';
import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, sql } from '../platform/sql/sql.ts';
import { namesThatJoin } from './match.ts';
import type { Member } from './members.ts';

const metRow = z
  .object({ subject: z.string(), person_id: z.uuid() })
  .transform((row) => ({ subject: row.subject, personId: row.person_id as PersonId }));

/**
 * Links members of an LMS's class list to persons, as a launch does for one: the one roster person with the same identifier
 * is them, unless their name is another altogether, the LMS has somebody else for that person, or two members claim to be
 * them. What is doubtful waits for the next linking of rosters.
 *
 * @param rows sorted by subject
 */
export function meetMemberRows(
  tx: TenantTx,
  connectionId: ConnectionId,
  rows: readonly (Member & { newId: PersonId })[],
  now: Date,
): Promise<{ subject: string; personId: PersonId }[]> {
  const { tenantId } = tx;
  const given = rows.map((row) => ({
    subject: row.subject,
    new_id: row.newId,
    claimed_id: row.claimedId ?? null,
    name: row.name ?? null,
    given_name: row.givenName ?? null,
    family_name: row.familyName ?? null,
    email: row.email ?? null,
  }));
  return tx.many(
    sql`
    with member as materialized (
      select g.*, (select case r.link_field when 'subject' then g.subject else g.claimed_id end
        from person_match_rule r where r.tenant_id = ${tenantId}) as match_value
      from jsonb_to_recordset(${json(given)}::jsonb)
        as g(subject text, new_id uuid, claimed_id text, name text, given_name text, family_name text, email text)),
    known as materialized (
      select m.subject, k.person_id, k.claimed_id as known_claim from member m join person_link k on k.tenant_id = ${tenantId}
        and k.connection_id = ${connectionId} and k.subject = m.subject),
    fresh as materialized (
      select m.* from member m where not exists (select from known k where k.subject = m.subject)
        -- Whoever was erased comes back by coming themselves, not because a list names them still.
        and not exists (select from person_tombstone t where t.tenant_id = ${tenantId} and t.connection_id = ${connectionId}
          and t.key_hash = tombstone_key(${connectionId}, m.subject))),
    claimed as (
      select f.subject, min(k.person_id::text)::uuid as person_id
      from fresh f join person_link k on k.tenant_id = ${tenantId} and k.match_value = f.match_value
      join connection c on c.tenant_id = ${tenantId} and c.connection_id = k.connection_id and c.kind = 'roster'
      group by f.subject having count(distinct k.person_id) = 1),
    lone as (
      select min(subject) as subject, person_id from claimed group by person_id having count(*) = 1),
    found as materialized (
      -- Locked, so that a merge under way is waited for and the person found who is kept.
      select l.subject, coalesce(p.merged_into, p.person_id) as person_id
      from lone l join fresh f on f.subject = l.subject
      join person p on p.tenant_id = ${tenantId} and p.person_id = l.person_id
      where field_agreement(f.given_name, p.given_name) || '/' || field_agreement(f.family_name, p.family_name)
          = any (${namesThatJoin()}::text[])
        and not exists (select from person_link o where o.tenant_id = ${tenantId} and o.person_id = p.person_id
          and o.connection_id = ${connectionId})
      for key share of p),
    new_link as (
      insert into person_link (tenant_id, connection_id, subject, person_id, claimed_id, match_value, is_unsettled,
        created_at)
      select ${tenantId}, ${connectionId}, f.subject, coalesce(o.person_id, f.new_id), f.claimed_id, f.match_value,
        f.match_value is not null and o.person_id is null, ${now}
      from fresh f left join found o on o.subject = f.subject
      order by f.subject
      on conflict (tenant_id, connection_id, subject) do update set subject = excluded.subject
      returning subject, person_id),
    new_person as (
      insert into person (tenant_id, person_id, name, given_name, family_name, email, created_at, changed_at)
      select ${tenantId}, f.new_id, f.name, f.given_name, f.family_name, f.email, ${now}, ${now}
      from new_link n join fresh f on f.subject = n.subject and f.new_id = n.person_id),
    -- Locked in one order, whatever the lists and the accounts by which they name people: two that are met at once would
    -- wait for each other.
    held_link as materialized (
      select k.subject from known w join member m on m.subject = w.subject
      join person_link k on k.tenant_id = ${tenantId} and k.connection_id = ${connectionId} and k.subject = w.subject
      where k.claimed_id is distinct from coalesce(m.claimed_id, k.claimed_id)
      order by k.subject for no key update of k),
    changed_identity as (
      update person_link k set claimed_id = m.claimed_id, match_value = m.match_value,
        is_unsettled = m.match_value is not null
      from held_link h join member m on m.subject = h.subject
      where k.tenant_id = ${tenantId} and k.connection_id = ${connectionId} and k.subject = h.subject
      returning k.subject),
    held_person as materialized (
      select p.person_id, m.subject
      -- The links first, as in a merge.
      from known w left join changed_identity c on c.subject = w.subject join member m on m.subject = w.subject
      join person p on p.tenant_id = ${tenantId} and p.person_id = w.person_id
      where (coalesce(m.name, p.name), coalesce(m.given_name, p.given_name), coalesce(m.family_name, p.family_name),
          coalesce(m.email, p.email)) is distinct from (p.name, p.given_name, p.family_name, p.email)
      order by p.person_id, m.subject for no key update of p),
    changed_person as (
      update person p set name = coalesce(m.name, p.name), given_name = coalesce(m.given_name, p.given_name),
        family_name = coalesce(m.family_name, p.family_name), email = coalesce(m.email, p.email), changed_at = ${now}
      from held_person h join member m on m.subject = h.subject
      where p.tenant_id = ${tenantId} and p.person_id = h.person_id)
    select subject, person_id from new_link union all select subject, person_id from known`,
    metRow,
  );
}

export function findMemberRows(
  tx: TenantTx,
  connectionId: ConnectionId,
  subjects: readonly string[],
): Promise<{ subject: string; personId: PersonId }[]> {
  return tx.many(
    sql`select subject, person_id from person_link
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and subject = any (${subjects}::text[])`,
    metRow,
  );
}
