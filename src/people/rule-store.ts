import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';
import type { LinkKey } from './linking-store.ts';
import { linkFields, type MatchRule } from './match-rule.ts';

const ruleRow = z
  .object({ roster_column: z.string(), link_field: z.enum(linkFields) })
  .transform(
    ({ roster_column, link_field }): MatchRule => ({ rosterColumn: roster_column, linkField: link_field }),
  );

/** The tenant's rule; undefined where none was chosen. */
export function findMatchRule(tx: TenantTx): Promise<MatchRule | undefined> {
  return tx.maybeOne(
    sql`select roster_column, link_field from person_match_rule where tenant_id = ${tx.tenantId}`,
    ruleRow,
  );
}

export async function saveMatchRule(tx: TenantTx, rule: MatchRule | undefined, now: Date): Promise<void> {
  await tx.exec(
    rule === undefined
      ? sql`delete from person_match_rule where tenant_id = ${tx.tenantId}`
      : sql`
    insert into person_match_rule (tenant_id, roster_column, link_field, changed_at)
    values (${tx.tenantId}, ${rule.rosterColumn}, ${rule.linkField}, ${now})
    on conflict (tenant_id) do update
      set roster_column = excluded.roster_column, link_field = excluded.link_field, changed_at = excluded.changed_at`,
  );
}

const plainColumns: Readonly<Record<string, Sql>> = {
  sourcedId: sql`u.sourced_id`,
  identifier: sql`u.identifier`,
  userMasterIdentifier: sql`u.user_master_identifier`,
  username: sql`u.username`,
};

/** What a roster user `u` is compared by. Longer than any identifier is none. */
export function rosterValue(rule: MatchRule | undefined): Sql {
  if (rule === undefined) return sql`null::text`;
  const value = plainColumns[rule.rosterColumn] ?? userIdOfType(rule.rosterColumn.replace(/^userIds:/, ''));
  return sql`(select case when length(v.value) between 1 and 255 then v.value end
    from (select btrim(${value}) as value) v)`;
}

/** userIds hold `{type:id}` (OneRoster 1.2 CSV §2, users), with or without the braces. */
function userIdOfType(type: string): Sql {
  const start = `${type.toLowerCase()}:`;
  return sql`(select substr(btrim(e.entry, '{} '), ${start.length + 1}::integer)
    from unnest(u.user_ids) with ordinality e (entry, place)
    where left(lower(btrim(e.entry, '{} ')), ${start.length}::integer) = ${start}::text
    order by e.place limit 1)`;
}

/** What a link `k` of a connection other than a roster is compared by: of a sign-in always what it claims. */
export function linkValue(rule: MatchRule | undefined): Sql {
  if (rule === undefined) return sql`null::text`;
  if (rule.linkField === 'lisPersonSourcedId') return sql`k.claimed_id`;
  return sql`case when k.issuer is null then k.subject else k.claimed_id end`;
}

/** Takes from links what they were compared by. @returns how many, `limit` at most */
export function clearMatchValues(tx: TenantTx, limit: number): Promise<number> {
  return tx.exec(sql`
    update person_link k set match_value = null
    where k.tenant_id = ${tx.tenantId} and k.ctid = any (array(
      select d.ctid from person_link d where d.tenant_id = ${tx.tenantId} and d.match_value is not null
      limit ${limit} for no key update skip locked))`);
}

const linkRow = z
  .object({ connection_id: z.uuid(), subject: z.string() })
  .transform((row): LinkKey => ({ connectionId: row.connection_id as ConnectionId, subject: row.subject }));

/**
 * Gives links of launches and sign-ins the value they are compared by. Those of rosters get it when their users are gathered.
 *
 * @returns the last link; undefined when there were fewer than the limit
 */
export function fillMatchValues(
  tx: TenantTx,
  rule: MatchRule,
  { after, limit }: { after: LinkKey | null; limit: number },
): Promise<LinkKey | undefined> {
  const { tenantId } = tx;
  const isAfter =
    after === null
      ? sql``
      : sql`and (k.connection_id, k.subject) > (${after.connectionId}::uuid, ${after.subject}::text)`;
  return tx.maybeOne(
    sql`
    with d as materialized (
      select k.connection_id, k.subject, k.ctid as place from person_link k where k.tenant_id = ${tenantId} ${isAfter}
      order by k.connection_id, k.subject limit ${limit} for no key update),
    filled as (
      update person_link k set match_value = ${linkValue(rule)}
      where k.tenant_id = ${tenantId} and k.ctid = any (array(select place from d))
        and exists (select from connection c where c.tenant_id = ${tenantId} and c.connection_id = k.connection_id
          and c.kind <> 'roster')
        and k.match_value is distinct from ${linkValue(rule)})
    select connection_id, subject from d where (select count(*) from d) = ${limit}
    order by connection_id desc, subject desc limit 1`,
    linkRow,
  );
}
