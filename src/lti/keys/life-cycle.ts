import { DomainError } from '../../platform/errors.ts';

/**
 * published: in the key set, so that those who cache it know the key before it signs.
 * signing: signs everything; there is one.
 * retired: signs no more, stays in the key set while what it signed may still be checked (1EdTech Security
 * Framework §6.4), then leaves it.
 * revoked: out of the key set at once.
 */
export type KeyState = 'published' | 'signing' | 'retired' | 'revoked';
export type KeyEvent = 'promote' | 'retire' | 'revoke';

const transitions: Record<KeyState, Partial<Record<KeyEvent, KeyState>>> = {
  published: { promote: 'signing', revoke: 'revoked' },
  signing: { retire: 'retired', revoke: 'revoked' },
  retired: { revoke: 'revoked' },
  revoked: {},
};

/** The state after an event. @throws DomainError `signing_key_transition` when the event does not fit the state */
export function transition(state: KeyState, event: KeyEvent): KeyState {
  const next = transitions[state][event];
  if (next === undefined) {
    throw new DomainError(
      'conflict',
      'signing_key_transition',
      `A ${state} signing key cannot take "${event}".`,
      {
        details: { state, event },
      },
    );
  }
  return next;
}

/** What the rules know of a key. */
export interface KeyFacts {
  kid: string;
  state: KeyState;
  /** When it entered its state, in Unix milliseconds. */
  changedAt: number;
}

/** Durations in milliseconds. */
export interface KeyTiming {
  /** How long a key is published before it signs: longer than others cache the key set. */
  publishForMs: number;
  /** How long a retired key stays in the key set. */
  overlapMs: number;
  /** How long a key signs before its successor is published. */
  signForMs: number;
}

const hour = 3_600_000;

export const defaultKeyTiming: KeyTiming = {
  publishForMs: 24 * hour,
  overlapMs: 24 * hour,
  signForMs: 90 * 24 * hour,
};

/** What to do with the keys, in this order: the changes, then the new key. */
export interface KeyPlan {
  changes: { kid: string; event: KeyEvent }[];
  /** The state a new key begins in; undefined when none is needed. */
  create: 'published' | 'signing' | undefined;
}

const nothing: KeyPlan = { changes: [], create: undefined };

/** Whether the key belongs in the public key set. */
export function isPublic(key: KeyFacts, now: number, timing: KeyTiming): boolean {
  if (key.state === 'retired') return now - key.changedAt < timing.overlapMs;
  return key.state !== 'revoked';
}

/** A key that signs, where there is none: the published one before its time, or a new one. */
export function planMissingKey(keys: readonly KeyFacts[]): KeyPlan {
  return keys.some((key) => key.state === 'signing') ? nothing : planSuccession(keys, []);
}

/** What time alone asks for: a key that signs, promotion after the overlap, a successor for an old key. */
export function planKeyLifeCycle(keys: readonly KeyFacts[], now: number, timing: KeyTiming): KeyPlan {
  const signing = keys.find((key) => key.state === 'signing');
  if (signing === undefined) return planMissingKey(keys);
  const next = oldestPublished(keys);
  if (next !== undefined) {
    return now - next.changedAt < timing.publishForMs ? nothing : planRotation(keys, { immediately: true });
  }
  return now - signing.changedAt < timing.signForMs ? nothing : { changes: [], create: 'published' };
}

/**
 * A new signing key on request. It is published first and promoted by `planKeyLifeCycle`; `immediately` promotes
 * at once, which fails those who cache the key set and do not read it again for an unknown `kid`.
 */
export function planRotation(keys: readonly KeyFacts[], { immediately }: { immediately: boolean }): KeyPlan {
  const signing = keys.find((key) => key.state === 'signing');
  if (signing === undefined) return planMissingKey(keys);
  if (immediately) return planSuccession(keys, [{ kid: signing.kid, event: 'retire' }]);
  return oldestPublished(keys) === undefined ? { changes: [], create: 'published' } : nothing;
}

/**
 * Drops a key that others may have got hold of, and replaces it in the same step where it was the one that signs.
 *
 * @throws DomainError `signing_key_not_found`
 */
export function planRevocation(keys: readonly KeyFacts[], kid: string): KeyPlan {
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key === undefined) {
    throw new DomainError(
      'not_found',
      'signing_key_not_found',
      'There is no signing key with this kid. List the keys.',
    );
  }
  if (key.state === 'revoked') return nothing;
  const changes: KeyPlan['changes'] = [{ kid, event: 'revoke' }];
  return key.state === 'signing' ? planSuccession(keys, changes) : { changes, create: undefined };
}

function planSuccession(keys: readonly KeyFacts[], before: KeyPlan['changes']): KeyPlan {
  const next = oldestPublished(keys);
  if (next === undefined) return { changes: before, create: 'signing' };
  return { changes: [...before, { kid: next.kid, event: 'promote' }], create: undefined };
}

function oldestPublished(keys: readonly KeyFacts[]): KeyFacts | undefined {
  return keys.filter((key) => key.state === 'published').sort((a, b) => a.changedAt - b.changedAt)[0];
}
