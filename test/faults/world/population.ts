import type { FamilyName } from '../../../src/connections/families.ts';
import type { Policy } from '../lms/gradebook.ts';

/** A school whose LMS is of a kind of its own. */
export interface FaultSchool {
  slug: string;
  family: FamilyName;
  policy: Policy;
  clientId: string;
  /** Appended to addresses of line items: Moodle's stand before a query string. */
  query: string;
}

export const faultSchools: readonly FaultSchool[] = [
  { slug: 'generic', family: 'generic', policy: 'strict', clientId: 'hub-at-generic', query: '' },
  { slug: 'canvas', family: 'canvas', policy: 'applies_equal', clientId: '10000000000042', query: '' },
  { slug: 'moodle', family: 'moodle', policy: 'by_second', clientId: 'hub-at-moodle', query: '?type_id=7' },
];

export const itemsPerSchool = 5;

/** One person on one line item: the scores of both are in order, and no others. */
export interface Place {
  /** Line item and person, as the hub knows them. */
  key: string;
  school: FaultSchool;
  tenantId: string;
  /** Where the tool posts scores, below a copy's origin. */
  scoresPath: string;
  /** The person as the tool knows them. */
  userId: string;
  /** Line item and person, as the LMS knows them. */
  lmsUrl: string;
  subject: string;
}

export function placeKey(lineItemId: string, personId: string): string {
  return `${lineItemId} ${personId}`;
}
