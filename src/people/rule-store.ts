import { z } from 'zod';
import type { ConnectionId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';
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

/** What a link `k` of a connection other than a roster is compared by. */
export function linkValue(rule: MatchRule | undefined): Sql {
  if (rule === undefined) return sql`null::text`;
  return rule.linkField === 'subject' ? sql`k.subject` : sql`k.claimed_id`;
}

/** Gives every link of the tenant the value it is compared by under the rule. */
export async function applyMatchRule(tx: TenantTx, rule: MatchRule | undefined): Promise<void> {
  const { tenantId } = tx;
  await tx.exec(sql`
    update person_link k set match_value = ${linkValue(rule)}
    from connection c
    where k.tenant_id = ${tenantId} and c.tenant_id = ${tenantId} and c.connection_id = k.connection_id
      and c.kind <> 'roster' and k.match_value is distinct from ${linkValue(rule)}`);
  await tx.exec(sql`
    update person_link k set match_value = v.value
    from (select u.connection_id, u.sourced_id, ${rosterValue(rule)} as value from roster_user u
      where u.tenant_id = ${tenantId}) v
    where k.tenant_id = ${tenantId} and k.connection_id = v.connection_id and k.subject = v.sourced_id
      and k.match_value is distinct from v.value`);
}

/** The tenant's rosters. */
export async function listRosterConnections(tx: TenantTx): Promise<ConnectionId[]> {
  const rows = await tx.many(
    sql`select connection_id from connection
      where tenant_id = ${tx.tenantId} and kind = 'roster' order by connection_id`,
    z.object({ connection_id: z.uuid() }),
  );
  return rows.map(({ connection_id }) => connection_id as ConnectionId);
}
