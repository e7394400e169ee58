import { check, type OidcCheck } from './check.ts';
import type { OidcConnection } from './connection.ts';
import type { Provider } from './provider.ts';
import type { OidcReason } from './reasons.ts';
import { Refusal } from './refusal.ts';

/** Codes of Entra ID are about 1,500 characters. */
const longestCode = 8_000;

/**
 * Reads what came back to the callback address (OpenID Connect Core 1.0 §3.1.2.5, §3.1.2.6).
 *
 * @param query as it came; a repeated parameter is a list
 * @throws Refusal `answer_malformed`, `issuer_parameter`, and those of `reasonOfError`
 */
export function readAnswer(
  query: Readonly<Record<string, unknown>>,
  provider: Provider,
  connection: Pick<OidcConnection, 'redirectUri'>,
): { code: string; checks: OidcCheck[] } {
  const { iss, error, code } = query;
  for (const value of [iss, error, code]) {
    // RFC 6749 §3.1: no parameter more than once.
    if (value !== undefined && typeof value !== 'string') {
      throw new Refusal('answer_malformed', 'each parameter once', 'a repeated one');
    }
  }
  const issuer = checkIssuer(iss as string | undefined, provider);
  if (!issuer.passed) throw new Refusal('issuer_parameter', provider.issuer, issuer.found ?? 'nothing');
  if (typeof error === 'string') {
    const known = /^[a-z_]{1,60}$/.test(error) ? error : 'an error';
    throw new Refusal(reasonOfError(error), 'a code', known);
  }
  if (typeof code !== 'string' || code === '' || code.length > longestCode) {
    throw new Refusal('answer_malformed', `a code at ${connection.redirectUri}`);
  }
  return { code, checks: [issuer] };
}

/** RFC 9207 §2.4: keeps an answer of one provider from being taken for another's. */
function checkIssuer(iss: string | undefined, { issuer, namesItself }: Provider): OidcCheck {
  const passed = iss === undefined ? !namesItself : iss === issuer;
  return check('issuer_parameter', passed, namesItself ? issuer : `${issuer}, or none`, iss);
}

/** RFC 6749 §4.1.2.1 and OpenID Connect Core 1.0 §3.1.2.6. */
const reasonsOfErrors: Partial<Record<string, OidcReason>> = {
  access_denied: 'declined',
  login_required: 'interaction_required',
  interaction_required: 'interaction_required',
  account_selection_required: 'interaction_required',
  consent_required: 'interaction_required',
  server_error: 'provider_unavailable',
  temporarily_unavailable: 'provider_unavailable',
};

function reasonOfError(error: string): OidcReason {
  return (Object.hasOwn(reasonsOfErrors, error) ? reasonsOfErrors[error] : undefined) ?? 'request_refused';
}
