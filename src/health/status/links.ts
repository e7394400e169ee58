import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { HUB_TENANT, newId, type TenantId } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { parseInput } from '../../platform/input.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import { inScope } from '../notifications/targets.ts';
import { deleteLink, findLink, insertLink, listLinks, type StatusLink } from './status-store.ts';

export type { StatusLink } from './status-store.ts';

type Scopes = Pick<Database, 'withTenant' | 'withHub'>;

const newLink = z.strictObject({ partner: z.string().trim().min(1).max(100).optional() });

/**
 * Makes a link that opens a status page to whoever has it: of an institution, or of one of its partners; under the nil tenant
 * of a partner over all schools.
 *
 * @returns the link and its secret, which is shown this once
 * @throws DomainError input `status_link_invalid`
 */
export async function addStatusLink(
  db: Scopes,
  tenantId: TenantId,
  input: z.input<typeof newLink>,
  by: ChangeBy,
): Promise<{ link: StatusLink; secret: string }> {
  const { partner = null } = parseInput(newLink, input, 'status_link_invalid');
  if (tenantId === HUB_TENANT && partner === null) {
    throw new DomainError(
      'input',
      'status_link_invalid',
      'Name the partner, or the institution, that it shows.',
    );
  }
  // 256 bits: nobody guesses one, however many there are.
  const secret = randomBytes(32).toString('base64url');
  const link: StatusLink = { linkId: newId(by.now), partner, createdAt: new Date(by.now) };
  await inScope(db, tenantId, async (tx) => {
    await insertLink(tx, link, hashOf(secret));
    const subject = `status_link:${link.linkId}`;
    const announce = `tenant:${tenantId}` as const;
    await recordChange(tx, { announce, action: 'status_link.added', subject, after: { partner } }, by);
  });
  return { link, secret };
}

/** @throws DomainError not_found `status_link_unknown` */
export async function removeStatusLink(
  db: Scopes,
  tenantId: TenantId,
  linkId: string,
  by: ChangeBy,
): Promise<StatusLink> {
  return inScope(db, tenantId, async (tx) => {
    const link = (await deleteLink(tx, linkId)) ?? unknown();
    const subject = `status_link:${linkId}`;
    const announce = `tenant:${tenantId}` as const;
    const before = { partner: link.partner };
    await recordChange(tx, { announce, action: 'status_link.removed', subject, before }, by);
    return link;
  });
}

/** The links of a scope; their secrets are nowhere. */
export function readStatusLinks(db: Scopes, tenantId: TenantId): Promise<StatusLink[]> {
  return inScope(db, tenantId, listLinks);
}

/** The page that a secret opens. @throws DomainError not_found `status_link_unknown` */
export async function openStatusLink(db: Scopes, tenantId: TenantId, secret: string): Promise<StatusLink> {
  return (await findStatusLink(db, tenantId, secret)) ?? unknown();
}

/** The same; undefined where a secret opens nothing. */
export function findStatusLink(
  db: Scopes,
  tenantId: TenantId,
  secret: string,
): Promise<StatusLink | undefined> {
  return inScope(db, tenantId, (tx) => findLink(tx, hashOf(secret)));
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function unknown(): never {
  throw new DomainError(
    'not_found',
    'status_link_unknown',
    'There is no status page at this address, or no more.',
  );
}
