/** Words that the hub and its HTTP API share about LMSs. */

/** The LMSs the hub knows by name; `generic` is any other that speaks LTI 1.3. */
export const familyNames = [
  'canvas',
  'moodle',
  'blackboard',
  'brightspace',
  'schoology',
  'sakai',
  'generic',
] as const;
export type FamilyName = (typeof familyNames)[number];

/** How an LMS's authorization endpoint is called (OpenID Connect Core §3.1.2.1). */
export const authorizeMethods = ['GET', 'POST'] as const;

/** How it is known that a domain is a school's: the hub was found there, or an operator has vouched for it. */
export const domainProofs = ['reached', 'vouched'] as const;

/** What may have to be copied from an LMS beside the client ID, in the order in which it is asked for. */
export const bringableFields = ['issuer', 'authorizeUrl', 'tokenUrl', 'jwksUrl'] as const;
export type BringableField = (typeof bringableFields)[number];
