import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { DomainError } from '../../platform/errors.ts';
import { hashSecret, newHandle, newSecret, parseHandle } from '../../platform/handle.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { getIdentity } from '../identities/identities.ts';
import type { SsoServices } from '../services.ts';
import { consumeRequest, insertRequest } from './request-store.ts';

/** Long enough to be sent to somebody at the institution. */
const lifetimeMs = 24 * 3_600_000;

/** Marks the row as a link, which no answer of the other side can use. */
const linkMark = { testLink: true };

export interface TestLink {
  address: string;
  expiresAt: Date;
}

/**
 * Makes an address for one test sign-in, for whoever looks after the connection: it shows every rule, every attribute and whom
 * it leads to, and signs nobody in. A paused connection can be tested, so that it is before anybody needs it.
 *
 * @throws DomainError not_found `identity_unknown`, conflict `identity_disabled`
 */
export async function makeTestLink(
  { db, baseUrl }: Pick<SsoServices, 'db' | 'baseUrl'>,
  { tenantId, slug }: Pick<Tenant, 'tenantId' | 'slug'>,
  connectionId: ConnectionId,
  by: ChangeBy,
): Promise<TestLink> {
  const handle = newHandle();
  const expiresAt = new Date(by.now + lifetimeMs);
  await db.withTenant(tenantId, async (tx) => {
    const { status, version } = await getIdentity(tx, connectionId);
    if (status === 'disabled') {
      const message = 'The identity connection is disabled. Resume or pause it before you test it.';
      throw new DomainError('conflict', 'identity_disabled', message);
    }
    await insertRequest(tx, hashSecret(handle), {
      connectionId,
      connectionVersion: version,
      // No browser has the secret of this: the row is good for beginning a test, and for nothing else.
      browserHash: hashSecret(newSecret()),
      expectations: linkMark,
      returnTo: `/t/${slug}/portal`,
      isTest: true,
      console: null,
      expiresAt,
    });
    await recordAudit(tx, {
      ...by,
      action: 'identity.test_link_made',
      subject: `connection:${connectionId}`,
      after: { expiresAt },
    });
  });
  return { address: `${baseUrl}${testPath(slug, connectionId, handle)}`, expiresAt };
}

export function testPath(slug: string, connectionId: ConnectionId, handle: string): string {
  return `/t/${slug}/sign-in/${connectionId}/test/${handle}`;
}

/** Uses a link up. @returns whether a test may begin */
export async function takeTestLink(
  { db, clock }: Pick<SsoServices, 'db' | 'clock'>,
  tenantId: TenantId,
  connectionId: ConnectionId,
  given: unknown,
): Promise<boolean> {
  const handle = parseHandle(given, 0);
  if (handle === undefined) return false;
  const link = await consumeRequest(db.tenant(tenantId), handle.hash);
  return (
    link?.expectations.testLink === true &&
    link.connectionId === connectionId &&
    link.expiresAt.getTime() > clock.now()
  );
}
