/** Where a tool reaches the gradebook of a course at the hub. Every id in these addresses is the hub's. */

/** A course, as the addresses name it. */
export interface CoursePlace {
  baseUrl: string;
  /** The tenant's. */
  slug: string;
  contextId: string;
}

/** The line item container (AGS 2.0 §3.2). */
export function lineItemsAddress({ baseUrl, slug, contextId }: CoursePlace): string {
  return `${baseUrl}/t/${slug}/ags/${contextId}/lineitems`;
}

export function lineItemAddress(place: CoursePlace, lineItemId: string): string {
  return `${lineItemsAddress(place)}/${lineItemId}`;
}

/** AGS 2.0 §3.3.1: the line item's own address, its path continued. */
export function resultsAddress(place: CoursePlace, lineItemId: string): string {
  return `${lineItemAddress(place, lineItemId)}/results`;
}

/** The hub's own: what became of the scores sent for a line item. */
export function deliveriesAddress(place: CoursePlace, lineItemId: string): string {
  return `${lineItemAddress(place, lineItemId)}/deliveries`;
}
