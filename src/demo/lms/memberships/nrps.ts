import type { School } from '../../world.ts';
import { opaqueId } from '../claims.ts';

/** What a tool may be allowed at class lists. NRPS 2.0 §2.5. */
export const membershipScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';

/** Media type of a class list. NRPS 2.0 §2.3. */
export const membershipsType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

/** The claim that names a course's class list. NRPS 2.0 §3.6.1.1. */
export const membershipClaim = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';

/** Address of a course's class list; like Moodle's, it ends with the number of the registration. */
export function membershipsUrl(baseUrl: string, school: School, typeId: number): string {
  return `${baseUrl}/api/courses/${opaqueId('course', school.course.id)}/memberships?type_id=${typeId}`;
}
