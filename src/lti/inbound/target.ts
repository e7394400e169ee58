import { addressAt } from '../../connections/domain.ts';
import { claim, type Payload, text } from '../claims.ts';

export interface Target {
  /** Slug of the tool; undefined when the link names none. */
  toolSlug: string | undefined;
  /** Where inside the tool the link leads, still unchecked. */
  to: string | undefined;
  /** The content item that a tool has handed over for this link, still unchecked. */
  item?: string | undefined;
}

/** Where a link may lead. */
export interface TargetPlace {
  baseUrl: string;
  /** Undefined for a hub-wide launch, whose links name no tenant. */
  tenantSlug: string | undefined;
  domains?: readonly string[];
}

/** Longest target link, in characters. */
export const longestTarget = 4_000;

/** The signed target of a launch; undefined where a message that needs none has none. */
export function claimedTarget(payload: Payload): string | undefined {
  return text(payload[claim.targetLinkUri], longestTarget);
}

const nowhere: Target = { toolSlug: undefined, to: undefined, item: undefined };

/**
 * Reads a target link that must be one of ours: `{hub}/t/{slug}/open/{tool}` or the launch URL itself,
 * the tenant-less forms for hub-wide registrations and at the school's own domain. The signed claim decides, never the login's unsigned
 * value (LTI Core §5.3.4).
 *
 * @param uri undefined where the message names no target: then any tool is meant
 * @param place whom the launch came in for, and the school's own domains
 * @returns undefined when the link is not a route of this hub for this tenant
 */
export function parseTarget(
  uri: string | undefined,
  { baseUrl, tenantSlug, domains = [] }: TargetPlace,
): Target | undefined {
  if (uri === undefined) return nowhere;
  if (!URL.canParse(uri)) return undefined;
  const url = new URL(uri);
  const isAtDomain = domains.some((domain) => url.origin === addressAt(baseUrl, domain));
  if (!isAtDomain && url.origin !== new URL(baseUrl).origin) return undefined;
  const scopes = tenantSlug === undefined || isAtDomain ? [''] : [`/t/${tenantSlug}`, ''];
  for (const scope of scopes) {
    if (url.pathname === `${scope}/lti/launch`) return nowhere;
    const opened = new RegExp(`^${scope}/open/([a-z0-9-]{1,63})$`).exec(url.pathname);
    if (opened?.[1] !== undefined) {
      const { searchParams } = url;
      return {
        toolSlug: opened[1],
        to: searchParams.get('to') ?? undefined,
        item: searchParams.get('item') ?? undefined,
      };
    }
  }
  return undefined;
}

/** Whether a place inside the tool lies at the origin the tool registered. */
export function isInsideTool(to: string, toolTargetLinkUri: string): boolean {
  if (!URL.canParse(to)) return false;
  const [place, tool] = [new URL(to), new URL(toolTargetLinkUri)];
  // The origin of a blob: URL is that of the page which made it (URL Standard §4.7).
  return place.origin === tool.origin && place.protocol === tool.protocol;
}

/**
 * A place as it goes on to the tool: as it came, unless it holds what programs read differently or cannot keep (white space,
 * backslashes, NUL, half a character). Then as it was compared, so that the tool reads the origin that was checked.
 */
export function plainPlace(to: string): string {
  return /[\s\\\p{Cc}\p{Cs}]/u.test(to) ? new URL(to).href : to;
}
