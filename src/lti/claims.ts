/** Claim names of LTI 1.3 Core (§5.3, §5.4 and appendix). */
const lti = 'https://purl.imsglobal.org/spec/lti/claim';
const deepLinking = 'https://purl.imsglobal.org/spec/lti-dl/claim';

export const claim = {
  messageType: `${lti}/message_type`,
  version: `${lti}/version`,
  deploymentId: `${lti}/deployment_id`,
  targetLinkUri: `${lti}/target_link_uri`,
  resourceLink: `${lti}/resource_link`,
  roles: `${lti}/roles`,
  context: `${lti}/context`,
  toolPlatform: `${lti}/tool_platform`,
  roleScopeMentor: `${lti}/role_scope_mentor`,
  launchPresentation: `${lti}/launch_presentation`,
  lis: `${lti}/lis`,
  custom: `${lti}/custom`,
  /** Submission Review 1.0, "For user claim": whom the message is about. */
  forUser: `${lti}/for_user`,
  /** LTI 1.3 migration guide §2.3: what the same was called in LTI 1.1. */
  lti1p1: `${lti}/lti1p1`,
  /** AGS 2.0 §3.1. */
  agsEndpoint: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  /** NRPS 2.0 §3.6.1.1. */
  membershipService: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  /** LTI Course Groups Service 1.0, "Claim for inclusion in LTI messages". */
  groupsService: 'https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice',
  /** LTI Platform Notification Service 1.0. */
  noticeService: `${lti}/platformnotificationservice`,
  notice: `${lti}/notice`,
  originContexts: `${lti}/origin_contexts`,
  /** Deep Linking 2.0 §4.4, §4.5. */
  deepLinkingSettings: `${deepLinking}/deep_linking_settings`,
  contentItems: `${deepLinking}/content_items`,
  deepLinkingData: `${deepLinking}/data`,
  deepLinkingMessage: `${deepLinking}/msg`,
  deepLinkingLog: `${deepLinking}/log`,
  deepLinkingError: `${deepLinking}/errormsg`,
  deepLinkingErrorLog: `${deepLinking}/errorlog`,
} as const;

export type Payload = Readonly<Record<string, unknown>>;

/** Whether PostgreSQL can keep a text as it is: no NUL, no half of a surrogate pair. */
export function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

/** A claim as text; undefined when it is absent, empty, of another type or cannot be stored. */
export function text(value: unknown, maxLength = 2_000): string | undefined {
  if (typeof value !== 'string' || value.length === 0 || value.length > maxLength) return undefined;
  return isStorable(value) ? value : undefined;
}

/**
 * A claim as text for which some LMSs write the number of a row or of a person. It is taken as long as JSON has not rounded
 * it, since two rounded ones could be one, and not where it is 0: that is the number of whoever has none.
 */
export function textOfNumber(value: unknown, maxLength?: number): string | undefined {
  return text(Number.isSafeInteger(value) && Number(value) > 0 ? String(value) : value, maxLength);
}

/** An id as text of at most 255 characters (LTI Core §5.3.3, §5.3.5, §5.4.1), or as a number. */
export function idText(value: unknown): string | undefined {
  return textOfNumber(value, 255);
}

/**
 * A claim as text, or as a number, that an LMS fills in from its own records. Canvas sends the variable itself where its
 * school has no such number, and so the same one for everybody.
 */
export function filledIn(value: unknown, maxLength?: number): string | undefined {
  const given = textOfNumber(value, maxLength);
  return given !== undefined && /^\$[A-Z]\w*\.\S+$/i.test(given) ? undefined : given;
}

/** A claim as an object; empty when it is absent or of another type. */
export function record(value: unknown): Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {};
}

/** The strings of an array claim; empty when it is absent or of another type. */
export function texts(value: unknown, maxLength = 500): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => text(item, maxLength) !== undefined);
}
