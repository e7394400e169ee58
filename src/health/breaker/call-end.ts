import { DomainError } from '../../platform/errors.ts';

/**
 * What a call says of the host it went to. `faulty`: something behind it answers and fails. Where the call tried a host that was
 * down, that shows that it is there again; else it says nothing, since a gateway may be failing in between.
 */
export type CallEnd =
  | { kind: 'worked' }
  | { kind: 'failed'; reason: string }
  | { kind: 'faulty' }
  | { kind: 'nothing' };

/** Codes of the guard that are the other side's fault: nobody answered, or nothing that is HTTP. */
const partnerFaults = new Set([
  'outbound_timeout',
  'outbound_connection_failed',
  'outbound_dns_failed',
  'outbound_tls_failed',
  'outbound_answer_invalid',
]);

/** Codes of the guard for an answer that it does not take: somebody has given it. */
const answers = new Set([
  'outbound_redirect_refused',
  'outbound_too_large',
  'outbound_encoding_refused',
  'outbound_body_invalid',
]);

/** Statuses with which something in front of an application says that it is not there (RFC 9110 §15.6.3–15.6.5). */
const gatewayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * What a call says of its host (RFC 9110 §15). Many schools and partners share one, so that only what befalls all of them counts:
 * nobody answered, or a gateway said so. A fault of the application counts for whoever asked, and does not show that all is well.
 * Being asked to slow down is said to one client, which waits by itself; what the guard refuses says nothing of the other side.
 */
export function decideCallEnd(end: { status: number } | { error: unknown }): CallEnd {
  if ('error' in end) {
    const code = end.error instanceof DomainError ? end.error.code : '';
    if (answers.has(code)) return { kind: 'worked' };
    return partnerFaults.has(code) ? { kind: 'failed', reason: code } : { kind: 'nothing' };
  }
  if (end.status === 429) return { kind: 'nothing' };
  if (gatewayStatuses.has(end.status)) return { kind: 'failed', reason: 'server_error' };
  // 501: the application is up and answers that it does not support the method (RFC 9110 §15.6.2).
  return end.status < 500 || end.status === 501 ? { kind: 'worked' } : { kind: 'faulty' };
}

/**
 * What a call to one tool says of its host: a gateway's status may be of the tool alone, behind an entry that it shares with
 * others, so that it says nothing.
 */
export function decideSharedEnd(end: { status: number } | { error: unknown }): CallEnd {
  return 'status' in end && gatewayStatuses.has(end.status) ? { kind: 'nothing' } : decideCallEnd(end);
}

export const hostDownCode = 'outbound_host_down';

/** The refusal of a call to a host that is down. Nothing has left the hub. @param until when to try again, Unix milliseconds */
export function hostDown(host: string, until: number): DomainError {
  return new DomainError(
    'upstream',
    hostDownCode,
    'The other server is down, and is left alone for a while. What waits is sent as soon as it answers again.',
    { details: { host, until } },
  );
}

/** When a call that was refused so may be made, in Unix milliseconds; undefined for any other error. */
export function readHostDown(error: unknown): number | undefined {
  if (!(error instanceof DomainError) || error.code !== hostDownCode) return undefined;
  const until = error.details?.until;
  return typeof until === 'number' ? until : undefined;
}
