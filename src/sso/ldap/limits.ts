import { createHash } from 'node:crypto';
import type { TenantId } from '../../../contracts/ids.ts';
import { callerOf } from '../../platform/http/client-address.ts';
import type { LdapReason } from './reasons.ts';

/**
 * Counts of attempts within a window that begins with the first of them. Keys are opaque and hold no names. Every copy of the hub
 * counts together, and counting is one atomic step: guesses in parallel must not slip past.
 */
export interface AttemptStore {
  /** Adds one attempt to a key. @returns how many the window holds now, this one included */
  take(tenantId: TenantId, key: string, window: AttemptWindow): Promise<number>;
  /** How many the window holds. */
  count(tenantId: TenantId, key: string, window: AttemptWindow): Promise<number>;
  /** Takes one attempt back that turned out to be none. */
  giveBack(tenantId: TenantId, key: string): Promise<void>;
  /** Forgets all attempts of a key. */
  clear(tenantId: TenantId, key: string): Promise<void>;
}

export interface AttemptWindow {
  /** Unix milliseconds. */
  readonly now: number;
  readonly lengthMs: number;
}

export interface AttemptLimits {
  readonly perUser: number;
  readonly perAddress: number;
  readonly windowMinutes: number;
}

/** Whether an attempt may go to the directory. @param counts this attempt included for the user */
export function decideAttempt(
  counts: { user?: number; address?: number },
  limits: AttemptLimits,
): Extract<LdapReason, 'too_many_attempts' | 'address_limited'> | 'go' {
  const { user = 0, address = 0 } = counts;
  if (user > limits.perUser) return 'too_many_attempts';
  return address >= limits.perAddress ? 'address_limited' : 'go';
}

/** What attempts are counted by. */
export interface AttemptKeys {
  /** As it was typed, in one spelling for those that directories take for the same. */
  readonly name: string;
  readonly address: string;
  /** Whoever the name leads to: several names of one person must not multiply the attempts. */
  subject(subject: string): string;
}

/** Names the keys of one attempt. @param connectionId of the directory */
export function attemptKeys(connectionId: string, username: string, address: string): AttemptKeys {
  const key = (scope: string, value: string) =>
    createHash('sha256')
      .update(JSON.stringify([connectionId, scope, value]))
      .digest('base64url');
  return {
    name: key('name', normaliseName(username)),
    address: key('address', callerOf(address)),
    subject: (subject) => key('subject', subject),
  };
}

/** RFC 4518 §2: directories compare names without regard to case, compatible forms and repeated spaces. */
function normaliseName(username: string): string {
  return username.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}
