import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** Forgets that tools were shown people in class lists, by their accounts at LMSs. @returns how often */
export function deleteShownMembers(
  tx: TenantTx,
  links: readonly { connectionId: ConnectionId; subject: string }[],
): Promise<number> {
  return tx.exec(sql`
    delete from lti_shown_member m
    using unnest(${links.map(({ connectionId }) => connectionId)}::uuid[], ${links.map(({ subject }) => subject)}::text[])
      as l (connection_id, subject), lti_context c
    where m.tenant_id = ${tx.tenantId} and m.subject = l.subject
      and c.tenant_id = ${tx.tenantId} and c.context_id = m.context_id and c.connection_id = l.connection_id`);
}
