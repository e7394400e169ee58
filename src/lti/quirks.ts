import type { GradeReason } from '../grades/destination.ts';
import type { LmsFamily } from './reasons.ts';

/** How one LMS family differs from the specification in ways that code must know, each with its reason. */
export interface Quirks {
  /** Keeps browser data only for a frame that announced itself by `org.sakailms.lti.prelaunch`. */
  prelaunch: boolean;
  /** Sends the course's id as resource_link.id from module and SpeedGrader launches. */
  resourceLinkMayEqualContext: boolean;
  /** Signs launches whose target_link_uri claim differs from the login's value. */
  targetMayDiffer: boolean;
  grades: GradeQuirks;
  memberships: MembershipQuirks;
}

/** Differences of a class list (NRPS 2.0). */
export interface MembershipQuirks {
  /** Whether it can be asked for the members of one link (`rlid`); else those of the course are shown. */
  byLink: boolean;
  /** Whether `limit` can be asked for; else it sends what it sends, and the hub makes pages of it. */
  pages: boolean;
}

/** What an answer to a service call looks like. */
export interface AnswerPattern {
  status: number;
  /** What its body says; any body where absent. */
  says?: RegExp;
  /** A header with its value; whatever the body then says. */
  header?: readonly [name: string, value: RegExp];
}

/** What an answer to a score means, where its status alone does not tell. */
export interface AnswerMeaning extends AnswerPattern {
  kind: 'superseded' | 'permanent' | 'throttled' | 'configuration';
  reason: GradeReason;
}

/** Points above the maximum, and points that are not final, which an LMS may leave out (AGS 2.0 §3.4.8). */
export type ShownOtherwise = 'above_maximum' | 'not_fully_graded';

/** Differences of a gradebook (AGS 2.0). */
export interface GradeQuirks {
  /** Scores it takes lightly: so many a second, and so many at once. */
  rate: { perSecond: number; burst: number };
  /** Compares timestamps by the whole second and refuses an equal one. */
  comparesWholeSeconds: boolean;
  /** Sending a score again can add an attempt or a comment that the learner sees, so doubt is settled by reading. */
  repeatsShow: boolean;
  /** Every score counts as a new attempt unless the member of this name says otherwise. */
  submissionMember: string | undefined;
  /** How many entries to ask for on a page; undefined: it is not asked, and sends all. */
  pageSize: number | undefined;
  /** Whether `user_id` (AGS 2.0 §3.3.5) can be asked for. */
  filtersByUser: boolean;
  /** What of a score it takes without a word and shows otherwise. */
  shownOtherwise: readonly ShownOtherwise[];
  /** Answers beside 401 that mean "get another token". */
  staleToken: readonly AnswerPattern[];
  /** Looked through in order, before what AGS and HTTP say of a status. */
  answers: readonly AnswerMeaning[];
}

/** An older timestamp than the stored one is 409 (AGS 2.0 §3.4.9); some say 400. */
const older = /timestamp.*(older|earlier|before|newer|later)|(older|earlier|before|newer|later).*timestamp/is;
const olderAs400: AnswerMeaning = {
  status: 400,
  says: older,
  kind: 'superseded',
  reason: 'older_than_stored',
};

const gradesByTheBook: GradeQuirks = {
  // A school's own server: more at once would be felt by those who learn on it.
  rate: { perSecond: 10, burst: 30 },
  comparesWholeSeconds: false,
  repeatsShow: false,
  submissionMember: undefined,
  pageSize: 100,
  filtersByUser: true,
  shownOtherwise: [],
  staleToken: [],
  answers: [olderAs400],
};

const membershipsByTheBook: MembershipQuirks = { byLink: true, pages: true };

const none: Quirks = {
  prelaunch: false,
  resourceLinkMayEqualContext: false,
  targetMayDiffer: false,
  grades: gradesByTheBook,
  memberships: membershipsByTheBook,
};

const canvas: GradeQuirks = {
  ...gradesByTheBook,
  // Its quota refills faster than one caller at a time can use it; each parallel call costs a surcharge at first.
  rate: { perSecond: 20, burst: 40 },
  // A score with new_submission, its default, is a new and perhaps late attempt; an equal timestamp is applied again.
  repeatsShow: true,
  submissionMember: 'https://canvas.instructure.com/lti/submission',
  answers: [
    // The tool was taken out of this one course: neither another token nor a pause of the connection helps.
    { status: 401, says: /not linked to a tool/i, kind: 'permanent', reason: 'access_denied' },
    { status: 403, says: /rate limit exceeded/i, kind: 'throttled', reason: 'throttled' },
    // What is left of the quota, a decimal number, may be below nought.
    {
      status: 403,
      header: ['x-rate-limit-remaining', /^(-.*|0+(\.0*)?)$/],
      kind: 'throttled',
      reason: 'throttled',
    },
    { status: 422, says: /concluded|unpublished/i, kind: 'permanent', reason: 'course_closed' },
    // Student View and people who are no students here: "User not found in course or is not a student".
    { status: 422, says: /user not found|not a student/i, kind: 'permanent', reason: 'person_not_gradable' },
    // Its answer for a line item of another tool or link.
    { status: 412, kind: 'permanent', reason: 'access_denied' },
    olderAs400,
  ],
};

const moodle: GradeQuirks = {
  ...gradesByTheBook,
  // `strtotime` cuts the fraction off, and an equal second is refused like an older one.
  comparesWholeSeconds: true,
  // Asked for pages, it writes `&amp;` into the next address, which then names the first page again.
  pageSize: undefined,
  // It writes no grade where gradingProgress is another than FullyGraded, and cuts at the maximum of the column.
  shownOtherwise: ['not_fully_graded', 'above_maximum'],
  answers: [
    // No text comes with it: the score is well formed when it leaves here, so it is the person.
    { status: 400, kind: 'permanent', reason: 'person_unknown' },
    // "Line item does not exist", "Invalid LTI id supplied"; missing rights are 401.
    { status: 403, kind: 'permanent', reason: 'line_item_gone' },
  ],
};

const brightspace: GradeQuirks = {
  ...gradesByTheBook,
  // 50,000 credits a minute for an integration, ten for a call, shared with whatever else it does.
  rate: { perSecond: 40, burst: 100 },
  answers: [
    // The role lacks "Can be graded in Grades".
    { status: 422, kind: 'permanent', reason: 'person_not_gradable' },
    // Not enrolled (any more).
    { status: 403, kind: 'permanent', reason: 'person_unknown' },
    { status: 404, says: /user|enrol/i, kind: 'permanent', reason: 'person_unknown' },
    olderAs400,
  ],
};

const blackboard: GradeQuirks = {
  ...gradesByTheBook,
  rate: { perSecond: 20, burst: 50 },
  // Results asked for by person come without their comments.
  filtersByUser: false,
  answers: [
    { status: 404, says: /user|member/i, kind: 'permanent', reason: 'person_unknown' },
    { status: 400, says: /user|member/i, kind: 'permanent', reason: 'person_unknown' },
    olderAs400,
  ],
};

/** It answers 400 with a sentence in `error` to everything it refuses. */
const sakai: GradeQuirks = {
  ...gradesByTheBook,
  staleToken: [
    { status: 403, says: /invalid_authorization|signature|expired/i },
    { status: 400, says: /invalid_authorization|signature/i },
  ],
  answers: [
    // Its word for a token it does not take, where others say 401.
    { status: 403, says: /invalid_authorization/i, kind: 'configuration', reason: 'access_denied' },
    { status: 400, says: /scope .* not in access token/i, kind: 'configuration', reason: 'scope_missing' },
    { status: 400, says: /does not belong to site/i, kind: 'permanent', reason: 'person_unknown' },
    {
      status: 400,
      says: /could not load|missing tool|mismatch/i,
      kind: 'permanent',
      reason: 'line_item_gone',
    },
    olderAs400,
  ],
};

const families: Record<LmsFamily, Quirks> = {
  canvas: { ...none, resourceLinkMayEqualContext: true, grades: canvas },
  // Its "secure tool URL" is signed where the login named the plain one.
  moodle: {
    ...none,
    targetMayDiffer: true,
    grades: moodle,
    // As with grades: the address of its second page names the first one again.
    memberships: { ...membershipsByTheBook, pages: false },
  },
  blackboard: { ...none, grades: blackboard },
  brightspace: { ...none, grades: brightspace },
  // One service for all schools, which limits each integration.
  schoology: {
    ...none,
    grades: { ...gradesByTheBook, rate: { perSecond: 5, burst: 20 } },
    // It answers 400 to `rlid`.
    memberships: { ...membershipsByTheBook, byLink: false },
  },
  sakai: { ...none, prelaunch: true, grades: sakai },
  generic: none,
};

/** The differences of a family. */
export function quirksOf(family: LmsFamily): Quirks {
  return families[family];
}

/** Whether an answer is the one described. Header names are lower-case. */
export function fitsPattern(
  answer: { status: number; text: string; headers: Readonly<Record<string, string>> },
  { status, says, header }: AnswerPattern,
): boolean {
  if (answer.status !== status) return false;
  if (header !== undefined && !header[1].test(answer.headers[header[0]] ?? '')) return false;
  return says === undefined || says.test(answer.text);
}
