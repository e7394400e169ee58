import { createHash } from 'node:crypto';
import { DomainError } from '../../platform/errors.ts';
import { callerOf } from '../../platform/http/client-address.ts';
import { normaliseEmail } from '../operator.ts';
import type { OperatorServices } from '../services.ts';
import { deleteAttempts, giveAttemptBack, takeAttempt } from './attempt-store.ts';

/** How long tries are remembered after the last one, in milliseconds. */
const rememberedMs = 24 * 3_600_000;
const second = 1_000;
const longest = 900 * second;

/**
 * Tries that cost nothing but themselves. Many people of a company have one address. An account is counted for each network, so
 * that a stranger elsewhere does not keep its owner out, and from everywhere at more than one network can make in a day.
 */
const free = { account: 4, everywhere: 199, address: 49 } as const;
export type AttemptKind = keyof typeof free;

/**
 * How long is to be waited after so many failures, the first at index 0: nothing at first, then twice as long each time,
 * and never more than a quarter of an hour, so that nobody can lock somebody else out for good.
 */
export function planDelays(kind: AttemptKind): number[] {
  const doubling = Array.from({ length: 9 }, (_each, i) => Math.min(5 * second * 2 ** i, longest));
  return [...Array.from({ length: free[kind] }, () => 0), ...doubling];
}

/** What tries are counted by, opaque. */
export interface AttemptKey {
  kind: AttemptKind;
  key: string;
}

/** Of an account as it was typed, whether it exists or not: from one network, and from everywhere. */
export function accountKeys(
  tenantSlug: string | undefined,
  email: string,
  address: string | undefined,
): AttemptKey[] {
  const account = [tenantSlug ?? '', normaliseEmail(email)];
  return [
    { kind: 'account', key: digest('account', ...account, callerOf(address)) },
    { kind: 'everywhere', key: digest('everywhere', ...account) },
  ];
}

/** Of the codes of one operator. */
export function codeKey(operatorId: string): AttemptKey {
  return { kind: 'account', key: digest('code', operatorId) };
}

/** Of one operator who types the password again. */
export function passwordKey(operatorId: string): AttemptKey {
  return { kind: 'account', key: digest('password', operatorId) };
}

export function addressKey(address: string | undefined): AttemptKey {
  return { kind: 'address', key: digest('address', callerOf(address)) };
}

function digest(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/**
 * Makes a try, which counts as failed until it is known to have succeeded: counting is one atomic step before it, so tries in
 * parallel and on several copies do not slip past.
 *
 * @param attempt gives undefined where it failed
 * @throws DomainError rate_limited `sign_in_paused`, and what `attempt` throws
 */
export async function countTries<T>(
  { db, clock }: Pick<OperatorServices, 'db' | 'clock'>,
  keys: readonly AttemptKey[],
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const now = clock.now();
  const taken: AttemptKey[] = [];
  for (const key of keys) {
    const allowed = await takeAttempt(db.hub(), key.key, planDelays(key.kind), {
      at: new Date(now),
      expiresAt: new Date(now + rememberedMs),
    });
    if (!allowed) {
      for (const each of taken) await giveAttemptBack(db.hub(), each.key, new Date(now));
      throw paused();
    }
    taken.push(key);
  }
  const result = await attempt().catch(async (error: unknown) => {
    // Nothing was tried: the hub was busy, or failed.
    for (const each of keys) await giveAttemptBack(db.hub(), each.key, new Date(now));
    throw error;
  });
  if (result === undefined) return undefined;
  for (const { kind, key } of keys) {
    // One good account of an attacker's must not wash an address clean.
    if (kind === 'address') await giveAttemptBack(db.hub(), key, new Date(now));
    else await deleteAttempts(db.hub(), key);
  }
  return result;
}

function paused(): DomainError {
  const message = 'There were too many tries. Wait a while, at most a quarter of an hour, and try again.';
  return new DomainError('rate_limited', 'sign_in_paused', message);
}
