import { z } from 'zod';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import {
  deleteLegacyKeyRow,
  findLegacyKeyRow,
  type Holder,
  type LegacyKey,
  listLegacyKeyRows,
  saveLegacyKeyRow,
} from './key-store.ts';

export type { Holder, LegacyKey } from './key-store.ts';

const newKey = z.object({
  consumerKey: z.string().trim().min(1).max(255),
  secret: z.string().min(1).max(4_000),
});

const placeOf = (holderId: string) => ({ table: 'lti_legacy_key', row: holderId, column: 'sealed_secret' });

/** The keys of LTI 1.1 that a tenant has told the hub; their secrets stay where they are. */
export function listLegacyKeys(tx: TenantTx): Promise<LegacyKey[]> {
  return listLegacyKeyRows(tx);
}

/**
 * Keeps a key of LTI 1.1, in place of the holder's earlier one: an LMS connection's, by which its migration claims are
 * checked, or a tool's, by which the hub signs its own.
 *
 * @throws DomainError input `legacy_key_invalid`
 */
export async function setLegacyKey(
  tx: TenantTx,
  secrets: Pick<Secrets, 'seal'>,
  input: { holder: Holder; holderId: string; consumerKey: string; secret: string },
  by: ChangeBy,
): Promise<LegacyKey> {
  const { holder, holderId } = input;
  const { consumerKey, secret } = parseInput(newKey, input, 'legacy_key_invalid');
  const key: LegacyKey = { holder, holderId, consumerKey, changedAt: new Date(by.now) };
  await saveLegacyKeyRow(tx, key, await secrets.seal(tx, placeOf(holderId), secret));
  await record(tx, 'legacy_key.set', key, { after: { consumerKey } }, by);
  return key;
}

/** Takes a key out. @throws DomainError not_found `legacy_key_unknown` */
export async function removeLegacyKey(tx: TenantTx, holderId: string, by: ChangeBy): Promise<LegacyKey> {
  const key = await deleteLegacyKeyRow(tx, holderId);
  if (key === undefined) {
    const message = 'No key of LTI 1.1 is kept for it. List them with: legacy-key list';
    throw new DomainError('not_found', 'legacy_key_unknown', message);
  }
  await record(tx, 'legacy_key.removed', key, { before: { consumerKey: key.consumerKey } }, by);
  return key;
}

/** The key of a holder with its secret, where there is one. @throws DomainError `secret_unreadable` */
export async function openLegacyKey(
  tx: TenantTx,
  secrets: Pick<Secrets, 'open'>,
  holderId: string,
): Promise<{ consumerKey: string; secret: string } | undefined> {
  const found = await findLegacyKeyRow(tx, holderId);
  if (found === undefined) return undefined;
  const secret = await secrets.open(tx, placeOf(holderId), found.sealedSecret);
  return { consumerKey: found.consumerKey, secret: secret.toString('utf8') };
}

function record(
  tx: TenantTx,
  action: string,
  { holder, holderId }: LegacyKey,
  values: { before?: unknown; after?: unknown },
  by: ChangeBy,
): Promise<void> {
  const subject = `${holder}:${holderId}`;
  return recordChange(tx, { announce: `tenant:${tx.tenantId}`, action, subject, ...values }, by);
}
