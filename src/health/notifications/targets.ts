import { z } from 'zod';
import {
  HUB_TENANT,
  type NotificationId,
  newId,
  type TargetId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { notificationChannels as channels, severities } from '../../../contracts/incidents.ts';
import type { Database, HubTx, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import { parseOutboundUrl } from '../../platform/outbound/url.ts';
import type { Secrets } from '../../platform/secrets/secrets.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { type Address, addressSchema } from './address.ts';
import {
  deleteTarget,
  insertTarget,
  listNews,
  listTargets,
  reviveNews,
  type Target,
} from './notification-store.ts';
import { newSigningSecret } from './sign.ts';

/** The address of a target among sealed records. */
export function placeOf(targetId: TargetId) {
  return { table: 'notification_target', row: targetId, column: 'sealed_address' } as const;
}

type Scopes = Pick<Database, 'withTenant' | 'withHub'>;

/** Runs work on a school's rows, or under the nil tenant on the hub's own. */
export function inScope<T>(
  db: Scopes,
  tenantId: TenantId,
  work: (tx: TenantTx | HubTx) => Promise<T>,
): Promise<T> {
  return tenantId === HUB_TENANT ? db.withHub(work) : db.withTenant(tenantId, work);
}

const newTarget = z.strictObject({
  channel: z.enum(channels),
  name: z.string().trim().min(1).max(200),
  /** Of mail: the addresses. */
  to: z.array(z.string().max(320)).max(20).optional(),
  url: z.string().max(2_000).optional(),
  leastSeverity: z.enum(severities).default('page'),
});
export type NewTarget = z.input<typeof newTarget>;

export interface TargetDeps {
  db: Scopes;
  secrets: Pick<Secrets, 'seal'>;
  allowLoopback: boolean;
}

/**
 * Adds a target for a school, or under the nil tenant for the hub, which is told of every school's incidents.
 *
 * @returns the target, and of a webhook the secret it is signed with: it is shown this once
 * @throws DomainError input `target_invalid`, `outbound_…` for an address that may not be called
 */
export async function addTarget(
  { db, secrets, allowLoopback }: TargetDeps,
  tenantId: TenantId,
  input: NewTarget,
  by: ChangeBy,
): Promise<{ target: Target; secret: string | undefined }> {
  const { channel, name, leastSeverity, to, url } = parseInput(newTarget, input, 'target_invalid');
  const secret = channel === 'webhook' ? newSigningSecret() : undefined;
  const given = { channel, ...(to && { to }), ...(url && { url }), ...(secret && { secret }) };
  const address: Address = parseInput(addressSchema, given, 'target_invalid');
  if (address.channel !== 'email') parseOutboundUrl(address.url, { allowLoopback });
  const target: Target = {
    targetId: newId<TargetId>(by.now),
    channel,
    name,
    leastSeverity,
    status: 'active',
    reportLanguage: null,
  };
  await inScope(db, tenantId, async (tx) => {
    const sealed = await secrets.seal(tx, placeOf(target.targetId), JSON.stringify(address));
    await insertTarget(tx, target, sealed, new Date(by.now));
    await record(tx, 'notification_target.added', target, by);
  });
  return { target, secret };
}

/** @throws DomainError not_found `target_unknown` */
export async function removeTarget(
  db: Scopes,
  tenantId: TenantId,
  targetId: TargetId,
  by: ChangeBy,
): Promise<Target> {
  return inScope(db, tenantId, async (tx) => {
    const target = await deleteTarget(tx, targetId);
    if (target === undefined) {
      const message = 'There is no such target. List the targets to see their ids.';
      throw new DomainError('not_found', 'target_unknown', message);
    }
    await record(tx, 'notification_target.removed', target, by);
    return target;
  });
}

/** The targets of a scope; their addresses stay sealed. */
export function readTargets(db: Scopes, tenantId: TenantId): Promise<Target[]> {
  return inScope(db, tenantId, listTargets);
}

/** The latest news of a scope and what came of it. */
export function readNews(db: Scopes, tenantId: TenantId, limit: number) {
  return inScope(db, tenantId, (tx) => listNews(tx, limit));
}

/** Sends news again that was given up. @throws DomainError not_found `notification_not_dead` */
export async function resendNews(
  db: Scopes,
  tenantId: TenantId,
  notificationId: NotificationId,
  by: ChangeBy,
): Promise<void> {
  const revived = await inScope(db, tenantId, (tx) => reviveNews(tx, notificationId, new Date(by.now)));
  if (revived) return;
  const message = 'There is no such notification that was given up.';
  throw new DomainError('not_found', 'notification_not_dead', message);
}

function record(tx: TenantTx | HubTx, action: string, target: Target, by: ChangeBy): Promise<void> {
  const { targetId, ...after } = target;
  const subject = `notification_target:${targetId}`;
  return recordChange(tx, { announce: `tenant:${tx.tenantId}`, action, subject, after }, by);
}
