import { z } from 'zod';
import type { ToolId } from '../../../contracts/ids.ts';
import { switchStates } from '../../../contracts/tools.ts';
import type { RollupTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** How many tenants each tool is on for; tools that are on nowhere are left out. */
export async function countToolTenants(tx: RollupTx): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.many(
    sql`select tool_id, count(*)::integer as tenants from tool_enablement where status = 'active' group by tool_id`,
    z.object({ tool_id: z.uuid(), tenants: z.number() }),
  );
  return new Map(rows.map((row) => [row.tool_id, row.tenants]));
}

const useRow = z.object({ slug: z.string(), name: z.string(), status: z.enum(switchStates) });

/** Tenants that a tool is or was on for, by slug. */
export function listToolUse(
  tx: RollupTx,
  toolId: ToolId,
  { after = '', limit }: { after?: string | undefined; limit: number },
): Promise<z.output<typeof useRow>[]> {
  return tx.many(
    sql`select t.slug, t.name, e.status from tool_enablement e join tenant t using (tenant_id)
      where e.tool_id = ${toolId} and t.slug > ${after} order by t.slug limit ${limit}`,
    useRow,
  );
}
