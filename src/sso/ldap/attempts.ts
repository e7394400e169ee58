import type { DirectoryConnection, DirectoryServices } from './connection.ts';
import type { Outcome, Stage } from './directory.ts';
import { type AttemptWindow, attemptKeys, decideAttempt } from './limits.ts';
import { isAfterPassword, type LdapReason } from './reasons.ts';

/** The attempt of one person as it is counted. */
export interface CountedAttempt {
  /** Counts it for the name before anything is sent. @returns why it may not go on */
  begin(): Promise<LdapReason | undefined>;
  /** Counts it for whom the name leads to, under whichever name. @returns why it may not go on */
  permit(subject: string): Promise<LdapReason | undefined>;
  /** Forgets what a right password proves to be harmless, and what never reached the directory. */
  settle(end: { stage: Stage; outcome: Outcome | undefined }): Promise<void>;
}

/** Refusals that a guess ends in. */
const guesses: ReadonlySet<LdapReason> = new Set([
  'user_unknown',
  'user_ambiguous',
  // An entry without a key is one that is there: it must not be told by being let try on.
  'key_missing',
  'password_wrong',
  'account_locked',
  'bind_refused',
]);

/** Begins to count an attempt; nothing is stored yet. */
export function countAttempt(
  { attempts, clock }: Pick<DirectoryServices, 'attempts' | 'clock'>,
  { tenantId, connectionId, settings }: Pick<DirectoryConnection, 'tenantId' | 'connectionId' | 'settings'>,
  who: { username: string; address: string },
): CountedAttempt {
  const limits = settings.attempts;
  const keys = attemptKeys(connectionId, who.username, who.address);
  const taken: string[] = [];
  const window = (): AttemptWindow => ({ now: clock.now(), lengthMs: limits.windowMinutes * 60_000 });

  async function take(key: string, address?: number): Promise<LdapReason | undefined> {
    const user = await attempts.take(tenantId, key, window());
    taken.push(key);
    const decision = decideAttempt({ user, ...(address !== undefined && { address }) }, limits);
    return decision === 'go' ? undefined : decision;
  }

  return {
    begin: async () => take(keys.name, await attempts.count(tenantId, keys.address, window())),
    permit: async (subject) =>
      (await take(keys.subject(subject))) === undefined ? undefined : 'person_limited',
    settle: async ({ stage, outcome }) => {
      const reason = outcome?.accepted === false ? outcome.reason : undefined;
      const isRight = stage === 'proven' || (reason !== undefined && isAfterPassword(reason));
      if (isRight) await forEach(new Set(taken), (key) => attempts.clear(tenantId, key));
      else if (reason !== undefined && guesses.has(reason)) {
        await attempts.take(tenantId, keys.address, window());
      }
      // Whether a directory that kept silent counted the password, nobody knows: it stays counted.
      else if (stage === 'searching' && !isLimit(reason)) {
        await forEach(taken, (key) => attempts.giveBack(tenantId, key));
      }
    },
  };
}

function isLimit(reason: LdapReason | undefined): boolean {
  return reason === 'too_many_attempts' || reason === 'person_limited';
}

async function forEach(keys: Iterable<string>, work: (key: string) => Promise<void>): Promise<void> {
  for (const key of keys) await work(key);
}
