import type { GradeReason } from '../../grades/destination.ts';
import { defined } from '../../platform/defined.ts';

/** Why there is no access token. */
export interface TokenFault {
  /** `configuration`: nothing helps before somebody changes the settings, here or at the LMS. */
  kind: 'temporary' | 'configuration';
  reason: GradeReason;
  httpStatus?: number;
  retryAfterMs?: number;
  /** Nobody was asked, since the host is down: not before this moment, in Unix milliseconds. */
  waitUntil?: number;
}

/** What came of asking a token endpoint. */
export type TokenAnswer =
  | { kind: 'answered'; status: number; text: string; retryAfterMs: number | undefined }
  /** No answer: the code that the outbound guard gives. */
  | { kind: 'failed'; code: string; waitUntil?: number };

/** Settings that the guard refuses, so that trying again is of no use. */
const refusedAddress =
  /^outbound_(address_refused|scheme_refused|url_invalid|url_credentials_refused|redirect_refused)$/;

/** Whether the guard will refuse this address as long as it is set. */
export function isRefusedAddress(code: string): boolean {
  return refusedAddress.test(code);
}

/** Decides what an unsuccessful answer of a token endpoint means (RFC 6749 §5.2). */
export function decideTokenFault(answer: TokenAnswer): TokenFault {
  if (answer.kind === 'failed') return decideFailure(answer);
  const { status, text, retryAfterMs } = answer;
  const configuration = (reason: GradeReason): TokenFault => ({
    kind: 'configuration',
    reason,
    httpStatus: status,
  });
  // Canvas throttles by 403. A success without a token is no passing fault: most often the address is that of a page.
  const isPassing = status >= 500 || status === 408 || status === 425 || status === 429;
  if (isPassing || (status === 403 && /rate limit/i.test(text))) {
    return {
      kind: 'temporary',
      reason: 'token_unavailable',
      httpStatus: status,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
  // invalid_client, unauthorized_client and the like; Brightspace says invalid_grant of an assertion it refuses.
  return configuration(errorOf(text) === 'invalid_scope' ? 'scope_missing' : 'token_refused');
}

function decideFailure({ code, waitUntil }: TokenAnswer & { kind: 'failed' }): TokenFault {
  if (isRefusedAddress(code)) return { kind: 'configuration', reason: 'address_refused' };
  if (code === 'outbound_tls_failed') return { kind: 'temporary', reason: 'tls_failed' };
  return { kind: 'temporary', reason: 'token_unavailable', ...defined({ waitUntil }) };
}

function errorOf(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  } catch {
    return undefined;
  }
}
