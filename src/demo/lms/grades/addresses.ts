import { opaqueId } from '../claims.ts';

/** Where the gradebook of a course is, as one registered tool is told. */
export interface GradebookPlace {
  baseUrl: string;
  /** The course's id in the world. */
  courseId: string;
  /** Number of the registration. Like Moodle's, every address ends with it, in a query string. */
  typeId: number;
}

/** Address of the line items of a course. AGS 2.0 §3.1. */
export function lineItemsUrl(place: GradebookPlace): string {
  return at(place, '');
}

/** Address of a line item: its id for tools. AGS 2.0 §3.2. */
export function lineItemUrl(place: GradebookPlace, lineItemId: string): string {
  return at(place, `/${lineItemId}/lineitem`);
}

/** Address that identifies the result of a person. AGS 2.0 §3.3. */
export function resultUrl(place: GradebookPlace, lineItemId: string, userId: string): string {
  return at(place, `/${lineItemId}/lineitem/results/${userId}`);
}

function at({ baseUrl, courseId, typeId }: GradebookPlace, rest: string): string {
  return `${baseUrl}/api/courses/${opaqueId('course', courseId)}/lineitems${rest}?type_id=${typeId}`;
}
