import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import type { Place } from '../../platform/secrets/sealed-record.ts';
import { sql } from '../../platform/sql/sql.ts';
import { type Certificate, type CertificateState, readCertificate } from '../saml/certificate.ts';

/** A key of ours without its private half. */
export interface ShownKey extends Certificate {
  readonly state: CertificateState;
}

const keyRow = z
  .object({ state: z.enum(['next', 'active', 'retired']), certificate: z.instanceof(Buffer) })
  .transform(
    ({ state, certificate }): ShownKey => ({ ...readCertificate(certificate.toString('base64')), state }),
  );

/** Where the private half of a key is sealed. */
export function placeOfPrivateKey(connectionId: ConnectionId, fingerprint: string): Place {
  return { table: 'identity_key', row: `${connectionId} ${fingerprint}`, column: 'sealed_private_key' };
}

/** Our keys towards one identity provider, the oldest first. */
export function selectKeys(tx: TenantTx, connectionId: ConnectionId): Promise<ShownKey[]> {
  return tx.many(
    sql`select state, certificate from identity_key
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} order by created_at, fingerprint`,
    keyRow,
  );
}

/** @param sealed the private half, PKCS #8 in DER, sealed for `placeOfPrivateKey` */
export async function insertKey(
  tx: TenantTx,
  connectionId: ConnectionId,
  { base64, fingerprint, validTo }: Certificate,
  { state, sealed, now }: { state: CertificateState; sealed: Buffer; now: Date },
): Promise<void> {
  await tx.exec(sql`
    insert into identity_key (tenant_id, connection_id, fingerprint, state, certificate, sealed_private_key, not_after,
      created_at, changed_at)
    values (${tx.tenantId}, ${connectionId}, ${Buffer.from(fingerprint, 'hex')}, ${state}, ${Buffer.from(base64, 'base64')},
      ${sealed}, ${validTo}, ${now}, ${now})`);
}

export async function updateKey(
  tx: TenantTx,
  connectionId: ConnectionId,
  fingerprint: string,
  state: CertificateState,
  now: Date,
): Promise<void> {
  await tx.exec(sql`
    update identity_key set state = ${state}, changed_at = ${now}
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
      and fingerprint = ${Buffer.from(fingerprint, 'hex')}`);
}

/** Its private half is gone for good. */
export async function deleteKey(
  tx: TenantTx,
  connectionId: ConnectionId,
  fingerprint: string,
): Promise<void> {
  await tx.exec(sql`
    delete from identity_key where tenant_id = ${tx.tenantId} and connection_id = ${connectionId}
      and fingerprint = ${Buffer.from(fingerprint, 'hex')}`);
}
