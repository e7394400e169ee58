import type { ConnectionId, PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';
import type { ReviewReason } from './match.ts';
import { type Batch, isIn, linkOf, rosterName } from './newcomer-store.ts';
import { hasMore } from './pair-store.ts';

/** A roster user and the person they were found to be. */
export interface Join {
  connectionId: ConnectionId;
  sourcedId: string;
  /** The person they have or would get. */
  personId: PersonId;
  candidateId: PersonId;
}

/** A pair for somebody to look at. */
export interface Doubt extends Join {
  reason: ReviewReason;
  agree: string[];
  differ: string[];
}

function joinList(joins: readonly Join[]): Sql {
  const column = (name: keyof Join) => joins.map((each) => each[name]);
  return sql`unnest(${column('connectionId')}::uuid[], ${column('sourcedId')}::text[], ${column('personId')}::uuid[],
    ${column('candidateId')}::uuid[]) as j (connection_id, sourced_id, person_id, candidate_id)`;
}

/**
 * A user with nothing else goes to the person found. The person they had leads there; a launch that takes hold of that
 * person at the same moment is waited for, and the user then stays.
 *
 * @returns how many were moved
 */
export async function moveLoneUsers(
  tx: TenantTx,
  joins: readonly Join[],
  by: { actor: string; now: Date },
): Promise<number> {
  if (joins.length === 0) return 0;
  const { tenantId } = tx;
  const persons = joins.map(({ personId }) => personId);
  await tx.exec(sql`
    select from person p where p.tenant_id = ${tenantId} and p.person_id = any (${persons}::uuid[])
    order by p.person_id for update of p`);
  return tx.exec(sql`
    with mover as materialized (
      select j.* from ${joinList(joins)}
      join ${linkOf(tenantId, sql`j`)} on k.person_id = j.person_id and not ${hasMore(tenantId, sql`k`)}),
    -- Inserts that always meet their rows, which are found by the whole key.
    moved as (
      insert into person_link (tenant_id, connection_id, subject, person_id, created_at)
      select ${tenantId}, connection_id, sourced_id, candidate_id, ${by.now} from mover
      on conflict (tenant_id, connection_id, subject) do update set person_id = excluded.person_id),
    shell as (
      insert into person (tenant_id, person_id, merged_into, created_at, changed_at)
      select ${tenantId}, person_id, candidate_id, ${by.now}, ${by.now} from mover
      on conflict (tenant_id, person_id) do update set merged_into = excluded.merged_into)
    insert into person_merge (tenant_id, merge_id, kept_id, absorbed_id, moved, merged_by, merged_at)
    select ${tenantId}, uuid_v7(${by.now}), candidate_id, person_id,
      jsonb_build_object('links', jsonb_build_array(jsonb_build_object('connectionId', connection_id, 'subject', sourced_id)),
        'tools', '[]'::jsonb, 'retired', '[]'::jsonb, 'aliases', '[]'::jsonb, 'lines', '[]'::jsonb, 'ownLines', '[]'::jsonb, 'merged', '[]'::jsonb),
      ${by.actor}, ${by.now}
    from mover`);
}

/** Links users who have no link to the persons found for them. @returns how many */
export function linkJoined(tx: TenantTx, joins: readonly Join[], now: Date): Promise<number> {
  if (joins.length === 0) return Promise.resolve(0);
  const { tenantId } = tx;
  return tx.exec(sql`
    insert into person_link (tenant_id, connection_id, subject, person_id, match_value, created_at)
    select ${tenantId}, j.connection_id, j.sourced_id, j.candidate_id, n.match_value, ${now}
    from ${joinList(joins)}
    join lateral (select n.match_value from person_newcomer n where n.tenant_id = ${tenantId}
      and n.connection_id = j.connection_id and n.sourced_id = j.sourced_id offset 0) n on true`);
}

const userOf = (tenantId: string, one: Sql): Sql => sql`lateral (select u.* from roster_user u
  where u.tenant_id = ${tenantId} and u.connection_id = ${one}.connection_id and u.sourced_id = ${one}.sourced_id
    and u.removed_at is null offset 0) u`;

/** Makes persons for the newcomers of a batch who have no link by now, and links them. @returns how many */
export function createPersons(tx: TenantTx, batch: Batch, now: Date): Promise<number> {
  const { tenantId } = tx;
  return tx.exec(sql`
    with fresh as materialized (
      select n.connection_id, n.sourced_id, n.person_id, n.match_value, ${rosterName} as name, u.given_name, u.family_name, u.email
      from (select * from person_newcomer n where n.tenant_id = ${tenantId} ${isIn(batch)} offset 0) n
      join ${userOf(tenantId, sql`n`)} on true
      left join ${linkOf(tenantId, sql`n`)} on true
      where k.person_id is null),
    made as (
      insert into person (tenant_id, person_id, name, given_name, family_name, email, created_at, changed_at)
      select ${tenantId}, person_id, name, given_name, family_name, email, ${now}, ${now} from fresh)
    insert into person_link (tenant_id, connection_id, subject, person_id, match_value, created_at)
    select ${tenantId}, connection_id, sourced_id, person_id, match_value, ${now} from fresh`);
}

/**
 * Gives persons the names their rosters have, unless an LMS tells of them too, which knows the newest.
 *
 * @param users roster users by their links
 */
export async function takeRosterNames(
  tx: TenantTx,
  users: readonly Pick<Join, 'connectionId' | 'sourcedId'>[],
  now: Date,
): Promise<void> {
  if (users.length === 0) return;
  const { tenantId } = tx;
  await tx.exec(sql`
    with r as materialized (
      select p.person_id, ${rosterName} as name, u.given_name, u.family_name, u.email
      from unnest(${users.map((each) => each.connectionId)}::uuid[], ${users.map((each) => each.sourcedId)}::text[])
        as n (connection_id, sourced_id)
      join ${userOf(tenantId, sql`n`)} on true
      join ${linkOf(tenantId, sql`n`)} on true
      join lateral (select p.* from person p where p.tenant_id = ${tenantId} and p.person_id = k.person_id offset 0) p
        on (p.name, p.given_name, p.family_name, p.email) is distinct from (${rosterName}, u.given_name, u.family_name, u.email)
      where (select bool_or(exists (select from connection c where c.tenant_id = ${tenantId}
          and c.connection_id = o.connection_id and c.kind = 'lms'))
        from person_link o where o.tenant_id = ${tenantId} and o.person_id = k.person_id) is not true)
    insert into person (tenant_id, person_id, name, given_name, family_name, email, created_at, changed_at)
    select distinct on (person_id) ${tenantId}::uuid, person_id, name, given_name, family_name, email, ${now}::timestamptz,
      ${now}::timestamptz
    from r order by person_id
    on conflict (tenant_id, person_id) do update set name = excluded.name, given_name = excluded.given_name,
      family_name = excluded.family_name, email = excluded.email, changed_at = excluded.changed_at`);
}

/** Puts what is doubtful before somebody, each pair and reason once. @returns how many are new */
export async function addReviews(tx: TenantTx, doubts: readonly Doubt[], now: Date): Promise<number> {
  if (doubts.length === 0) return 0;
  const { tenantId } = tx;
  return tx.exec(sql`
    insert into person_review (tenant_id, review_id, reason, state, connection_id, subject, person_id, other_id, agree,
      differ, found_at)
    select ${tenantId}, uuid_v7(${now}), d.reason, 'open', d."connectionId", d."sourcedId", d."personId", d."candidateId",
      d.agree, d.differ, ${now}
    from jsonb_to_recordset(${json(doubts)}::jsonb) d ("connectionId" uuid, "sourcedId" text, "personId" uuid,
      "candidateId" uuid, reason text, agree text[], differ text[])
    order by d."connectionId", d."sourcedId", d."candidateId"
    on conflict (tenant_id, least(person_id, other_id), greatest(person_id, other_id), reason) where state <> 'joined'
      do nothing`);
}
