import type { LaunchId, TenantId } from '../../contracts/ids.ts';
import { parseHandle } from '../platform/handle.ts';

/** A launch as a handle names it that went through a tool, before anything of it is proven. */
export interface NamedLaunch {
  tenantId: TenantId;
  launchId: LaunchId;
  /** SHA-256 of the handle. */
  hash: Buffer;
  /** Names the cookie of the browser that was launched. */
  cookieId: string;
}

/** Reads `handle.cookieId`: a message hint, or the `data` of a request for content. */
export function parseLaunchHandle(text: string | undefined): NamedLaunch | undefined {
  const [handle, cookieId = ''] = text?.split('.') ?? [];
  const parsed = parseHandle(handle, 2);
  if (parsed === undefined || !/^[\w-]{8}$/.test(cookieId)) return undefined;
  const [tenantId, launchId] = parsed.ids;
  return { tenantId: tenantId as TenantId, launchId: launchId as LaunchId, hash: parsed.hash, cookieId };
}
