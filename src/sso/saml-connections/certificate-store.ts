import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import {
  type Certificate,
  type CertificateState,
  readCertificate,
  type TrustedCertificate,
} from '../saml/certificate.ts';

const certificateRow = z
  .object({ state: z.enum(['next', 'active', 'retired']), certificate: z.instanceof(Buffer) })
  .transform(
    ({ state, certificate }): TrustedCertificate => ({
      ...readCertificate(certificate.toString('base64')),
      state,
    }),
  );

/** Certificates of the other side, in the order they were added. */
export function selectCertificates(tx: TenantTx, connectionId: ConnectionId): Promise<TrustedCertificate[]> {
  return tx.many(
    sql`select state, certificate from identity_certificate
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} order by added_at, fingerprint`,
    certificateRow,
  );
}

/** Puts a certificate into a state, whether it is there already or not. */
export async function saveCertificate(
  tx: TenantTx,
  connectionId: ConnectionId,
  { base64, fingerprint, validFrom, validTo }: Certificate,
  state: CertificateState,
  now: Date,
): Promise<void> {
  await tx.exec(sql`
    insert into identity_certificate (tenant_id, connection_id, fingerprint, state, certificate, not_before, not_after,
      added_at, changed_at)
    values (${tx.tenantId}, ${connectionId}, ${Buffer.from(fingerprint, 'hex')}, ${state}, ${Buffer.from(base64, 'base64')},
      ${validFrom}, ${validTo}, ${now}, ${now})
    on conflict (tenant_id, connection_id, fingerprint) do update set state = excluded.state,
      changed_at = excluded.changed_at`);
}
