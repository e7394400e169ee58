import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';
import type { LinkKey } from './linking-store.ts';
import { mostHits } from './match.ts';
import type { MatchRule } from './match-rule.ts';
import { anyOne } from './pair-store.ts';
import { linkValue, rosterValue } from './rule-store.ts';

/** Newcomers after one key and up to another: those of one step. */
export interface Batch {
  after: LinkKey | null;
  last: LinkKey;
}

const connectionId = z.uuid().transform((value) => value as ConnectionId);
const counted = z.object({ count: z.number() });

const gatheredRow = z
  .object({
    seen: z.number(),
    created: z.number(),
    last_run: z.number().nullable(),
    last: z.string().nullable(),
  })
  .transform((row) => ({
    seen: row.seen,
    created: row.created,
    last:
      row.last_run === null || row.last === null ? undefined : { runNo: row.last_run, sourcedId: row.last },
  }));

/**
 * Takes up users of a roster whom runs have changed, in the order of the runs. Whoever is new and shares neither identifier
 * nor address with anybody is given a person at once; the others wait until all were taken up. What links are compared by is
 * brought up to date.
 *
 * @returns how many users and new persons there were, and the last user where there may be more
 */
export function gatherUsers(
  tx: TenantTx,
  input: {
    connectionId: ConnectionId;
    after: { runNo: number; sourcedId: string };
    wantedRun: number;
    rule: MatchRule | undefined;
    now: Date;
    limit: number;
  },
): Promise<z.output<typeof gatheredRow>> {
  const { tenantId } = tx;
  const { after, wantedRun, rule, now, limit } = input;
  return tx.one(
    sql`
    with u as materialized (
      select u.* from roster_user u
      where u.tenant_id = ${anyOne(tenantId)} and u.connection_id = ${anyOne(input.connectionId)}
        and u.changed_run > 0 and (u.changed_run, u.sourced_id) > (${after.runNo}::integer, ${after.sourcedId}::text) and u.changed_run <= ${wantedRun}
      order by u.changed_run, u.sourced_id limit ${limit}),
    taken as materialized (
      select n.*, uuid_v7(${now}) as fresh_id, k.person_id, k.match_value,
        k.person_id is null and not n.is_shared and ${isUnheardOf(tenantId, rule)} as is_plain
      -- Removed users keep their links, and come back with a run that changes them.
      from (select u.connection_id, u.sourced_id, ${rosterName} as name, u.given_name, u.family_name, u.email, v.value,
          v.value is not null and count(*) over (partition by v.value) > 1 as is_shared
        from u, lateral (select ${rosterValue(rule)} as value offset 0) v where u.removed_at is null offset 0) n
      left join ${linkOf(tenantId, sql`n`)} on true),
    made as (
      insert into person (tenant_id, person_id, name, given_name, family_name, email, created_at, changed_at)
      select ${tenantId}, fresh_id, name, given_name, family_name, email, ${now}, ${now} from taken where is_plain),
    -- Where there is a link, the insert meets it, found by its whole key.
    linked as (
      insert into person_link (tenant_id, connection_id, subject, person_id, created_at, match_value)
      select ${tenantId}, connection_id, sourced_id, coalesce(person_id, fresh_id), ${now}, value from taken
      where is_plain or person_id is not null and match_value is distinct from value
      on conflict (tenant_id, connection_id, subject) do update set match_value = excluded.match_value),
    put as (
      insert into person_newcomer (tenant_id, connection_id, sourced_id, person_id, match_value)
      select ${tenantId}, connection_id, sourced_id, fresh_id, value from taken where not is_plain
      on conflict (tenant_id, connection_id, sourced_id) do update set match_value = excluded.match_value)
    select c.seen, c.created, l.changed_run as last_run, l.sourced_id as last
    from (select count(*)::integer as seen, (count(*) filter (where is_plain))::integer as created from taken) c
    left join (select u.changed_run, u.sourced_id from u where (select count(*) from u) = ${limit}
      order by u.changed_run desc, u.sourced_id desc limit 1) l on true`,
    gatheredRow,
  );
}

/**
 * Nobody known has the identifier or the address of a user `n`. Who waits with the same one finds this user later.
 */
function isUnheardOf(tenantId: string, rule: MatchRule | undefined): Sql {
  const sameValue =
    rule === undefined
      ? sql``
      : sql`(n.value is null or (select true from person_link o where o.tenant_id = ${tenantId} and o.match_value = n.value
            limit 1) is null) and `;
  return sql`${sameValue}(coalesce(btrim(n.email), '') = '' or (select true from person p
    where p.tenant_id = ${tenantId} and p.email_key = lower(btrim(n.email)) limit 1) is null)`;
}

/** What a person is called by a roster user `u`. */
export const rosterName = sql`nullif(concat_ws(' ', coalesce(nullif(u.preferred_given_name, ''), u.given_name),
  coalesce(nullif(u.preferred_family_name, ''), u.family_name)), '')`;

/**
 * Settles links that came with launches and sign-ins: roster users with the same value are looked at once more. A link that
 * a launch holds at this moment is left for the next time.
 *
 * @returns how many links were settled
 */
export async function settleLinks(
  tx: TenantTx,
  { rule, now, limit }: { rule: MatchRule | undefined; now: Date; limit: number },
): Promise<number> {
  const { tenantId } = tx;
  const row = await tx.one(
    sql`
    with settled as (
      update person_link k set is_unsettled = false, match_value = ${linkValue(rule)}
      where k.tenant_id = ${tenantId} and k.ctid = any (array(
        select d.ctid from person_link d where d.tenant_id = ${tenantId} and d.is_unsettled
        limit ${limit} for no key update skip locked))
      returning k.match_value),
    named as (
      select distinct k.connection_id, k.subject, k.match_value
      from (select distinct match_value from settled where match_value is not null) s,
        lateral (select k.* from person_link k
          where k.tenant_id = ${tenantId} and k.match_value = s.match_value limit ${mostHits + 1}) k
      where ${isOfRoster(tenantId, sql`k`)}),
    put as (
      insert into person_newcomer (tenant_id, connection_id, sourced_id, person_id, match_value)
      select ${tenantId}, connection_id, subject, uuid_v7(${now}), match_value from named
      on conflict (tenant_id, connection_id, sourced_id) do nothing)
    select count(*)::integer as count from settled`,
    counted,
  );
  return row.count;
}

/** The link `k` of a roster user, looked up by its key. */
export function linkOf(tenantId: string, user: Sql): Sql {
  return sql`lateral (select k.connection_id, k.subject, k.person_id, k.match_value from person_link k
    where k.tenant_id = ${tenantId} and k.connection_id = ${user}.connection_id and k.subject = ${user}.sourced_id offset 0) k`;
}

/** A link `k` that is a roster user's. */
export function isOfRoster(tenantId: string, k: Sql): Sql {
  return sql`exists (select from connection c where c.tenant_id = ${tenantId} and c.connection_id = ${k}.connection_id
    and c.kind = 'roster')`;
}

const keyRow = z
  .object({ connection_id: connectionId, sourced_id: z.string(), count: z.number() })
  .transform((row) => ({
    last: { connectionId: row.connection_id, subject: row.sourced_id },
    count: row.count,
  }));

/** The next newcomers, `limit` of them at most; undefined when nobody is left. */
export async function findBatch(
  tx: TenantTx,
  after: LinkKey | null,
  limit: number,
): Promise<(Batch & { count: number }) | undefined> {
  const row = await tx.maybeOne(
    sql`
    with n as materialized (
      select n.connection_id, n.sourced_id from person_newcomer n
      where n.tenant_id = ${tx.tenantId} ${isAfter(after)} order by n.connection_id, n.sourced_id limit ${limit})
    select connection_id, sourced_id, (select count(*)::integer from n) as count from n
    order by connection_id desc, sourced_id desc limit 1`,
    keyRow,
  );
  return row && { after, ...row };
}

/** Newcomers `n` of a batch. */
export function isIn({ after, last }: Batch): Sql {
  return sql`${isAfter(after)} and (n.connection_id, n.sourced_id) <= (${last.connectionId}::uuid, ${last.subject}::text)`;
}

function isAfter(after: LinkKey | null): Sql {
  if (after === null) return sql``;
  return sql`and (n.connection_id, n.sourced_id) > (${after.connectionId}::uuid, ${after.subject}::text)`;
}

export async function forgetNewcomers(tx: TenantTx, batch: Batch): Promise<void> {
  await tx.exec(sql`delete from person_newcomer n where n.tenant_id = ${tx.tenantId} ${isIn(batch)}`);
}
