import { z } from 'zod';
import type { ConnectionId, PersonId, ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';

/** @returns the tools that have known the persons */
export async function deletePseudonyms(tx: TenantTx, persons: readonly PersonId[]): Promise<ToolId[]> {
  const rows = await tx.many(
    sql`delete from pseudonym where tenant_id = ${tx.tenantId} and person_id = any (${persons}::uuid[]) returning tool_id`,
    z.object({ tool_id: z.uuid() }),
  );
  return [...new Set(rows.map(({ tool_id }) => tool_id as ToolId))].sort();
}

/**
 * Deletes the values of audit events about a user of a roster. The chain holds without them: it is made of salted hashes.
 *
 * @returns how many
 */
export function deleteAuditValues(
  tx: TenantTx,
  { connectionId, sourcedId }: { connectionId: ConnectionId; sourcedId: string },
): Promise<number> {
  return tx.exec(sql`
    delete from audit_value v using audit_event e
    where v.tenant_id = ${tx.tenantId} and e.tenant_id = ${tx.tenantId} and e.sequence = v.sequence
      and e.subject = ${`connection:${connectionId}`}
      and ${sourcedId} in (v.before ->> 'sourcedId', v.after ->> 'sourcedId')`);
}
