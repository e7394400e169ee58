import { z } from 'zod';
import type {
  ConnectionId,
  OperatorId,
  OperatorLinkId,
  OperatorSessionId,
  TenantId,
} from '../../../contracts/ids.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import { hashSecret, newHandle, parseHandle } from '../../platform/handle.ts';
import { findCookie, type HostCookie } from '../../platform/http/cookies.ts';
import { insertRequest, takeRequest } from '../company/request-store.ts';

/** Why somebody goes off to their institution's sign-in. */
export const schoolWish = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sign_in') }),
  z.object({ kind: z.literal('link'), linkId: z.uuid().transform((id) => id as OperatorLinkId) }),
  z.object({
    kind: z.literal('own'),
    operatorId: z.uuid().transform((id) => id as OperatorId),
    sessionId: z.uuid().transform((id) => id as OperatorSessionId),
    /** Who else could have sat there. */
    behind: z.array(z.string()).default([]),
  }),
]);
export type SchoolWish = z.output<typeof schoolWish>;

const kept = z.object({ connectionId: z.uuid(), wish: schoolWish });

const cookieName = '__Host-ghw';
const minutes = 10;

/**
 * Keeps a wish that has been proved, by an invitation or by a session, until the browser that proved it sets out. It is known by a
 * cookie that no other site's page makes the browser send: nobody can have somebody else's account linked for them.
 */
export async function keepWish(
  tx: TenantTx,
  { connectionId, wish }: { connectionId: ConnectionId; wish: SchoolWish },
  now: number,
): Promise<HostCookie> {
  const handle = newHandle(tx.tenantId);
  await insertRequest(tx, {
    handleHash: hashSecret(handle),
    browserHash: hashSecret(handle),
    expectations: { connectionId, wish },
    returnTo: '/console',
    expiresAt: new Date(now + minutes * 60_000),
  });
  return wishCookie(handle);
}

/** Without a handle, what takes it out again. */
export function wishCookie(handle: string | undefined): HostCookie {
  const maxAgeSeconds = handle === undefined ? 0 : minutes * 60;
  return { name: cookieName, value: handle ?? '', maxAgeSeconds, partitioned: false, sameSite: 'Strict' };
}

/** Uses the wish of a browser up; undefined where it has none for this connection. */
export async function takeWish(
  { db }: { db: Database },
  tenantId: TenantId,
  connectionId: ConnectionId,
  { cookieHeader, now }: { cookieHeader: string | undefined; now: number },
): Promise<SchoolWish | undefined> {
  const handle = parseHandle(findCookie(cookieHeader, cookieName), 1);
  if (handle?.ids[0] !== tenantId) return undefined;
  const found = await takeRequest(db.tenant(tenantId), handle.hash, handle.hash, new Date(now));
  const wished = kept.safeParse(found?.expectations).data;
  return wished?.connectionId === connectionId ? wished.wish : undefined;
}
