import { z } from 'zod';
import {
  type ConnectionId,
  type ContextId,
  HUB_TENANT,
  type ResourceLinkId,
  type ToolId,
} from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** A class list that a tool is shown: a course's, or that of one link in it. */
export interface ShownList {
  toolId: ToolId;
  contextId: ContextId;
  resourceLinkId: ResourceLinkId | undefined;
}

/** How long it is remembered that somebody has gone, and so how far back a tool can ask what has changed. */
export const rememberedDays = 400;

const ofList = (tx: TenantTx, { toolId, contextId, resourceLinkId }: ShownList) => sql`
  tenant_id = ${tx.tenantId} and tool_id = ${toolId} and context_id = ${contextId}
    and resource_link_id = ${resourceLinkId ?? HUB_TENANT}`;

/**
 * Notes whom a reading has met, and in what state.
 *
 * @param members each subject once, sorted; those who have gone are marked so
 * @param startedAt begin of the reading
 * @returns since when each has been as they are now: the begin of the reading that found it first, or right after that of
 *   a later one that had found it otherwise
 */
export async function noteShown(
  tx: TenantTx,
  list: ShownList,
  members: readonly { subject: string; digest: Buffer; isGone: boolean }[],
  startedAt: Date,
): Promise<Map<string, Date>> {
  if (members.length === 0) return new Map();
  const { toolId, contextId, resourceLinkId } = list;
  const rows = await tx.many(
    sql`insert into lti_shown_member as m (tenant_id, tool_id, context_id, resource_link_id, subject, digest, is_gone,
        changed_at, seen_at)
      select ${tx.tenantId}, ${toolId}, ${contextId}, ${resourceLinkId ?? HUB_TENANT}, g.*,
        -- A reading that began later and has been here found it otherwise: whoever goes on from that one is told.
        (select coalesce(max(seen_at) + interval '1 millisecond', ${startedAt}) from lti_shown_member
          where ${ofList(tx, list)} and seen_at > ${startedAt}), ${startedAt}
      from unnest(${members.map(({ subject }) => subject)}::text[], ${members.map(({ digest }) => digest)}::bytea[],
        ${members.map(({ isGone }) => isGone)}::boolean[]) as g(subject, digest, is_gone)
      on conflict (tenant_id, tool_id, context_id, resource_link_id, subject) do update
        set digest = excluded.digest, is_gone = excluded.is_gone,
          changed_at = case when (m.digest, m.is_gone) is distinct from (excluded.digest, excluded.is_gone)
            then greatest(m.changed_at, excluded.changed_at) else m.changed_at end,
          seen_at = greatest(m.seen_at, excluded.seen_at)
      returning subject, changed_at`,
    z.object({ subject: z.string(), changed_at: z.date() }),
  );
  return new Map(rows.map((row) => [row.subject, row.changed_at]));
}

/**
 * Ends a reading that has come to the last page: whoever it has not met is gone. A reading that has met nobody is not
 * believed: a course has somebody in it.
 */
export async function endReading(tx: TenantTx, list: ShownList, startedAt: Date): Promise<void> {
  await tx.exec(sql`
    update lti_shown_member set is_gone = true, changed_at = ${startedAt}
    where ${ofList(tx, list)} and not is_gone and seen_at < ${startedAt}
      and exists (select from lti_shown_member where ${ofList(tx, list)} and seen_at >= ${startedAt} and not is_gone)`);
  await tx.exec(sql`
    delete from lti_shown_member where ${ofList(tx, list)} and is_gone
      and changed_at < ${startedAt}::timestamptz - make_interval(days => ${rememberedDays})`);
}

/** Who has gone since a reading began, by the names the tool knows them by. */
export async function listGone(
  tx: TenantTx,
  list: ShownList,
  { connectionId, since, seenBefore }: { connectionId: ConnectionId; since: Date; seenBefore: Date },
): Promise<string[]> {
  const rows = await tx.many(
    sql`select distinct p.sub from (select subject from lti_shown_member
        where ${ofList(tx, list)} and is_gone and changed_at > ${since} and seen_at < ${seenBefore}) m
      join person_link k on k.tenant_id = ${tx.tenantId} and k.connection_id = ${connectionId} and k.subject = m.subject
      join pseudonym p on p.tenant_id = ${tx.tenantId} and p.tool_id = ${list.toolId} and p.person_id = k.person_id
        and p.alias_of is null
      -- Who is there under another account still is not gone.
      where not exists (select from person_link o, lti_shown_member s
        where o.tenant_id = ${tx.tenantId} and o.person_id = k.person_id and o.connection_id = ${connectionId}
          and s.tenant_id = ${tx.tenantId} and s.tool_id = ${list.toolId} and s.context_id = ${list.contextId}
          and s.resource_link_id = ${list.resourceLinkId ?? HUB_TENANT} and s.subject = o.subject and not s.is_gone)
      order by p.sub limit 50000`,
    z.object({ sub: z.string() }),
  );
  return rows.map(({ sub }) => sub);
}

const courseRow = z
  .object({
    connection_id: z.uuid(),
    deployment_id: z.string(),
    memberships_url: z.string().nullable(),
    groups_url: z.string().nullable(),
    label: z.string().nullable(),
    title: z.string().nullable(),
  })
  .transform((row) => ({
    connectionId: row.connection_id as ConnectionId,
    deploymentId: row.deployment_id,
    membershipsUrl: row.memberships_url,
    groupsUrl: row.groups_url,
    label: row.label ?? undefined,
    title: row.title ?? undefined,
  }));

export type ListedCourse = z.output<typeof courseRow>;

/** A course in which the tool has a link: into others it has no business to look. */
export function findListedCourse(
  tx: TenantTx,
  { contextId, toolId }: { contextId: ContextId; toolId: ToolId },
): Promise<ListedCourse | undefined> {
  return tx.maybeOne(
    sql`select connection_id, deployment_id, memberships_url, groups_url, label, title from lti_context
      where tenant_id = ${tx.tenantId} and context_id = ${contextId}
        and exists (select from lti_resource_link x
          where x.tenant_id = ${tx.tenantId} and x.context_id = ${contextId} and x.tool_id = ${toolId})`,
    courseRow,
  );
}
