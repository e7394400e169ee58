import { adviceFor, isReasonCode, type LmsFamily, type ReasonCode, reason } from '../reasons.ts';
import type { StoredLaunch } from './stored-launch.ts';
import type { Warning } from './warnings.ts';

export type { StoredLaunch } from './stored-launch.ts';
export { findLaunches, type LaunchFilter, listLaunches, searchLaunches } from './trace-store.ts';

export interface TraceStep {
  check: string;
  result: 'passed' | 'failed' | 'warned' | 'not_reached';
  /** Document and section the check obeys. */
  specification: string;
  note?: string;
}

export interface Explanation {
  steps: TraceStep[];
  /** What mends it, for an engineer. */
  advice: string | undefined;
}

interface Check {
  name: string;
  specification: string;
  reasons: readonly ReasonCode[];
}

/** Every check of a launch in the order it is made, with the reasons it refuses for. */
const everyCheck: readonly Check[] = [
  check('login_initiation', 'Security Framework 1.0 §5.1.1.1', [
    'login_parameter_missing',
    'login_parameter_invalid',
    'tenant_unknown',
  ]),
  check('registration', 'LTI Core 1.3 §3.1.2', [
    'issuer_unknown',
    'client_id_ambiguous',
    'registration_disabled',
    'registration_changed',
  ]),
  check('state', 'RFC 6749 §10.12', ['state_unknown', 'state_expired', 'platform_error']),
  check('token_header', 'Security Framework 1.0 §5.4', [
    'token_malformed',
    'alg_refused',
    'header_refused',
    'kid_missing',
  ]),
  check('signature', 'Security Framework 1.0 §5.1.3 (1)', [
    'kid_unknown',
    'jwks_unreachable',
    'signature_invalid',
  ]),
  check('issuer_and_audience', 'Security Framework 1.0 §5.1.3 (2–5)', [
    'issuer_mismatch',
    'audience_mismatch',
    'audience_untrusted',
    'azp_missing',
    'azp_mismatch',
  ]),
  check('times', 'Security Framework 1.0 §5.1.3 (7–8); RFC 7519 §4.1.5', [
    'exp_missing',
    'token_expired',
    'iat_missing',
    'iat_in_future',
    'iat_too_old',
    'not_valid_yet',
  ]),
  check('message', 'LTI Core 1.3 §5.3.1–5.3.3', [
    'nonce_missing',
    'version_missing',
    'version_wrong',
    'message_type_missing',
    'message_type_unsupported',
    'deployment_missing',
    'deployment_too_long',
  ]),
  check('resource_link_claims', 'LTI Core 1.3 §5.3.4–5.3.7', [
    'roles_missing',
    'roles_invalid',
    'resource_link_missing',
    'target_missing',
    'sub_missing',
    'claims_invalid',
  ]),
  check('submission_review', 'Submission Review 1.0, "LtiSubmissionReviewRequest claims"', [
    'for_user_missing',
    'review_line_item_missing',
    'review_context_missing',
  ]),
  check('content_request', 'LTI Deep Linking 2.0 §4.4.1', [
    'deep_linking_settings_missing',
    'deep_linking_return_url_invalid',
    'deep_linking_settings_invalid',
  ]),
  check('nonce', 'Security Framework 1.0 §5.1.3 (9)', ['nonce_mismatch']),
  check('browser', 'Security Framework 1.0 §5.1.1.5; RFC 6749 §10.12', ['browser_unproven']),
  check('deployment', 'LTI Core 1.3 §3.1.3', ['deployment_unknown']),
  check('target', 'LTI Core 1.3 §5.3.4', ['target_unknown', 'target_mismatch', 'tool_ambiguous']),
  check('tool', 'Hub: enablement', ['tool_not_enabled', 'tool_disabled', 'tool_not_chosen']),
  check('authorize_request', 'Security Framework 1.0 §5.1.1.2', [
    'client_unknown',
    'redirect_uri_mismatch',
    'scope_invalid',
    'response_type_unsupported',
    'response_mode_invalid',
    'prompt_invalid',
    'nonce_missing_from_tool',
    'nonce_invalid_from_tool',
    'state_too_long',
    'launch_abandoned',
  ]),
  check('hint', 'Security Framework 1.0 §5.1.1.2', [
    'hint_unknown',
    'hint_expired',
    'hint_mismatch',
    'login_hint_mismatch',
  ]),
  check('browser_at_authorize', 'Security Framework 1.0 §5.1.1.3', ['browser_unproven_at_authorize']),
];

function check(name: string, specification: string, reasons: readonly ReasonCode[]): Check {
  return { name, specification, reasons };
}

/** The check that each warning belongs to. */
const warned: Readonly<Record<Warning, string>> = {
  target_mismatch: 'target',
  browser_unproven: 'browser',
  resource_link_equals_context: 'resource_link_claims',
  ags_malformed: 'resource_link_claims',
  memberships_malformed: 'resource_link_claims',
  roles_left_out: 'resource_link_claims',
  custom_left_out: 'resource_link_claims',
  lti1p1_sign_wrong: 'message',
};

/** The last check of the first leg; a launch that has started passed all up to it. */
const lastInbound = 'tool';

/**
 * Tells a launch check by check. Checks are made in a fixed order and the first that fails ends the launch, so that
 * reason and state say which passed. One from the portal has no first leg: nothing is checked before the tool.
 */
export function explainLaunch(launch: StoredLaunch): Explanation {
  const checks = launch.facts.from === 'portal' ? everyCheck.slice(indexOf(lastInbound)) : everyCheck;
  const failed = checks.findIndex((each) => each.reasons.some((code) => code === launch.reason));
  const inbound = checks.length - everyCheck.length + indexOf(lastInbound) + 1;
  const reached = failed >= 0 ? failed : launch.state === 'opened' ? checks.length : inbound;
  const steps = checks.map((each, index): TraceStep => {
    const warnings = launch.warnings.filter((name) => warned[name as Warning] === each.name);
    const step = { check: each.name, specification: each.specification };
    if (index === failed) return { ...step, result: 'failed', note: launch.reason ?? '' };
    if (index > reached || (failed < 0 && index >= reached)) return { ...step, result: 'not_reached' };
    if (warnings.length > 0) return { ...step, result: 'warned', note: warnings.join(', ') };
    return { ...step, result: 'passed' };
  });
  const code = launch.reason;
  const family = (launch.facts.family ?? 'generic') as LmsFamily;
  if (code === undefined || !isReasonCode(code)) return { steps, advice: undefined };
  return { steps, advice: `${adviceFor(code, family)} (${reason(code).specification})` };
}

function indexOf(name: string): number {
  return everyCheck.findIndex((each) => each.name === name);
}

/** Reasons that no check claims: a test keeps this list to those that end a launch without one. */
export function reasonsWithoutCheck(codes: readonly ReasonCode[]): ReasonCode[] {
  return codes.filter((code) => !everyCheck.some((each) => each.reasons.includes(code)));
}
