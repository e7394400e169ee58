import type { LaunchId, TenantId } from '../../../contracts/ids.ts';
import { defined } from '../../platform/defined.ts';
import { cookieName, hashSecret, newHandle } from '../../platform/handle.ts';
import type { Fields } from '../../privacy/fields.ts';
import type { CookieChange } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { deepLinkingAddress } from './addresses.ts';
import type { DeepLinkingSettings } from './settings.ts';
import { insertRequest } from './store.ts';

/** How long a teacher may look around in a tool and still be sent back with a choice, in seconds. */
const lifetimeSeconds = 12 * 3600;

/** A request for content on its way to a tool. */
export interface ContentRequest {
  /** What the tool has to send back (Deep Linking 2.0 §4.5.4). */
  data: string;
  settings: DeepLinkingSettings;
}

/**
 * Keeps what a tool is asked for with a launch that was just opened. Its browser is the one that has to bring the answer.
 *
 * @param proof the browser's secret, and the part of the launch that names its cookie
 */
export async function openRequest(
  { db, clock }: Pick<LtiServices, 'db' | 'clock'>,
  launch: { tenantId: TenantId; launchId: LaunchId },
  settings: DeepLinkingSettings,
  proof: { secret: string; cookieId: string },
): Promise<ContentRequest> {
  const { tenantId, launchId } = launch;
  const handle = newHandle(tenantId, launchId);
  const stored = await insertRequest(db.tenant(tenantId), {
    launchId,
    dataHash: hashSecret(handle),
    browserHash: hashSecret(proof.secret),
    settings,
    expiresAt: new Date(clock.now() + lifetimeSeconds * 1000),
  });
  if (!stored) throw new Error('A launch that was opened is not there');
  return { data: `${handle}.${proof.cookieId}`, settings };
}

/** Keeps the cookie that has proven the browser for as long as the answer may take. */
export function keepBinding(cookieId: string, secret: string): CookieChange[] {
  return [{ name: cookieName(cookieId), value: secret, maxAgeSeconds: lifetimeSeconds, partitioned: true }];
}

/**
 * The hub's own deep_linking_settings claim (Deep Linking 2.0 §4.4.1). What the LMS says of the place, which may be words a
 * teacher has marked in a text, passes the release policy as the title and description of a link do.
 */
export function settingsClaim(
  baseUrl: string,
  { data, settings }: ContentRequest,
  released: Fields,
): Record<string, unknown> {
  return defined({
    deep_link_return_url: deepLinkingAddress(baseUrl),
    accept_types: settings.acceptTypes,
    accept_presentation_document_targets: settings.acceptTargets,
    accept_media_types: settings.acceptMediaTypes,
    accept_multiple: settings.acceptMultiple,
    accept_lineitem: settings.acceptLineItem,
    auto_create: settings.autoCreate,
    title: released['resource_link.title'],
    text: released['resource_link.description'],
    data,
  });
}
