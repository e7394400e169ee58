import { errors } from 'undici';
import { DomainError } from '../errors.ts';

const timeoutCodes = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/** Certificate verification results of OpenSSL that carry no common prefix (Node.js `tls` documentation). */
const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'EPROTO',
]);

const tlsPrefix = /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_)/;

/** Answers that break their own framing or compression. */
const malformedAnswer = /^(?:Z_|ERR__ERROR|ERR_BROTLI|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH)/;

const invalidRequestCodes = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/** Turns whatever an attempt threw into the hub's own error, by its code and never by its text. */
export function toOutboundError(error: unknown, host: string): DomainError {
  if (error instanceof DomainError) return error;
  const code = readCode(error);
  const options = { cause: error, details: { host } };
  if (timeoutCodes.has(code)) return timeoutError(host, error);
  if (certificateCodes.has(code) || tlsPrefix.test(code)) {
    return new DomainError(
      'upstream',
      'outbound_tls_failed',
      'No secure connection could be made. Check the certificate of the other server.',
      options,
    );
  }
  if (error instanceof errors.HTTPParserError || malformedAnswer.test(code)) {
    return new DomainError(
      'upstream',
      'outbound_answer_invalid',
      'The other server sent an answer that is not valid HTTP.',
      // The parser's error carries the raw bytes of the answer, so it is not kept as cause.
      { details: options.details },
    );
  }
  if (invalidRequestCodes.has(code)) {
    return new DomainError(
      'input',
      'outbound_request_invalid',
      'The call could not be written as a valid HTTP request. Check its headers for stray characters.',
      options,
    );
  }
  return new DomainError(
    'upstream',
    'outbound_connection_failed',
    'The other server could not be reached. Try again later.',
    options,
  );
}

/** The failure of a call that took longer than it may. */
export function timeoutError(host: string, cause?: unknown): DomainError {
  return new DomainError('upstream', 'outbound_timeout', 'The other server took too long to answer.', {
    cause,
    details: { host },
  });
}

function readCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
