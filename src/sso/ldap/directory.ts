import type { Check, SignedIn } from '../sign-in.ts';
import { decideAccountState, isLockedForNow, mustChangePassword } from './account-state.ts';
import { findGroupNames } from './groups.ts';
import { type FoundPerson, findPerson } from './person.ts';
import type { LdapReason } from './reasons.ts';
import type { DirectorySession } from './session.ts';
import type { DirectorySettings } from './settings.ts';
import { toSignedIn } from './signed-in.ts';

/** How far an attempt came: what it counts as depends on that. */
export type Stage = 'searching' | 'proving' | 'proven';

export interface Progress {
  stage: Stage;
  readonly checks: Check[];
}

export type Outcome =
  | { readonly accepted: true; readonly signedIn: SignedIn }
  | { readonly accepted: false; readonly reason: LdapReason; readonly resultCode?: number };

const longestName = 256;

/**
 * Why an attempt is refused before any directory hears of it. An empty password would be an unauthenticated bind, which succeeds
 * (RFC 4513 §5.1.2), and NUL ends the text for some servers.
 */
export function decideTyped(username: string, password: string): LdapReason | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const isName = username.trim() !== '' && username.length <= longestName && !/[\0-\x1f\x7f]/.test(username);
  if (!isName) return 'name_invalid';
  return password.trim() === '' || password.includes('\0') ? 'password_missing' : undefined;
}

/**
 * Searches with the service account for exactly one entry, then shows the directory the password under the name of that entry.
 *
 * @param permit called with the subject before each time the password is sent; a reason refuses the attempt
 * @param progress told how far it came, also when it throws
 * @throws DirectoryError
 */
export async function proveSomebody(
  session: DirectorySession,
  settings: DirectorySettings,
  typed: { username: string; password: string },
  options: {
    permit: (subject: string) => Promise<LdapReason | undefined>;
    progress: Progress;
    now: () => number;
  },
): Promise<Outcome> {
  const { progress } = options;
  const person = await session.asService((client) => findPerson(client, settings, typed.username));
  if (typeof person === 'string') return refuse(progress, person, { found: settings.base });
  progress.checks.push({ rule: 'user_unknown', passed: true, found: person.entry.dn });
  const refusal = await prove(session, person, typed.password, options);
  if (refusal !== undefined) {
    const isLocked = refusal.reason === 'password_wrong' && isLockedForNow(person.entry);
    return refuse(progress, isLocked ? 'account_locked' : refusal.reason, refusal);
  }
  progress.stage = 'proven';
  progress.checks.push({ rule: 'password_wrong', passed: true });
  const state = decideAccountState(person.entry, settings.kind, options.now());
  if (state !== 'enabled') return refuse(progress, state);
  progress.checks.push({ rule: 'account_disabled', passed: true });
  if (mustChangePassword(person.entry)) return refuse(progress, 'password_must_change');
  const groups = await session.asService((client) => findGroupNames(client, settings, person.entry));
  return { accepted: true, signedIn: toSignedIn(person, groups, settings) };
}

async function prove(
  session: DirectorySession,
  { entry, subject }: FoundPerson,
  password: string,
  { permit, progress }: { permit: (subject: string) => Promise<LdapReason | undefined>; progress: Progress },
): Promise<{ reason: LdapReason; resultCode?: number } | undefined> {
  const forbidden = await permit(subject);
  if (forbidden !== undefined) return { reason: forbidden };
  let isFirst = true;
  return session.proveWith(entry.dn, password, async () => {
    // A second server is shown the password only after the first kept silent, and it may have counted that.
    if (!isFirst) await permit(subject);
    isFirst = false;
    progress.stage = 'proving';
  });
}

function refuse(
  { checks }: Progress,
  reason: LdapReason,
  { found, resultCode }: { found?: string; resultCode?: number } = {},
): Outcome {
  const what = found ?? (resultCode === undefined ? undefined : `result ${resultCode}`);
  checks.push({ rule: reason, passed: false, ...(what !== undefined && { found: what }) });
  return { accepted: false, reason, ...(resultCode !== undefined && { resultCode }) };
}
