import { z } from 'zod';
import type { ConnectionId, ToolId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** Whom a tool knows, and through which LMS. */
interface Acquaintance {
  connectionId: ConnectionId;
  toolId: ToolId;
}

/** A person by the name an LMS and by the name a tool has for them. */
export interface KnownPerson {
  subject: string;
  sub: string;
}

const knownRow = z.object({ subject: z.string(), sub: z.string() });

/** Those of an LMS's persons whom the tool has met; the others have no place in the answer. */
export function findKnownPersons(
  tx: TenantTx,
  { connectionId, toolId }: Acquaintance,
  subjects: readonly string[],
): Promise<KnownPerson[]> {
  return tx.many(
    sql`select k.subject, p.sub from person_link k, pseudonym p
      where k.tenant_id = ${tx.tenantId} and k.connection_id = ${connectionId} and k.subject = any (${subjects}::text[])
        and p.tenant_id = ${tx.tenantId} and p.tool_id = ${toolId} and p.person_id = k.person_id`,
    knownRow,
  );
}

/** The LMS's names of a person the tool knows; mostly one, none where the tool does not know them. */
export function findSubjects(
  tx: TenantTx,
  { connectionId, toolId }: Acquaintance,
  sub: string,
): Promise<KnownPerson[]> {
  return tx.many(
    sql`select k.subject, p.sub from pseudonym p, person_link k
      where p.tenant_id = ${tx.tenantId} and p.tool_id = ${toolId} and p.sub = ${sub}
        and k.tenant_id = ${tx.tenantId} and k.person_id = coalesce(p.alias_of, p.person_id)
        and k.connection_id = ${connectionId}`,
    knownRow,
  );
}
