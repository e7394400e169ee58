import { randomBytes } from 'node:crypto';
import type { HubTx, TenantTx } from '../platform/db.ts';
import { type AuditEvent, type ChainHead, hashValues, linkEvent } from './chain.ts';
import { maskSecrets } from './mask.ts';
import { insertEvent, listEvents, lockChain, type RecordedEvent, readHead } from './store.ts';

/** A change to settings, secrets, policies, roles, links and the like, by a person or a job. */
export interface AuditEntry {
  /** Who, as an id and never a name or address: `operator:<id>`, `job:<queue>`, `command:<name>`. */
  actor: string;
  /** What was done, as `<thing>.<verb>`: `signing_key.revoked`. */
  action: string;
  /** The id of what it was done to. */
  subject: string;
  /** The values before and after; secrets in them are masked here. */
  before?: unknown;
  after?: unknown;
  /** Why, in the words of whoever did it. */
  reason?: string;
  /** From where: the network that a request came from, never the whole address. */
  from?: string | undefined;
  /** Unix milliseconds. */
  now: number;
}

/**
 * Adds an entry to the tenant's audit chain, in the transaction of the change itself. Until that ends, no other
 * transaction adds to the same chain: call it last.
 *
 * @param tx a handle from `withTenant` or `withHub`: a handle whose every call commits alone cannot hold the chain
 * @returns the event as linked
 */
export async function recordAudit(tx: TenantTx | HubTx, entry: AuditEntry): Promise<AuditEvent> {
  const values = {
    // 128 bits: one salt an event, so that equal values do not show as equal.
    salt: randomBytes(16),
    reason: entry.reason ?? null,
    before: maskSecrets(entry.before),
    after: maskSecrets(entry.after),
    origin: entry.from ?? null,
  };
  await lockChain(tx);
  const head = await readHead(tx);
  const event = linkEvent(
    {
      tenantId: tx.tenantId,
      sequence: head.sequence + 1,
      at: entry.now,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
    },
    hashValues(values),
    head.hash,
  );
  await insertEvent(tx, event, values);
  return event;
}

/** Length and last hash of the tenant's chain: kept elsewhere, they show later that nothing was cut off. */
export function auditHead(tx: TenantTx | HubTx): Promise<ChainHead> {
  return readHead(tx);
}

export { type EventFilter, type RecordedEvent, searchEvents, selectActors as listActors } from './store.ts';

/** Up to `limit` events in order, those after the sequence `after`. */
export function auditEventsAfter(
  tx: TenantTx | HubTx,
  page: { after: number; limit: number },
): Promise<RecordedEvent[]> {
  return listEvents(tx, page);
}
