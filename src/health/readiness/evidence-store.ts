import { z } from 'zod';
import { type ConnectionId, HUB_TENANT } from '../../../contracts/ids.ts';
import { type EvidenceSubject, evidenceSubjects } from '../../../contracts/readiness.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

type OwnerTx = TenantTx | HubTx;

/** Evidence that a person has noted; of the whole institution, and of the hub, it has no connection. */
export interface Evidence {
  subject: EvidenceSubject;
  connectionId: ConnectionId | undefined;
  amount: number | undefined;
  notedAt: Date;
  notedBy: string;
}

/** The newest counts. */
export async function saveEvidence(tx: OwnerTx, evidence: Evidence): Promise<void> {
  const { subject, connectionId = HUB_TENANT, amount = null, notedAt, notedBy } = evidence;
  await tx.exec(sql`
    insert into readiness_evidence (tenant_id, connection_id, subject, amount, noted_at, noted_by)
    values (${tx.tenantId}, ${connectionId}, ${subject}, ${amount}, ${notedAt}, ${notedBy})
    on conflict (tenant_id, connection_id, subject) do update
      set amount = excluded.amount, noted_at = excluded.noted_at, noted_by = excluded.noted_by`);
}

const evidenceRow = z
  .object({
    subject: z.enum(evidenceSubjects),
    amount: z.coerce.number().nullable(),
    noted_at: z.date(),
    noted_by: z.string(),
  })
  .transform(({ subject, amount, noted_at, noted_by }): Evidence => {
    const connectionId = undefined;
    return { subject, connectionId, amount: amount ?? undefined, notedAt: noted_at, notedBy: noted_by };
  });

/** What was noted of the institution as a whole, or of the hub. */
export function findEvidence(tx: OwnerTx, subject: EvidenceSubject): Promise<Evidence | undefined> {
  return tx.maybeOne(
    sql`select subject, amount, noted_at, noted_by from readiness_evidence
      where tenant_id = ${tx.tenantId} and connection_id = ${HUB_TENANT} and subject = ${subject}`,
    evidenceRow,
  );
}

/** @returns the day it was said to end before */
export async function saveSecretTerm(
  tx: TenantTx,
  term: { connectionId: ConnectionId; name: string; notAfter: Date; now: Date },
): Promise<void> {
  const { connectionId, name, notAfter, now } = term;
  await tx.exec(sql`
    insert into secret_term (tenant_id, connection_id, name, not_after, changed_at)
    values (${tx.tenantId}, ${connectionId}, ${name}, ${notAfter}, ${now})
    on conflict (tenant_id, connection_id, name) do update
      set not_after = excluded.not_after, changed_at = excluded.changed_at`);
}
