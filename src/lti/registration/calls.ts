import { DomainError } from '../../platform/errors.ts';
import { parseJson } from '../../platform/http/json.ts';
import type { OutboundFetch, OutboundRequest, OutboundResponse } from '../../platform/outbound/fetch.ts';
import { isRefusedAddress } from '../lms/token-fault.ts';
import type { RegistrationReason } from '../reasons/registration.ts';

/** Largest document of a platform, in bytes: a hundred placements and variables take about 10 kB. */
const mostBytes = 256 * 1024;
const withinMs = 15_000;

/** What a refusal and an unreadable answer are called at this step. */
interface StepReasons {
  refused: RegistrationReason;
  invalid: RegistrationReason;
}

export type CallAnswer =
  | { ok: true; document: unknown }
  | { ok: false; reason: RegistrationReason; httpStatus?: number };

/** Asks a platform for its OpenID configuration (LTI Dynamic Registration 1.0 §3.4). */
export function fetchConfiguration(
  fetch: OutboundFetch,
  url: string,
  registrationToken: string | undefined,
): Promise<CallAnswer> {
  const reasons: StepReasons = {
    refused: 'registration_configuration_refused',
    invalid: 'registration_configuration_invalid',
  };
  // Canvas wants its token here as well.
  return call(fetch, { url, headers: headersWith(registrationToken) }, reasons);
}

/** Hands the hub's own configuration in (LTI Dynamic Registration 1.0 §3.5.2; RFC 7591 §3.1). Never repeated. */
export function sendRegistration(
  fetch: OutboundFetch,
  url: string,
  registrationToken: string | undefined,
  configuration: Record<string, unknown>,
): Promise<CallAnswer> {
  const headers = { ...headersWith(registrationToken), 'content-type': 'application/json' };
  const request: OutboundRequest = { url, method: 'POST', headers, body: JSON.stringify(configuration) };
  return call(fetch, request, { refused: 'registration_refused', invalid: 'registration_answer_invalid' });
}

/** Brightspace gives no token here: it stands in the address of the configuration. */
function headersWith(registrationToken: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    ...(registrationToken !== undefined && { authorization: `Bearer ${registrationToken}` }),
  };
}

async function call(
  fetch: OutboundFetch,
  request: OutboundRequest,
  reasons: StepReasons,
): Promise<CallAnswer> {
  let response: OutboundResponse;
  try {
    response = await fetch({ ...request, maxBytes: mostBytes, timeoutMs: withinMs });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const reason = reasonOf(error.code, reasons);
    if (reason === undefined) throw error;
    return { ok: false, reason };
  }
  const { status } = response;
  if (status < 200 || status >= 300) return { ok: false, reason: reasons.refused, httpStatus: status };
  try {
    return { ok: true, document: parseJson(response.body) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ok: false, reason: reasons.invalid, httpStatus: status };
  }
}

/** What the guard's code means here; undefined for a fault of the hub's own. */
function reasonOf(code: string, { invalid }: StepReasons): RegistrationReason | undefined {
  if (code === 'outbound_redirect_refused') return 'registration_redirected';
  if (isRefusedAddress(code)) return 'registration_address_refused';
  switch (code) {
    case 'outbound_too_large':
      return 'registration_too_large';
    case 'outbound_timeout':
      return 'registration_timed_out';
    case 'outbound_tls_failed':
      return 'registration_tls_failed';
    case 'outbound_dns_failed':
    case 'outbound_connection_failed':
    case 'outbound_aborted':
      return 'registration_unreachable';
    case 'outbound_answer_invalid':
    case 'outbound_encoding_refused':
      return invalid;
    case 'outbound_request_invalid':
      return 'registration_request_invalid';
    default:
      return undefined;
  }
}
