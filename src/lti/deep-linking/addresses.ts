import { hubAddresses, type LmsPlace } from '../addresses.ts';

/** Where tools send what a teacher has chosen: the `deep_link_return_url` they are given (Deep Linking 2.0 §4.4.1). */
export function deepLinkingAddress(baseUrl: string): string {
  return `${baseUrl}${deepLinkingPath}`;
}

export const deepLinkingPath = '/platform/deep-linking';

/** A link as the LMS keeps it: it opens the tool at the place that is kept under the item's id. */
export function itemAddress(place: LmsPlace, toolSlug: string, itemId: string): string {
  return `${hubAddresses(place).openUrl(toolSlug)}?item=${itemId}`;
}
