import { isNothing } from '../../platform/absent.ts';
import { webAddress } from '../../platform/partner-values.ts';
import { claim, idText, type Payload, record, text } from '../claims.ts';
import type { DeepLinkingSettings } from '../deep-linking/settings.ts';
import type { ReasonCode } from '../reasons.ts';
import { takeForUser } from './for-user.ts';
import { longestTarget } from './target.ts';

export interface Expectations {
  issuer: string;
  clientId: string;
  /** Audiences beside ours that the registration trusts. */
  trustedAudiences: readonly string[];
  /** Unix seconds. */
  now: number;
  /** How old `iat` may be, in seconds. */
  iatWindow: number;
  /** How far the platform's clock may be from ours, in seconds. */
  skew: number;
  allowAnonymous: boolean;
}

const lineItemAddress = webAddress({ allowLoopback: true });

/** Messages that an LMS may send to the hub. */
const messageTypes = [
  'LtiResourceLinkRequest',
  'LtiDeepLinkingRequest',
  'LtiSubmissionReviewRequest',
  // Canvas sends the first name, later drafts have the second.
  'DataPrivacyLaunchRequest',
  'LtiDataPrivacyLaunchRequest',
] as const;
export type MessageType = (typeof messageTypes)[number];

/** What a payload that has passed its checks says. */
export interface CheckedClaims {
  nonce: string;
  deploymentId: string;
  messageType: MessageType;
  subject: string | undefined;
  /** What content is asked for, where that is the message. */
  deepLinking?: DeepLinkingSettings;
}

export type ClaimsResult = ({ ok: true } & CheckedClaims) | { ok: false; reason: ReasonCode };

/**
 * Checks the payload of a token whose signature is proven, in the order of the specifications, and names the
 * first rule it breaks. The nonce is returned: whether it is the one issued is settled by the database, in
 * the same statement that uses it up.
 */
export function checkClaims(payload: Payload, expected: Expectations): ClaimsResult {
  const reason =
    checkIssuerAndAudience(payload, expected) ??
    checkTimes(payload, expected) ??
    checkMessage(payload) ??
    checksOf[payload[claim.messageType] as MessageType](payload, expected);
  if (reason !== undefined) return { ok: false, reason };
  return {
    ok: true,
    nonce: payload.nonce as string,
    deploymentId: idText(payload[claim.deploymentId]) ?? '',
    messageType: payload[claim.messageType] as MessageType,
    subject: idText(payload.sub),
  };
}

/** Security Framework 1.0 §5.1.3 steps 1–4; OpenID Connect Core 1.0 §3.1.3.7. */
export function checkIssuerAndAudience(
  payload: Payload,
  expected: Pick<Expectations, 'issuer' | 'clientId' | 'trustedAudiences'>,
): ReasonCode | undefined {
  if (payload.iss !== expected.issuer) return 'issuer_mismatch';
  // One that is named twice is one.
  const audiences = [...new Set<unknown>(Array.isArray(payload.aud) ? payload.aud : [payload.aud])];
  if (!audiences.includes(expected.clientId)) return 'audience_mismatch';
  const trusted = [expected.clientId, ...expected.trustedAudiences];
  if (!audiences.every((audience) => trusted.some((each) => each === audience))) return 'audience_untrusted';
  if (audiences.length > 1 && isNothing(payload.azp)) return 'azp_missing';
  if (!isNothing(payload.azp) && payload.azp !== expected.clientId) return 'azp_mismatch';
  return undefined;
}

/** Security Framework 1.0 §5.1.3 steps 7–9; RFC 7519 §4.1.5, where the platform says from when on. */
export function checkTimes(
  payload: Payload,
  { now, iatWindow, skew }: Pick<Expectations, 'now' | 'iatWindow' | 'skew'>,
): ReasonCode | undefined {
  if (!isTime(payload.exp)) return 'exp_missing';
  if (payload.exp + skew <= now) return 'token_expired';
  if (!isTime(payload.iat)) return 'iat_missing';
  if (payload.iat - skew > now) return 'iat_in_future';
  if (payload.iat + iatWindow + skew < now) return 'iat_too_old';
  if (!isNothing(payload.nbf) && !(isTime(payload.nbf) && payload.nbf - skew <= now)) return 'not_valid_yet';
  if (typeof payload.nonce !== 'string' || payload.nonce === '') return 'nonce_missing';
  return undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** What every LTI message must say: LTI Core §5.3.1–5.3.3. */
function checkMessage(payload: Payload): ReasonCode | undefined {
  const version = payload[claim.version];
  if (isNothing(version)) return 'version_missing';
  if (version !== '1.3.0') return 'version_wrong';
  const messageType = payload[claim.messageType];
  if (typeof messageType !== 'string' || messageType === '') return 'message_type_missing';
  if (!messageTypes.some((known) => known === messageType)) return 'message_type_unsupported';
  const given = payload[claim.deploymentId];
  if (isNothing(given)) return 'deployment_missing';
  if (typeof given === 'string' && given.length > 255) return 'deployment_too_long';
  const deploymentId = idText(given);
  // §5.3.3: ASCII. It is shown to operators, so that control characters stay out.
  if (deploymentId === undefined || !/^[\x20-\x7e]+$/.test(deploymentId)) return 'claims_invalid';
  return undefined;
}

/** What a resource link launch must say besides: LTI Core §5.3.4–5.3.7. */
function checkResourceLinkRequest(payload: Payload, expected: Expectations): ReasonCode | undefined {
  const { id } = record(payload[claim.resourceLink]);
  const broken = checkRoles(payload);
  if (broken !== undefined) return broken;
  if (isNothing(id)) return 'resource_link_missing';
  return checkTargetAndSubject(payload, expected);
}

/** §5.3.7: the claim is required, the array may be empty; unknown and short role names are fine. */
function checkRoles(payload: Payload): ReasonCode | undefined {
  const roles = payload[claim.roles];
  if (roles === undefined || roles === null) return 'roles_missing';
  return areRoles(roles) ? undefined : 'roles_invalid';
}

/** Some LMSs write null for a role that they have no name for; it says nothing. */
function areRoles(roles: unknown): boolean {
  return Array.isArray(roles) && roles.every((role) => typeof role === 'string' || role === null);
}

function checkTargetAndSubject(payload: Payload, expected: Expectations): ReasonCode | undefined {
  const target = payload[claim.targetLinkUri];
  if (typeof target !== 'string' || target === '') return 'target_missing';
  // §5.3.6: without sub the launch is anonymous; Core accepts it, the certification suite lists it as bad.
  if (isNothing(payload.sub)) {
    return expected.allowAnonymous ? checkStorable(payload) : 'sub_missing';
  }
  return checkStorable(payload);
}

/**
 * Submission Review 1.0, "LtiSubmissionReviewRequest claims": as a resource link launch, and whose submission of which line item; the link is named where the
 * line item has one.
 */
function checkSubmissionReviewRequest(payload: Payload, expected: Expectations): ReasonCode | undefined {
  const { lineitem } = record(payload[claim.agsEndpoint]);
  return (
    checkRoles(payload) ??
    checkTargetAndSubject(payload, expected) ??
    (takeForUser(payload) === undefined ? 'for_user_missing' : undefined) ??
    // One that is no address would be left out later, and the tool would not know what is to be reviewed.
    (lineItemAddress.safeParse(lineitem).success ? undefined : 'review_line_item_missing') ??
    // The tool reaches line items by their course, at the hub as at most LMSs.
    (idText(record(payload[claim.context]).id) === undefined ? 'review_context_missing' : undefined)
  );
}

/**
 * A data privacy launch is about an account, not a course: no link, and an administrator who need not be named. Whose data it
 * is about may be said.
 */
function checkDataPrivacyRequest(payload: Payload, expected: Expectations): ReasonCode | undefined {
  return checkRoles(payload) ?? checkTargetAndSubject(payload, { ...expected, allowAnonymous: true });
}

/** Deep Linking 2.0 §4.4: of whom and where, nothing is required; what is there has to be well formed. */
function checkDeepLinkingRequest(payload: Payload): ReasonCode | undefined {
  const roles = payload[claim.roles];
  if (roles !== undefined && roles !== null && !areRoles(roles)) return 'roles_invalid';
  return checkStorable(payload);
}

/** What each message must say besides. */
const checksOf: Record<MessageType, (payload: Payload, expected: Expectations) => ReasonCode | undefined> = {
  LtiResourceLinkRequest: checkResourceLinkRequest,
  LtiDeepLinkingRequest: checkDeepLinkingRequest,
  LtiSubmissionReviewRequest: checkSubmissionReviewRequest,
  DataPrivacyLaunchRequest: checkDataPrivacyRequest,
  LtiDataPrivacyLaunchRequest: checkDataPrivacyRequest,
};

/** Ids are at most 255 characters (LTI Core §5.3.5, §5.4.1); what could not be stored unaltered is refused. */
function checkStorable(payload: Payload): ReasonCode | undefined {
  const ids = [payload.sub, payload[claim.deploymentId], record(payload[claim.resourceLink]).id];
  const contextId = record(payload[claim.context]).id;
  const stored = [...ids, contextId].every((id) => isNothing(id) || idText(id) !== undefined);
  const target = payload[claim.targetLinkUri];
  const targetFits = isNothing(target) || text(target, longestTarget) !== undefined;
  return stored && targetFits ? undefined : 'claims_invalid';
}
