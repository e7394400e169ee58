import { z } from 'zod';
import type { ConnectionId, ContextId, ToolId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

const courseRow = z
  .object({
    connection_id: z.uuid(),
    deployment_id: z.string(),
    groups_url: z.string().nullable(),
    group_sets_url: z.string().nullable(),
  })
  .transform((row) => ({
    connectionId: row.connection_id as ConnectionId,
    deploymentId: row.deployment_id,
    groupsUrl: row.groups_url,
    setsUrl: row.group_sets_url,
  }));

export type GroupedCourse = z.output<typeof courseRow>;

/** A course in which the tool has a link, and where its groups are: into others the tool has no business to look. */
export function findGroupedCourse(
  tx: TenantTx,
  { contextId, toolId }: { contextId: ContextId; toolId: ToolId },
): Promise<GroupedCourse | undefined> {
  return tx.maybeOne(
    sql`select connection_id, deployment_id, groups_url, group_sets_url from lti_context
      where tenant_id = ${tx.tenantId} and context_id = ${contextId}
        and exists (select from lti_resource_link x
          where x.tenant_id = ${tx.tenantId} and x.context_id = ${contextId} and x.tool_id = ${toolId})`,
    courseRow,
  );
}
