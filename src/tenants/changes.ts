import { recordAudit } from '../audit/audit.ts';
import { notifyChanged } from '../platform/changes.ts';
import type { HubTx, TenantTx } from '../platform/db.ts';

/** Who makes a change, when (Unix milliseconds) and, where the person gave one, why. */
export interface ChangeBy {
  actor: string;
  now: number;
  reason?: string;
  /** From where: a network, never a whole address. */
  from?: string;
  /** Who else could be meant by the actor: made its token, or lately handed out its way in. */
  behind?: readonly string[];
}

/** What caches must forget: everything of a tenant, a tool or a hub-wide registration. */
export type Announcement = `tenant:${string}` | `tool:${string}` | `hub_registration:${string}`;

export interface Change {
  announce: Announcement;
  /** What was done, such as `tool.updated`. */
  action: string;
  /** What was changed, such as `tool:<id>`. */
  subject: string;
  before?: unknown;
  after?: unknown;
}

/**
 * Writes a change into the audit trail and announces it to every copy's caches. Both take effect with the
 * commit of `tx`, or not at all.
 */
export async function recordChange(tx: TenantTx | HubTx, change: Change, by: ChangeBy): Promise<void> {
  const { announce, ...entry } = change;
  await recordAudit(tx, { ...entry, ...by });
  await notifyChanged(tx, announce);
}
