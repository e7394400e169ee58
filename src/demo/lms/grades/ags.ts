const scope = 'https://purl.imsglobal.org/spec/lti-ags/scope/';

/** What a tool may be allowed at a gradebook. AGS 2.0 §4.1. */
export const scopes = {
  lineItem: `${scope}lineitem`,
  lineItemReadonly: `${scope}lineitem.readonly`,
  resultReadonly: `${scope}result.readonly`,
  score: `${scope}score`,
} as const;

/** Media types of requests and answers. AGS 2.0 §3.2 to §3.4. */
export const mediaTypes = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
} as const;

/** AGS 2.0 §3.4.7. */
export const activityProgresses = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed'] as const;
/** AGS 2.0 §3.4.8. */
export const gradingProgresses = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady'] as const;

export const endpointClaim = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
