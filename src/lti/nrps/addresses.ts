import type { CoursePlace } from '../ags/addresses.ts';

/** The class list of a course at the hub (NRPS 2.0 §2.3). */
export function membershipsAddress({ baseUrl, slug, contextId }: CoursePlace): string {
  return `${baseUrl}/t/${slug}/nrps/${contextId}/memberships`;
}
