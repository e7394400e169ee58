const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';

/** Scopes of Assignment and Grade Services (AGS 2.0 §4.1). */
export const agsScope = {
  lineItem: `${ags}/lineitem`,
  lineItemReadonly: `${ags}/lineitem.readonly`,
  resultReadonly: `${ags}/result.readonly`,
  score: `${ags}/score`,
} as const;

export const agsScopes: readonly string[] = Object.values(agsScope);

/** Scope of Names and Role Provisioning Services (NRPS 2.0 §2.5). */
export const membershipScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';

/** Scope of the LTI Course Groups Service 1.0. */
export const groupScope = 'https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly';

/** Scope of the LTI Platform Notification Service 1.0. */
export const noticeScope = 'https://purl.imsglobal.org/spec/lti/scope/noticehandlers';

/** Everything that access tokens of the hub can be for (RFC 6749 §3.3). */
export const serviceScopes: readonly string[] = [...agsScopes, membershipScope, groupScope, noticeScope];
