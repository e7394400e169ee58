import type { DirectoryEntry } from './entry.ts';

export type AccountState = 'enabled' | 'account_disabled' | 'account_expired';

/** What the state of an account is read from, in Active Directory and elsewhere. */
export const stateAttributes = {
  ad: ['userAccountControl', 'accountExpires'],
  generic: ['pwdAccountLockedTime', 'nsAccountLock', 'pwdReset'],
} as const;

/** MS-ADTS 2.2.16: ADS_UF_ACCOUNT_DISABLE. */
const disabledFlag = 0x2;
/** MS-ADTS 2.2: 100 nanoseconds since 1601; both mean never (accountExpires, MS-ADA1 2.1). */
const never = [0n, 0x7fff_ffff_ffff_ffffn];
const unixEpochInFileTime = 116_444_736_000_000_000n;
/** draft-behera-ldap-password-policy-11 §5.3.3: locked until an admin opens it. */
const lockedForGood = '000001010000Z';

/**
 * Whether an account may be used at all. A lock after wrong passwords is no such state: anybody could end somebody's session by
 * guessing.
 *
 * @param now Unix milliseconds
 */
export function decideAccountState(entry: DirectoryEntry, kind: 'ad' | 'generic', now: number): AccountState {
  if (kind === 'ad') {
    const flags = readInteger(entry.text('userAccountControl'));
    if (flags !== undefined && (flags & BigInt(disabledFlag)) !== 0n) return 'account_disabled';
    const expires = readInteger(entry.text('accountExpires'));
    if (expires === undefined || never.includes(expires)) return 'enabled';
    return (expires - unixEpochInFileTime) / 10_000n <= BigInt(now) ? 'account_expired' : 'enabled';
  }
  const isLocked = entry.text('pwdAccountLockedTime')?.trim() === lockedForGood;
  const isInactive = entry.text('nsAccountLock')?.toLowerCase() === 'true';
  return isLocked || isInactive ? 'account_disabled' : 'enabled';
}

/** Whether the directory wants a new password before anything else, though it takes the present one. */
export function mustChangePassword(entry: DirectoryEntry): boolean {
  return entry.text('pwdReset')?.toLowerCase() === 'true';
}

/** Whether wrong passwords have locked the account for a time: tells a refused bind from a wrong password. */
export function isLockedForNow(entry: DirectoryEntry): boolean {
  return entry.texts('pwdAccountLockedTime').length > 0;
}

function readInteger(text: string | undefined): bigint | undefined {
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}
