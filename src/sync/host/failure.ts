import { ConnectorError, type ConnectorFailure } from '../../../contracts/connector.ts';
import { DomainError } from '../../platform/errors.ts';
import { isPassingDnsFailure } from './repeat.ts';

/** What a refusal of the guard means for a run. */
const failures: Readonly<Record<string, ConnectorFailure>> = {
  outbound_url_invalid: 'settings',
  outbound_url_credentials_refused: 'settings',
  outbound_scheme_refused: 'settings',
  outbound_address_refused: 'settings',
  outbound_request_invalid: 'settings',
  outbound_redirect_refused: 'settings',
  outbound_dns_failed: 'settings',
  outbound_tls_failed: 'settings',
  outbound_timeout: 'unavailable',
  outbound_connection_failed: 'unavailable',
  outbound_host_down: 'unavailable',
  outbound_too_large: 'answer_invalid',
  outbound_encoding_refused: 'answer_invalid',
  outbound_answer_invalid: 'answer_invalid',
  outbound_body_invalid: 'answer_invalid',
};

/** Turns what the guard has thrown into the one error of connectors, by its code. Anything else is a mistake of ours. */
export function toConnectorError(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  const failure = isPassingDnsFailure({ errorCode: error.code, cause: causeCode(error) })
    ? 'unavailable'
    : failures[error.code];
  if (failure === undefined) return error;
  return new ConnectorError(failure, error.code, error.message, { cause: error });
}

/** The code of the operating system or a library that stands below an error; empty where there is none. */
export function causeCode(error: Error): string {
  const cause = error.cause;
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  return typeof cause.code === 'string' ? cause.code : '';
}
