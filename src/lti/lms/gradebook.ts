import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { ReadResult } from '../../grades/destination.ts';

/** A line item as an LMS shows it (AGS 2.0 §3.2), without what AGS does not know. */
export interface LmsLineItem {
  /** Its address at the LMS. */
  id: string;
  label: string;
  scoreMaximum: number;
  /** The LMS's id of the link. */
  resourceLinkId?: string | undefined;
  resourceId?: string | undefined;
  tag?: string | undefined;
  startDateTime?: string | undefined;
  endDateTime?: string | undefined;
  gradesReleased?: boolean | undefined;
  /** How the LMS opens submissions (LTI Submission Review 1.0), as it came. */
  submissionReview?: Readonly<Record<string, unknown>> | undefined;
  /** Members of extensions, as they came. */
  extensions: Readonly<Record<string, unknown>>;
}

export type NewLmsLineItem = Omit<LmsLineItem, 'id'>;

/** A course's gradebook at the LMS, as its launches named it. */
export interface LmsCourse {
  tenantId: TenantId;
  connectionId: ConnectionId;
  deploymentId: string;
}

export interface LmsResult extends ReadResult {
  comment: string | undefined;
  /** The result's own members of extensions are dropped. */
  scoringUserId: string | undefined;
}

/**
 * The hub as a tool at an LMS's gradebook (AGS 2.0). Every call fetches a token where none is cached, and passes the
 * outbound guard.
 *
 * @throws DomainError of each: upstream `lms_unavailable` (try again), `lms_refused` (it said no; `details.status`),
 *   `lms_answer_invalid`; conflict `lms_misconfigured` (`details.reason`, a `GradeReason`); not_found
 *   `lms_line_item_gone`
 */
export interface LmsGradebook {
  /** All pages, at most 5,000 items. Filters go to the LMS as they are, and are applied to its answer again. */
  listLineItems(
    course: LmsCourse,
    lineItemsUrl: string,
    filters: { resourceLinkId?: string; resourceId?: string; tag?: string },
  ): Promise<LmsLineItem[]>;
  createLineItem(course: LmsCourse, lineItemsUrl: string, item: NewLmsLineItem): Promise<LmsLineItem>;
  readLineItem(course: LmsCourse, lineItemUrl: string): Promise<LmsLineItem>;
  updateLineItem(course: LmsCourse, item: LmsLineItem): Promise<LmsLineItem>;
  deleteLineItem(course: LmsCourse, lineItemUrl: string): Promise<void>;
  /** All pages, at most 50,000 results. `subject` asks for one person, as the LMS knows them. */
  readResults(course: LmsCourse, lineItemUrl: string, subject?: string): Promise<LmsResult[]>;
}
