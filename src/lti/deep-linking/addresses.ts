/** Where tools send what a teacher has chosen: the `deep_link_return_url` they are given (Deep Linking 2.0 §4.4.1). */
export function deepLinkingAddress(baseUrl: string): string {
  return `${baseUrl}${deepLinkingPath}`;
}

export const deepLinkingPath = '/platform/deep-linking';

/** A link as the LMS keeps it: it opens the tool at the place that is kept under the item's id. */
export function itemAddress(
  baseUrl: string,
  place: { slug: string; toolSlug: string; hubWide: boolean },
  itemId: string,
): string {
  const scope = place.hubWide ? '' : `/t/${place.slug}`;
  return `${baseUrl}${scope}/open/${place.toolSlug}?item=${itemId}`;
}
