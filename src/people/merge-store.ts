import { z } from 'zod';
import type { ConnectionId, LineItemId, PersonId, ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, type Sql, sql } from '../platform/sql/sql.ts';
import type { Line, Moved, PersonSide } from './merge.ts';

const id = <Id extends string>() => z.uuid().transform((value) => value as Id);

/** Launches that would give one of them a link or a name wait from here on, and then find the person who is kept. */
export async function lockPersons(tx: TenantTx, personIds: readonly PersonId[]): Promise<void> {
  // Links first, as in a launch that changes both.
  await tx.exec(sql`
    select from person_link k where k.tenant_id = ${tx.tenantId} and k.person_id = any (${personIds}::uuid[])
    order by k.connection_id, k.subject for update`);
  await tx.exec(sql`
    select from person p where p.tenant_id = ${tx.tenantId} and p.person_id = any (${personIds}::uuid[])
    order by p.person_id for update`);
}

const sideRow = z.object({
  person_id: id<PersonId>(),
  merged_into: id<PersonId>().nullable(),
  links: z.array(z.object({ connectionId: id<ConnectionId>(), kind: z.string(), subject: z.string() })),
  tools: z.array(id<ToolId>()),
});

/** Persons with their links and the tools that know them, by id. */
export async function readSides(
  tx: TenantTx,
  personIds: readonly PersonId[],
): Promise<Map<PersonId, PersonSide>> {
  const { tenantId } = tx;
  const rows = await tx.many(
    sql`
    select p.person_id, p.merged_into,
      coalesce((select jsonb_agg(jsonb_build_object('connectionId', k.connection_id, 'kind', c.kind, 'subject', k.subject)
          order by k.connection_id, k.subject)
        from person_link k join connection c on c.tenant_id = ${tenantId} and c.connection_id = k.connection_id
        where k.tenant_id = ${tenantId} and k.person_id = p.person_id), '[]') as links,
      array(select s.tool_id from pseudonym s where s.tenant_id = ${tenantId} and s.person_id = p.person_id
        and s.alias_of is null order by s.tool_id) as tools
    from person p where p.tenant_id = ${tenantId} and p.person_id = any (${personIds}::uuid[])`,
    sideRow,
  );
  return new Map(
    rows.map((row) => [row.person_id, { mergedInto: row.merged_into, links: row.links, tools: row.tools }]),
  );
}

const lineRow = z
  .object({ line_item_id: id<LineItemId>(), held: z.boolean() })
  .transform(({ line_item_id, held }) => ({ lineItemId: line_item_id, isHeld: held }));

/**
 * A person's scores at LMSs, found by their line items, of which there are far fewer than lines. They stay as they are
 * until the transaction ends.
 */
export function lockLinesAt(
  tx: TenantTx,
  personId: PersonId,
  connectionIds: readonly ConnectionId[],
): Promise<Line[]> {
  const { tenantId } = tx;
  if (connectionIds.length === 0) return Promise.resolve([]);
  return tx.many(
    sql`
    select l.line_item_id, l.lease_token is not null as held from line_item i
    join grade_line l on l.tenant_id = ${tenantId} and l.line_item_id = i.line_item_id and l.person_id = ${personId}
    where i.tenant_id = ${tenantId} and i.connection_id = any (${connectionIds}::uuid[])
    order by l.line_item_id for update of l`,
    lineRow,
  );
}

const earlierRow = z.object({
  aliases: z.array(z.object({ toolId: id<ToolId>(), personId: id<PersonId>() })),
  merged: z.array(id<PersonId>()),
});

/** What earlier merges have led to a person. */
export function readEarlier(
  tx: TenantTx,
  personId: PersonId,
): Promise<{ aliases: Moved['aliases']; merged: PersonId[] }> {
  const { tenantId } = tx;
  return tx.one(
    sql`select coalesce((select jsonb_agg(jsonb_build_object('toolId', s.tool_id, 'personId', s.person_id))
          from person m join pseudonym s on s.tenant_id = ${tenantId} and s.person_id = m.person_id
            and s.alias_of = ${personId}
          where m.tenant_id = ${tenantId} and m.merged_into = ${personId}), '[]') as aliases,
        array(select p.person_id from person p
          where p.tenant_id = ${tenantId} and p.merged_into = ${personId}) as merged`,
    earlierRow,
  );
}

/** Who becomes whom. */
export interface Move {
  from: PersonId;
  to: PersonId;
  moved: Moved;
}

/** Moves links, names and scores. What earlier merges have led to `from` leads on to `to`. */
export async function moveAll(tx: TenantTx, { from, to, moved }: Move): Promise<void> {
  const { tenantId } = tx;
  await moveLinks(tx, { from, to, moved });
  await tx.exec(sql`
    update pseudonym set person_id = ${to} where tenant_id = ${tenantId} and person_id = ${from}
      and tool_id = any (${moved.tools}::uuid[]) and alias_of is null`);
  await moveLines(tx, { from, to, lines: moved.lines });
}

async function moveLinks(tx: TenantTx, { from, to, moved }: Move): Promise<void> {
  await tx.exec(sql`
    update person_link k set person_id = ${to} from ${linkList(moved)}
    where k.tenant_id = ${tx.tenantId} and k.connection_id = l."connectionId" and k.subject = l.subject
      and k.person_id = ${from}`);
}

function linkList(moved: Moved): Sql {
  return sql`jsonb_to_recordset(${json(moved.links)}::jsonb) l ("connectionId" uuid, subject text)`;
}

/**
 * Scores go with their deliveries, those that ended too: whoever repairs or asks finds them by the person. There is no
 * index for that, so only months are read in which the two can have any.
 */
async function moveLines(
  tx: TenantTx,
  { from, to, lines }: { from: PersonId; to: PersonId; lines: readonly LineItemId[] },
): Promise<void> {
  if (lines.length === 0) return;
  const { tenantId } = tx;
  await tx.exec(sql`
    update grade_line set person_id = ${to}
    where tenant_id = ${tenantId} and line_item_id = any (${lines}::uuid[]) and person_id = ${from}`);
  await tx.exec(sql`
    update grade_delivery set person_id = ${to}
    where tenant_id = ${tenantId} and line_item_id = any (${lines}::uuid[]) and person_id = ${from}
      and delivery_id >= uuid_floor((select min(p.created_at) from person p
        where p.tenant_id = ${tenantId} and p.person_id in (${from}, ${to})) - interval '1 day')`);
}

/** From now on `from` is found as `to`. */
export async function leadOn(tx: TenantTx, { from, to, moved }: Move): Promise<void> {
  const { tenantId } = tx;
  await tx.exec(sql`
    update pseudonym set alias_of = ${to}
    where tenant_id = ${tenantId} and (person_id = ${from} and alias_of is null
      or person_id = any (${moved.merged}::uuid[]) and alias_of = ${from})`);
  await tx.exec(sql`
    update person set merged_into = ${to}
    where tenant_id = ${tenantId} and (person_id = ${from} or person_id = any (${moved.merged}::uuid[]))`);
}

/** `from` stands for itself again. */
export async function leadBack(tx: TenantTx, { from, moved }: Omit<Move, 'to'>): Promise<void> {
  const { tenantId } = tx;
  await tx.exec(sql`
    update pseudonym set alias_of = null where tenant_id = ${tenantId} and person_id = ${from}
      and tool_id = any (${moved.retired}::uuid[])`);
  await tx.exec(sql`
    update pseudonym s set alias_of = ${from}
    from jsonb_to_recordset(${json(moved.aliases)}::jsonb) a ("toolId" uuid, "personId" uuid)
    where s.tenant_id = ${tenantId} and s.tool_id = a."toolId" and s.person_id = a."personId"`);
  await tx.exec(sql`
    update person set merged_into = case when person_id = ${from} then null else ${from}::uuid end
    where tenant_id = ${tenantId} and (person_id = ${from} or person_id = any (${moved.merged}::uuid[]))`);
}

const presentRow = z.object({ links: z.number(), tools: z.number(), retired: z.number() });

/** How much of what was moved is still where it was put. */
export function countPresent(
  tx: TenantTx,
  { from, to, moved }: Move,
): Promise<{ links: number; tools: number; retired: number }> {
  const { tenantId } = tx;
  return tx.one(
    sql`select
      (select count(*)::integer from person_link k join ${linkList(moved)} on k.connection_id = l."connectionId"
        and k.subject = l.subject where k.tenant_id = ${tenantId} and k.person_id = ${to}) as links,
      (select count(*)::integer from pseudonym where tenant_id = ${tenantId} and person_id = ${to} and alias_of is null
        and tool_id = any (${moved.tools}::uuid[])) as tools,
      (select count(*)::integer from pseudonym where tenant_id = ${tenantId} and person_id = ${from} and alias_of = ${to}
        and tool_id = any (${moved.retired}::uuid[])) as retired`,
    presentRow,
  );
}
