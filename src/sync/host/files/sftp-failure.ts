import { ConnectorError } from '../../../../contracts/connector.ts';
import { type CallEnd, decideCallEnd } from '../../../health/breaker/call-end.ts';
import { DomainError } from '../../../platform/errors.ts';
import { codeOf, missing, wrongSettings } from './failures.ts';

/** What was seen of a connection that failed. */
export interface SftpTrace {
  /** SHA-256 of the key that the server has shown, where it is not the pinned one. */
  strangeKey: string | undefined;
  /** Where the failure arose, as the client calls it (ssh2, `error` event). */
  level: string | undefined;
  /** Whether the server was heard of at all: before that only the settings can be at fault. */
  hasAnswered: boolean;
}

/** Protocol's own numbers (draft-ietf-secsh-filexfer-02 §7). */
const noSuchFile = '2';
const permissionDenied = '3';

/** Says what a failure of SFTP means, by where it arose and its code. */
export function toSftpFailure(error: unknown, trace: SftpTrace): unknown {
  if (error instanceof ConnectorError) return error;
  if (trace.strangeKey !== undefined) {
    return wrongSettings(
      'sftp_host_key_differs',
      `The server shows the key SHA256:${trace.strangeKey}, which is not the one in the settings. Ask whoever runs the server whether it has changed, and only then enter the new one.`,
    );
  }
  if (trace.level === 'client-authentication') {
    return wrongSettings(
      'sftp_sign_in_refused',
      'The server refuses the user name with this password or key.',
      error,
    );
  }
  const code = codeOf(error);
  if (code === noSuchFile || code === 'ENOENT') {
    return missing(
      'sftp_path_missing',
      'The path is not there on the server. Check it; it counts from where the account begins.',
    );
  }
  if (code === permissionDenied || code === 'EACCES') {
    return new ConnectorError(
      'refused',
      'sftp_not_allowed',
      'The account may not read this path. Allow it on the server.',
    );
  }
  if (!trace.hasAnswered && trace.level === undefined && code === '') {
    return wrongSettings(
      'sftp_settings_invalid',
      'The settings for SFTP cannot be used. Check the private key: it must be whole, and without a passphrase.',
      error,
    );
  }
  return new ConnectorError(
    'unavailable',
    'sftp_unreachable',
    'The SFTP server cannot be reached, or has ended the connection. The run goes on later.',
    { cause: error },
  );
}

/**
 * What trying to get in says of a server. One that has shown its key is up, whatever it says then; what only the settings can
 * be at fault for, and what we have ended ourselves, says nothing.
 */
export function decideSftpEnd(
  end: { error: unknown } | undefined,
  { level, hasAnswered }: SftpTrace,
  isStopped: boolean,
): CallEnd {
  if (end === undefined || hasAnswered) return { kind: 'worked' };
  if (isStopped) return { kind: 'nothing' };
  if (end.error instanceof DomainError) return decideCallEnd(end);
  // A connection that is closed before any key came, as a proxy before a dead server does it.
  return level === undefined && codeOf(end.error) === ''
    ? { kind: 'nothing' }
    : { kind: 'failed', reason: 'sftp_unreachable' };
}
