import type { LdapReason } from './reasons.ts';

/** What Active Directory adds to result 49: Windows error codes in hexadecimal (MS-ERREF 2.2, winerror.h). */
const subCodes: Readonly<Record<string, LdapReason>> = {
  '525': 'user_unknown',
  '52e': 'password_wrong',
  '530': 'logon_hours',
  '531': 'workstation_refused',
  '532': 'password_expired',
  '533': 'account_disabled',
  '701': 'account_expired',
  '773': 'password_must_change',
  '775': 'account_locked',
};

/**
 * Why a directory refused the bind of a person.
 *
 * @param resultCode RFC 4511 §4.1.9
 * @param diagnosticMessage of Active Directory it holds the one place where the sub-code stands: `…, data 52e, v…`
 */
export function decideBindReason(
  kind: 'ad' | 'generic',
  resultCode: number,
  diagnosticMessage: string,
): LdapReason {
  if (resultCode === 49) {
    const subCode = /\bdata ([0-9a-f]{3,8}),/i.exec(diagnosticMessage)?.[1]?.toLowerCase();
    return (kind === 'ad' && subCode !== undefined ? subCodes[subCode] : undefined) ?? 'password_wrong';
  }
  // draft-behera-ldap-password-policy-11 has locked accounts answer 49; 389 Directory Server answers 19.
  if (resultCode === 19) return 'account_locked';
  // Other results would tell a stranger that there is such an entry; the code stands in the checks.
  if (resultCode === 51 || resultCode === 52) return 'directory_unavailable';
  return resultCode === 32 ? 'user_unknown' : 'bind_refused';
}
