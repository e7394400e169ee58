import { ResultCodeError } from 'ldapts';
import { DomainError } from '../../platform/errors.ts';
import { type LdapReason, ldapReason } from './reasons.ts';

export interface DirectoryErrorOptions {
  cause?: unknown;
  host?: string;
  /** RFC 4511 §4.1.9. */
  resultCode?: number;
  /** Whether another server may do better. */
  isServersFault?: boolean;
}

/** What went wrong with a directory: its code is a reason of sign-ins. */
export class DirectoryError extends DomainError {
  readonly reason: LdapReason;
  /** The connection, a time-out, or the results 51 and 52: only these are worth another server. */
  readonly isServersFault: boolean;

  constructor(reason: LdapReason, options: DirectoryErrorOptions = {}) {
    const { cause, host, resultCode, isServersFault = false } = options;
    super('upstream', reason, ldapReason(reason).advice, {
      cause,
      details: { ...(host !== undefined && { host }), ...(resultCode !== undefined && { resultCode }) },
    });
    this.reason = reason;
    this.isServersFault = isServersFault;
  }
}

/** The reasons of result codes that mean the same for every operation (RFC 4511 §4.1.9, appendix A.2). */
const byResultCode: Readonly<Record<number, LdapReason>> = {
  3: 'directory_timeout',
  4: 'search_limit',
  8: 'security_required',
  10: 'referral_refused',
  11: 'search_limit',
  13: 'security_required',
  32: 'base_missing',
  50: 'search_refused',
  51: 'directory_unavailable',
  52: 'directory_unavailable',
};

/** The reason of a result that the directory gave, where it means the same for every operation. */
export function findResultReason(resultCode: number): LdapReason | undefined {
  return byResultCode[resultCode];
}

/** The result code of an error of the LDAP client; undefined: there was no answer. */
export function readResultCode(error: unknown): number | undefined {
  return error instanceof ResultCodeError ? error.code : undefined;
}

/** Names what went wrong while a connection was opened, by codes and never by texts. */
export function toConnectError(error: unknown, host: string): DirectoryError {
  if (error instanceof DirectoryError) return error;
  return new DirectoryError(connectReason(error), { cause: error, host, isServersFault: true });
}

function connectReason(error: unknown): LdapReason {
  if (!(error instanceof DomainError)) return 'directory_unreachable';
  if (error.code === 'outbound_timeout') return 'directory_timeout';
  if (error.code === 'outbound_dns_failed') return 'name_not_resolved';
  if (error.code === 'outbound_address_refused') return 'address_refused';
  return error.code === 'outbound_tls_failed' ? certificateReason(error.cause) : 'directory_unreachable';
}

/** OpenSSL's verification results, as Node.js names them (`tls`, "X509 certificate error codes"). */
function certificateReason(cause: unknown): LdapReason {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') return 'certificate_name';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'certificate_expired';
  const isUntrusted = /^(?:DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA$|INVALID_PURPOSE$|CERT_)/.test(
    code,
  );
  return isUntrusted ? 'certificate_untrusted' : 'tls_failed';
}
