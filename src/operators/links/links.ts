import type { OperatorRole, SetupStep } from '../../../contracts/http/roles.ts';
import {
  HUB_TENANT,
  newId,
  type OperatorId,
  type OperatorLinkId,
  type TenantId,
} from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import { inScope } from '../../health/notifications/targets.ts';
import { DomainError } from '../../platform/errors.ts';
import { hashSecret, newHandle, parseHandle } from '../../platform/handle.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { findOperatorByEmail, hasOperators } from '../accounts/operator-store.ts';
import { isLasting, normaliseEmail, type Operator } from '../operator.ts';
import type { OperatorServices, OwnerId, OwnerTx } from '../services.ts';
import { endSessions } from '../sessions/operator-session-store.ts';
import { type LinkKind, linkAddress, type OperatorLink } from './link.ts';
import {
  findLink,
  findOpenLink,
  insertLink,
  markLinkRevoked,
  revokeOpen,
  selectLinks,
} from './link-store.ts';

type Deps = Pick<OperatorServices, 'db' | 'baseUrl'>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface MadeLink {
  link: OperatorLink;
  /** What people open. It is shown this once: its hash alone is kept. */
  address: string;
}

interface NewLink {
  kind: LinkKind;
  name: string;
  email?: string;
  roles?: readonly OperatorRole[];
  steps?: readonly SetupStep[];
  operatorId?: OperatorId;
  lastsMs: number;
}

async function makeLink(tx: OwnerTx, baseUrl: string, wanted: NewLink, by: ChangeBy): Promise<MadeLink> {
  const { kind, name, email, roles = [], steps = [], operatorId, lastsMs } = wanted;
  const token = newHandle(tx.tenantId);
  const link: OperatorLink = {
    tenantId: tx.tenantId,
    linkId: newId<OperatorLinkId>(by.now),
    ...{ kind, name, roles, steps },
    email: email === undefined ? null : normaliseEmail(email),
    operatorId: operatorId ?? null,
    createdAt: new Date(by.now),
    expiresAt: new Date(by.now + lastsMs),
    ...{ usedAt: null, revokedAt: null, madeBy: by.actor, behind: by.behind ?? [] },
  };
  await insertLink(tx, link, hashSecret(token));
  const subject = linkSubject(link.linkId);
  const after = { kind, roles, steps, operatorId, expiresAt: link.expiresAt };
  await recordAudit(tx, { ...by, action: 'operator_link.made', subject, after });
  return { link, address: linkAddress(baseUrl, kind, token) };
}

function linkSubject(linkId: OperatorLinkId): string {
  return `operator-link:${linkId}`;
}

/**
 * A link to the first account, while nobody has one. Copies that start together make one each: the first that is used ends the
 * others.
 *
 * @returns undefined where somebody has an account
 */
export function makeFirstRunLink({ db, baseUrl }: Deps, by: ChangeBy): Promise<MadeLink | undefined> {
  return db.withHub(async (tx) => {
    if (await hasOperators(tx)) return undefined;
    return makeLink(tx, baseUrl, { kind: 'first_run', name: 'First run', lastsMs: dayMs }, by);
  });
}

export interface Invitation {
  name: string;
  email: string;
  roles: readonly OperatorRole[];
  days: number;
}

/**
 * Invites somebody to the staff of the hub, or to the admins of an institution; open invitations to the same address end. Whoever
 * has come to an institution by a set-up link only is given a password by it.
 *
 * @throws DomainError conflict `operator_exists`
 */
export function invite(
  { db, baseUrl }: Deps,
  owner: OwnerId,
  { days, ...invitation }: Invitation,
  by: ChangeBy,
): Promise<MadeLink> {
  return inScope(db, owner, async (tx) => {
    const email = normaliseEmail(invitation.email);
    const known = await findOperatorByEmail(tx, email);
    const lastsMs = days * dayMs;
    if (known === undefined) {
      await revokeOpen(tx, { kind: 'invitation', email }, new Date(by.now));
      return makeLink(tx, baseUrl, { kind: 'invitation', ...invitation, lastsMs }, by);
    }
    if (owner === HUB_TENANT || isLasting(known) || known.status !== 'active') throw operatorExists();
    const { operatorId, roles } = known;
    await revokeOpen(tx, { kind: 'password', operatorId }, new Date(by.now));
    return makeLink(tx, baseUrl, { kind: 'password', ...invitation, roles, operatorId, lastsMs }, by);
  });
}

function operatorExists(): DomainError {
  const message = 'There is an account of this e-mail address already. Change its roles, or enable it.';
  return new DomainError('conflict', 'operator_exists', message);
}

function operatorDisabled(): DomainError {
  const message = 'This account is disabled. Enable it first.';
  return new DomainError('conflict', 'operator_disabled', message);
}

/**
 * A link that binds whoever opens it to some steps of one institution's set-up. An admin who signs in by themselves needs none;
 * with one, whoever made it could act under their name.
 *
 * @throws DomainError conflict `operator_exists`
 */
export function makeSetupLink(
  { db, baseUrl }: Deps,
  tenantId: TenantId,
  { days, ...wanted }: { name: string; email: string; steps: readonly SetupStep[]; days: number },
  by: ChangeBy,
): Promise<MadeLink> {
  const steps = [...new Set(wanted.steps)];
  return db.withTenant(tenantId, async (tx) => {
    const known = await findOperatorByEmail(tx, normaliseEmail(wanted.email));
    if (known !== undefined && isLasting(known)) throw operatorExists();
    const roles = ['institution_admin'] as const;
    return makeLink(tx, baseUrl, { kind: 'set_up', ...wanted, steps, roles, lastsMs: days * dayMs }, by);
  });
}

/**
 * A link by which an operator sets a new password; those before it end.
 *
 * @throws DomainError conflict `operator_disabled`
 */
export function makePasswordLink(
  { db, baseUrl }: Deps,
  { tenantId, operatorId, name, email, roles, status }: Operator,
  by: ChangeBy,
): Promise<MadeLink> {
  if (status !== 'active') throw operatorDisabled();
  return inScope(db, tenantId, async (tx) => {
    await revokeOpen(tx, { kind: 'password', operatorId }, new Date(by.now));
    return makeLink(tx, baseUrl, { kind: 'password', name, email, roles, operatorId, lastsMs: dayMs }, by);
  });
}

/** A link by which an operator signs in once, as the demo prints one; those before it end. */
export function makeSignInLink(
  { db, baseUrl }: Deps,
  { tenantId, operatorId, name, email, roles }: Operator,
  by: ChangeBy,
): Promise<MadeLink> {
  return inScope(db, tenantId, async (tx) => {
    await revokeOpen(tx, { kind: 'sign_in', operatorId }, new Date(by.now));
    return makeLink(
      tx,
      baseUrl,
      { kind: 'sign_in', name, email, roles, operatorId, lastsMs: 12 * hourMs },
      by,
    );
  });
}

/** Links of an owner, the newest first, also those that are over. */
export function listLinks(
  { db }: Pick<Deps, 'db'>,
  owner: OwnerId,
  kinds: readonly LinkKind[],
): Promise<OperatorLink[]> {
  return inScope(db, owner, (tx) => selectLinks(tx, kinds));
}

/**
 * Takes a link back; whoever came by it is signed out.
 *
 * @throws DomainError not_found `invitation_unknown`, `setup_link_unknown`
 */
export function revokeLink(
  { db }: Pick<Deps, 'db'>,
  owner: OwnerId,
  { linkId, kinds }: { linkId: OperatorLinkId; kinds: readonly LinkKind[] },
  by: ChangeBy,
): Promise<OperatorLink> {
  return inScope(db, owner, async (tx) => {
    const known = await findLink(tx, linkId, kinds);
    if (known === undefined) {
      const code = kinds.includes('set_up') ? 'setup_link_unknown' : 'invitation_unknown';
      throw new DomainError('not_found', code, 'There is no such link. List them to see their ids.');
    }
    const at = new Date(by.now);
    if (!(await markLinkRevoked(tx, linkId, at))) return known;
    const ended = await endSessions(tx, { linkId }, 'revoked', at);
    const subject = linkSubject(linkId);
    await recordAudit(tx, { ...by, action: 'operator_link.revoked', subject, after: { ended } });
    return { ...known, revokedAt: at };
  });
}

/**
 * The link of a token that somebody brings; it is not used up.
 *
 * @throws DomainError unauthenticated `link_refused`
 */
export async function getOpenLink(
  { db }: Pick<Deps, 'db'>,
  token: string,
  kinds: readonly LinkKind[],
  now: number,
): Promise<OperatorLink> {
  const handle = parseHandle(token, 1);
  if (handle === undefined) throw linkRefused();
  const owner = (handle.ids[0] ?? HUB_TENANT) as TenantId;
  const link = await inScope(db, owner, (tx) => findOpenLink(tx, handle.hash, kinds, new Date(now)));
  if (link === undefined) throw linkRefused();
  return link;
}

/** Why is not told: whoever has no good link learns nothing of those there are. */
export function linkRefused(): DomainError {
  const message = 'The link was used, has expired, or is no link of this hub. Ask for a new one.';
  return new DomainError('unauthenticated', 'link_refused', message);
}
