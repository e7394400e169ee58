import { noticeScope } from '../../../contracts/scopes.ts';
import { type AddressRules, webAddress } from '../../platform/partner-values.ts';
import { claim, type Payload, record, texts } from '../claims.ts';
import type { LaunchSnapshot } from '../snapshot.ts';
import { readTypes } from './notice-types.ts';

/** Where tools say at the hub where they want a school's notices. */
export function handlersAddress(place: { baseUrl: string; slug: string }): string {
  return `${place.baseUrl}/t/${place.slug}/notices/handlers`;
}

/**
 * Where the LMS takes addresses for notices, and which it has, from a verified payload (LTI Platform
 * Notification Service 1.0). What cannot be read is left out: a launch needs none of it.
 */
export function takeNoticeService(payload: Payload, rules: AddressRules): LaunchSnapshot['notices'] {
  const given = record(payload[claim.noticeService]);
  const address = webAddress(rules).safeParse(given.platform_notification_service_url);
  const types = readTypes(texts(given.notice_types_supported));
  return address.success && types.length > 0 ? { serviceUrl: address.data, types } : undefined;
}

/** The hub's own claim: the notices of this LMS that the tool can have from the hub. */
export function noticeClaim(
  baseUrl: string,
  opened: { snapshot: LaunchSnapshot; scopes: readonly string[] },
): Record<string, unknown> | undefined {
  const { notices, tenant } = opened.snapshot;
  if (notices === undefined || !opened.scopes.includes(noticeScope)) return undefined;
  return {
    service_versions: ['1.0'],
    scope: [noticeScope],
    platform_notification_service_url: handlersAddress({ baseUrl, slug: tenant.slug }),
    notice_types_supported: notices.types,
  };
}
