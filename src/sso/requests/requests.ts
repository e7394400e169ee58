import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import {
  cookieId,
  cookieName,
  hashSecret,
  newHandle,
  newSecret,
  parseHandle,
} from '../../platform/handle.ts';
import { findCookie, type HostCookie } from '../../platform/http/cookies.ts';
import type { ConsoleAsked } from '../admins.ts';
import type { Identity } from '../identities/identity.ts';
import type { SharedReason } from '../reasons.ts';
import type { SsoServices } from '../services.ts';
import { consumeRequest, insertRequest, type SignInRequest } from './request-store.ts';

export { useOnce } from './once-store.ts';

/** How long a person may take at the other side. */
const lifetimeSeconds = 15 * 60;

export interface NewRequest {
  identity: Pick<Identity, 'connectionId' | 'version'>;
  /** What the protocol needs to check the answer; nothing that is secret to its own browser. */
  expectations: Record<string, unknown>;
  returnTo: string;
  isTest: boolean;
  /** Of an admin on the way to the console. */
  console?: ConsoleAsked | undefined;
}

/** A handle for a request, before anything is stored: protocols put it into what they send. */
export function newRequestHandle(): string {
  return newHandle();
}

/**
 * Keeps a sign-in until its answer comes. Only this browser can answer it: by a cookie that a form posted from the identity
 * provider's site brings as well, hence SameSite=None.
 */
export async function keepRequest(
  { db, clock }: Pick<SsoServices, 'db' | 'clock'>,
  tenantId: TenantId,
  handle: string,
  { identity, ...request }: NewRequest,
): Promise<HostCookie> {
  const secret = newSecret();
  const hash = hashSecret(handle);
  const { connectionId, version: connectionVersion } = identity;
  const expiresAt = new Date(clock.now() + lifetimeSeconds * 1000);
  await insertRequest(db.tenant(tenantId), hash, {
    ...request,
    console: request.console ?? null,
    connectionId,
    connectionVersion,
    browserHash: hashSecret(secret),
    expiresAt,
  });
  return bindingCookie(hash, secret);
}

function bindingCookie(hash: Buffer, value: string): HostCookie {
  const maxAgeSeconds = value === '' ? 0 : lifetimeSeconds;
  return { name: cookieName(cookieId(hash)), value, maxAgeSeconds, partitioned: false, sameSite: 'None' };
}

export type TakenRequest =
  | { ok: true; request: SignInRequest /** Takes the binding cookie out again. */; cookie: HostCookie }
  | { ok: false; reason: SharedReason };

/**
 * Uses a request up for the answer that has come. Once: a second answer finds nothing. An answer from another browser uses
 * it up as well, since its handle has leaked.
 *
 * @param handle the RelayState or state, as it came
 */
export async function takeRequest(
  { db, clock }: Pick<SsoServices, 'db' | 'clock'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  input: { handle: unknown; cookieHeader: string | undefined },
): Promise<TakenRequest> {
  const handle = parseHandle(input.handle, 0);
  if (handle === undefined) return { ok: false, reason: 'request_unknown' };
  const found = await consumeRequest(db.tenant(tenantId), handle.hash);
  if (found === undefined) return { ok: false, reason: 'request_unknown' };
  const { isCurrent, ...request } = found;
  // What was asked under settings of before, or before it was paused, is not held against those of now.
  const isOpen =
    isCurrent && request.connectionId === connectionId && request.expiresAt.getTime() > clock.now();
  if (!isOpen) return { ok: false, reason: 'request_unknown' };
  const secret = findCookie(input.cookieHeader, cookieName(cookieId(handle.hash)));
  if (secret === undefined || !hashSecret(secret).equals(request.browserHash)) {
    return { ok: false, reason: 'browser_changed' };
  }
  return { ok: true, request, cookie: bindingCookie(handle.hash, '') };
}
