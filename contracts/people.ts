/** Words that the hub and its HTTP API share about who is one person and who is not. */

/** Why somebody should look at it. */
export const reviewReasons = [
  'email_only',
  'several_hits',
  'same_connection',
  'student_and_adult',
  'recycled_identifier',
  'recycled_sourced_id',
  'both_known',
] as const;
export type ReviewReason = (typeof reviewReasons)[number];

export const reviewStates = ['open', 'joined', 'kept_apart', 'dismissed'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** What of people an operator may ask to be shown: what they are called, and what LMSs and rosters call them. */
export const shownOfPeople = ['names', 'identifiers'] as const;
export type Shown = (typeof shownOfPeople)[number];

/** What identities of other connections are compared by: the SIS's id as an LMS claims it, or their own subject. */
export const linkFields = ['lisPersonSourcedId', 'subject'] as const;
