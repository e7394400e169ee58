import { createHash, createHmac } from 'node:crypto';
import { lengthPrefixed } from '../platform/secrets/length-prefixed.ts';
import { canonicalJson } from './canonical-json.ts';

/** The values of an event: what may be erased while the chain stays whole. Null stands for "not given". */
export interface AuditValues {
  salt: Buffer;
  reason: string | null;
  before: unknown;
  after: unknown;
  /** From where; events of before know nothing of it. */
  origin?: string | null | undefined;
}

/** What an event says apart from its values: ids and names of actions only. */
export interface AuditFacts {
  tenantId: string;
  /** From 1, without gaps. */
  sequence: number;
  /** Unix milliseconds. */
  at: number;
  actor: string;
  action: string;
  subject: string;
}

/** One link of a tenant's chain. */
export interface AuditEvent extends AuditFacts {
  valueHash: Buffer;
  previousHash: Buffer;
  hash: Buffer;
}

/** Where a chain stands: its length and the hash of its last event. */
export interface ChainHead {
  sequence: number;
  hash: Buffer;
}

/** The head before the first event. */
export const emptyChain: ChainHead = { sequence: 0, hash: Buffer.alloc(32) };

/** Salted, so that an erased value cannot be found again by guessing (HMAC-SHA-256, RFC 2104). */
export function hashValues(values: AuditValues): Buffer {
  const { salt, reason, before, after, origin } = values;
  // One without an origin has the hash it would have had before there were any.
  const from = origin == null ? [] : [origin];
  return createHmac('sha256', salt)
    .update(canonicalJson([reason, before, after, ...from]))
    .digest();
}

/** Links an event to the head of its chain. */
export function linkEvent(facts: AuditFacts, valueHash: Buffer, previousHash: Buffer): AuditEvent {
  return { ...facts, valueHash, previousHash, hash: hashEvent({ ...facts, valueHash, previousHash }) };
}

function hashEvent(event: Omit<AuditEvent, 'hash'>): Buffer {
  const parts = lengthPrefixed([
    event.tenantId,
    String(event.sequence),
    new Date(event.at).toISOString(),
    event.actor,
    event.action,
    event.subject,
    event.valueHash,
    event.previousHash,
  ]);
  return createHash('sha256').update(parts).digest();
}

export type LinkProblem =
  | 'other_tenant'
  | 'sequence_gap'
  | 'previous_hash_differs'
  | 'event_changed'
  | 'values_changed';

/**
 * What is wrong with an event as the one after `head`; undefined when it is the next link. Values that were erased
 * (undefined) leave the chain whole.
 */
export function findLinkProblem(
  head: ChainHead,
  tenantId: string,
  event: AuditEvent,
  values: AuditValues | undefined,
): LinkProblem | undefined {
  if (event.tenantId !== tenantId) return 'other_tenant';
  if (event.sequence !== head.sequence + 1) return 'sequence_gap';
  if (!event.previousHash.equals(head.hash)) return 'previous_hash_differs';
  if (!event.hash.equals(hashEvent(event))) return 'event_changed';
  if (values !== undefined && !event.valueHash.equals(hashValues(values))) return 'values_changed';
  return undefined;
}

/** Events that should stand there and do not, both ends included. */
export interface MissingEvents {
  from: number;
  to: number;
}

/** What is missing between the head and an event that does not follow it; undefined where something else is wrong with it. */
export function findMissing(
  head: ChainHead,
  { sequence }: Pick<AuditEvent, 'sequence'>,
  problem: LinkProblem | undefined,
): MissingEvents | undefined {
  if (problem !== 'sequence_gap' || sequence <= head.sequence) return undefined;
  return { from: head.sequence + 1, to: sequence - 1 };
}

export type ChainVerdict =
  | { ok: true; head: ChainHead; erased: number }
  | { ok: false; sequence: number; problem: LinkProblem };

/**
 * Checks a whole chain of one tenant, in order from its first event.
 *
 * @param values the values by sequence; without it only the events are checked
 */
export function verifyChain(
  events: readonly AuditEvent[],
  values?: ReadonlyMap<number, AuditValues>,
): ChainVerdict {
  let head = emptyChain;
  let erased = 0;
  for (const event of events) {
    const own = values?.get(event.sequence);
    const problem = findLinkProblem(head, events[0]?.tenantId ?? '', event, own);
    if (problem !== undefined) return { ok: false, sequence: event.sequence, problem };
    if (values !== undefined && own === undefined) erased++;
    head = event;
  }
  return { ok: true, head: { sequence: head.sequence, hash: head.hash }, erased };
}
