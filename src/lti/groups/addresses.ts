import type { CoursePlace } from '../ags/addresses.ts';

/** The groups of a course at the hub (LTI Course Groups Service 1.0). */
export function groupsAddress({ baseUrl, slug, contextId }: CoursePlace): string {
  return `${baseUrl}/t/${slug}/groups/${contextId}/groups`;
}

/** Its sets of groups. */
export function groupSetsAddress({ baseUrl, slug, contextId }: CoursePlace): string {
  return `${baseUrl}/t/${slug}/groups/${contextId}/sets`;
}
