import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { recordConnectionChange } from '../../connections/connections.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { TrustedCertificate } from '../saml/certificate.ts';
import type { Guarded } from '../services.ts';
import { planCertificates } from './certificate-states.ts';
import { saveCertificate, selectCertificates } from './certificate-store.ts';
import { decideMetadata, fingerprintsOf } from './decide-metadata.ts';
import type { ReadMetadata } from './fetch-metadata.ts';
import { certificatesOf, type KeptMetadata, nameStaged, showChanges, toKept } from './kept-metadata.ts';
import { type StoredMetadata, saveMetadata, selectMetadata } from './metadata-store.ts';
import { lockSaml, type SamlServices } from './services.ts';

/** Metadata that was read for a connection as it was then. */
export interface TakenMetadata extends ReadMetadata {
  /** Of the connection's settings. */
  version: number;
  refreshAt: Date | null;
}

/**
 * Uses newly read metadata or stages it (see decideMetadata), in one transaction.
 *
 * @throws DomainError conflict `identity_changed` when the settings changed while it was read; those of lockSaml
 */
export function takeMetadata(
  { db, guard }: Pick<SamlServices, 'db'> & Guarded,
  tenantId: TenantId,
  connectionId: ConnectionId,
  { metadata, isSigned, version, refreshAt }: TakenMetadata,
  by: ChangeBy,
): Promise<StoredMetadata> {
  const read = toKept(metadata);
  const now = new Date(by.now);
  return db.withTenant(tenantId, async (tx) => {
    const identity = await lockSaml(tx, connectionId);
    await guard?.(tx, connectionId);
    if (identity.version !== version) {
      const message = 'The settings were changed while the metadata was read. Try again.';
      throw new DomainError('conflict', 'identity_changed', message);
    }
    const before = await selectMetadata(tx, connectionId);
    const known = await selectCertificates(tx, connectionId);
    const decision = decideMetadata({ inUse: before?.current, read, isSigned, known });
    const validUntil = metadata.validUntil ?? null;
    const common = { fetchedAt: now, failure: null, refreshAt };
    if (decision.kind === 'use' || before === undefined) {
      const after = { ...common, current: read, staged: null, validUntil };
      return use(tx, connectionId, { before, after, known }, by);
    }
    const after: StoredMetadata = { ...before, ...common, staged: { metadata: read, validUntil } };
    await saveMetadata(tx, connectionId, after);
    // The same difference is found every day until somebody agrees.
    if (before.staged === null || nameStaged(before.staged.metadata) !== nameStaged(read)) {
      const staged = { name: nameStaged(read), changes: decision.changes };
      await recordConnectionChange(tx, 'identity.metadata_staged', connectionId, { after: staged }, by);
    }
    return after;
  });
}

/**
 * Uses what is staged, provided that it is what somebody looked at.
 *
 * @throws DomainError conflict `metadata_difference_gone`; those of lockSaml
 */
export function useStaged(
  { db, guard }: Pick<SamlServices, 'db'> & Guarded,
  tenantId: TenantId,
  connectionId: ConnectionId,
  name: string,
  by: ChangeBy,
): Promise<StoredMetadata> {
  return db.withTenant(tenantId, async (tx) => {
    await lockSaml(tx, connectionId);
    await guard?.(tx, connectionId);
    const before = await selectMetadata(tx, connectionId);
    if (before?.staged == null || nameStaged(before.staged.metadata) !== name) {
      const message = 'This difference is there no more, or has become another one. Look at it again.';
      throw new DomainError('conflict', 'metadata_difference_gone', message);
    }
    const known = await selectCertificates(tx, connectionId);
    const { metadata: current, validUntil } = before.staged;
    const after = { ...before, current, validUntil, staged: null };
    return use(tx, connectionId, { before, after, known }, by);
  });
}

async function use(
  tx: TenantTx,
  connectionId: ConnectionId,
  change: { before: StoredMetadata | undefined; after: StoredMetadata; known: TrustedCertificate[] },
  by: ChangeBy,
): Promise<StoredMetadata> {
  const { before, after, known } = change;
  await saveMetadata(tx, connectionId, after);
  const moves = await moveCertificates(
    tx,
    connectionId,
    { before: before?.current, after: after.current, known },
    by,
  );
  const changes = before === undefined ? [] : showChanges(before.current, after.current);
  if (before === undefined || changes.length > 0 || moves.length > 0) {
    const used = { entityId: after.current.entityId, changes, certificates: moves };
    await recordConnectionChange(tx, 'identity.metadata_used', connectionId, { after: used }, by);
  }
  return after;
}

async function moveCertificates(
  tx: TenantTx,
  connectionId: ConnectionId,
  change: { before: KeptMetadata | undefined; after: KeptMetadata; known: TrustedCertificate[] },
  by: ChangeBy,
) {
  const { before, after, known } = change;
  const moves = planCertificates(known, fingerprintsOf(before), fingerprintsOf(after));
  const all = [...known, ...certificatesOf(after)];
  for (const { fingerprint, to } of moves) {
    const certificate = all.find((each) => each.fingerprint === fingerprint);
    if (certificate !== undefined) await saveCertificate(tx, connectionId, certificate, to, new Date(by.now));
  }
  return moves;
}
