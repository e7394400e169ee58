import { ConnectorError } from '../../../../contracts/connector.ts';
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
