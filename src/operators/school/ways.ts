import { isDeepStrictEqual } from 'node:util';
import type { ConnectionId, OperatorId, TenantId } from '../../../contracts/ids.ts';
import { listActors, recordAudit } from '../../audit/audit.ts';
import type { TenantTx } from '../../platform/db.ts';
import { defined } from '../../platform/defined.ts';
import { DomainError } from '../../platform/errors.ts';
import { getIdentity, holdIdentity, listIdentities } from '../../sso/identities/identities.ts';
import type { Identity } from '../../sso/identities/identity.ts';
import { listCertificates } from '../../sso/saml-connections/certificates.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { findOperator } from '../accounts/operator-store.ts';
import { handedMs, handsOf } from '../hands.ts';
import { subjectOf } from '../operator.ts';
import type { OperatorServices } from '../services.ts';
import { endSessions } from '../sessions/operator-session-store.ts';
import { decideTrustSource, type TrustSource } from './trust-source.ts';
import {
  deleteLinked,
  deleteWay,
  hasWay,
  insertWay,
  noteTrusted,
  selectHandedWays,
  selectWays,
} from './way-store.ts';

type Deps = Pick<OperatorServices, 'db'>;

/** Browsers go there and come back, and the other side says whom it means by a key that lasts. */
const fitting = ['saml', 'oidc'] as const;

/** A connection by which an institution's admins could come to the console, or do. */
export interface SchoolWay {
  connectionId: ConnectionId;
  name: string;
  protocol: (typeof fitting)[number];
  status: Identity['status'];
  /** Null: admins do not come by it. */
  openedAt: Date | null;
  /** How many accounts are linked. */
  admins: number;
}

export interface TrustedWay extends SchoolWay, TrustSource {
  /** SHA-256 of the certificates whose signatures count, in order; none where the other side publishes its keys. */
  certificates: string[];
}

/** The connections that fit, the oldest first, and whom they trust. */
export function listWays({ db }: Deps, tenantId: TenantId): Promise<TrustedWay[]> {
  return db.withTenant(tenantId, async (tx) => {
    const ways: TrustedWay[] = [];
    for (const way of await readWays(tx)) {
      const { connectionId } = way;
      const source = decideTrustSource(await getIdentity(tx, connectionId));
      if (source === undefined) continue;
      ways.push({ ...way, certificates: await listTrusted(tx, connectionId), ...source });
    }
    return ways;
  });
}

/** Those that an admin can take now. */
export async function listOpenWays({ db }: Deps, tenantId: TenantId): Promise<SchoolWay[]> {
  const ways = await db.withTenant(tenantId, readWays);
  return ways.filter(({ openedAt, status }) => openedAt !== null && status === 'active');
}

/** Whether admins come to the console by a connection. */
export function leadsToConsole(tx: TenantTx, connectionId: ConnectionId): Promise<boolean> {
  return hasWay(tx, connectionId);
}

async function readWays(tx: TenantTx): Promise<SchoolWay[]> {
  const open = new Map((await selectWays(tx)).map((way) => [way.connectionId, way]));
  return (await listIdentities(tx)).flatMap(({ connectionId, name, protocol, status }) => {
    const known = fitting.find((each) => each === protocol);
    if (known === undefined) return [];
    const way = open.get(connectionId);
    const state = { openedAt: way?.openedAt ?? null, admins: way?.admins ?? 0 };
    return [{ ...{ connectionId, name, status, protocol: known }, ...state }];
  });
}

async function listTrusted(tx: TenantTx, connectionId: ConnectionId): Promise<string[]> {
  const certificates = await listCertificates(tx, connectionId);
  return certificates.flatMap(({ state, fingerprint }) => (state === 'retired' ? [] : [fingerprint])).sort();
}

/** What a connection trusts as far as somebody has seen. */
export type SeenTrust = {
  certificates?: readonly string[] | undefined;
} & { [Each in keyof TrustSource]?: TrustSource[Each] | undefined };

/**
 * Lets admins come to the console by a connection of their institution; nobody is linked by that.
 *
 * @param seen what it trusts as far as the caller knows: whoever had put another certificate beside the provider's, or another
 *   address in place of its own, could speak for every admin. What is left out, the caller vouches for whatever it is.
 * @throws DomainError not_found `identity_unknown`, conflict `way_unfit`, `way_unsettled`
 */
export function openWay(
  { db }: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
  { certificates, keysFrom, signer, subjectFrom }: SeenTrust = {},
): Promise<void> {
  return db.withTenant(tenantId, async (tx) => {
    // Nobody changes whom it trusts between the look at it and the opening.
    const identity = await holdIdentity(tx, connectionId);
    const source = decideTrustSource(identity);
    if (identity.status === 'disabled' || source === undefined) {
      const message = 'Only a SAML or OpenID Connect connection that is not disabled leads to the console.';
      throw new DomainError('conflict', 'way_unfit', message);
    }
    const trusted = await listTrusted(tx, connectionId);
    const seen = defined({
      certificates: certificates && [...certificates].sort(),
      keysFrom,
      signer,
      subjectFrom,
    });
    const found = { certificates: trusted, ...source };
    if (!isDeepStrictEqual({ ...found, ...seen }, found)) {
      const message =
        'This connection trusts other certificates, an address or a key of persons other than you have seen. Look at them again.';
      throw new DomainError('conflict', 'way_unsettled', message);
    }
    const at = new Date(by.now);
    if (!(await insertWay(tx, { connectionId, actor: by.actor, openedAt: at }))) return;
    const subject = `connection:${connectionId}`;
    await noteTrusted(tx, connectionId, [...handsOf(by), ...(await listChangers(tx, subject, at))], at);
    await recordAudit(tx, { ...by, action: 'console_way.opened', subject });
  });
}

/**
 * Whoever has lately set anything of a connection, also from the hub's machine, where nothing else is noted of it. What a job does
 * is by what somebody has set.
 */
async function listChangers(tx: TenantTx, subject: string, at: Date): Promise<string[]> {
  const since = new Date(at.getTime() - handedMs);
  const actors = await listActors(tx, { action: 'identity.', subject, since });
  return actors.filter((actor) => !actor.startsWith('job:'));
}

/**
 * Lets admins come by a connection no more: who came by it is signed out, and all have to be linked anew if it is opened again.
 * It may have come to trust somebody else meanwhile.
 *
 * @throws DomainError not_found `identity_unknown`
 */
export function closeWay(
  { db }: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
): Promise<void> {
  return db.withTenant(tenantId, async (tx) => {
    await getIdentity(tx, connectionId);
    if (!(await deleteWay(tx, connectionId))) return;
    const ended = await endSessions(tx, { connectionId }, 'revoked', new Date(by.now));
    const subject = `connection:${connectionId}`;
    await recordAudit(tx, { ...by, action: 'console_way.closed', subject, after: { ended } });
  });
}

/**
 * Notes who says whom a connection trusts, whether or not admins come by it yet: in the transaction of the change.
 *
 * @returns whether there is such a connection
 */
export function noteTrust(tx: TenantTx, connectionId: ConnectionId, by: ChangeBy): Promise<boolean> {
  return noteTrusted(tx, connectionId, handsOf(by), new Date(by.now));
}

/** Open ways of which somebody has said lately whom they trust, the latest first. @param now Unix milliseconds */
export async function listHandedWays(
  tx: TenantTx,
  now: number,
): Promise<{ connectionId: ConnectionId; name: string; by: string[]; at: Date }[]> {
  const handed = await selectHandedWays(tx, new Date(now - handedMs));
  const names = new Map((await listIdentities(tx)).map(({ connectionId, name }) => [connectionId, name]));
  return handed.map((way) => ({ ...way, name: names.get(way.connectionId) ?? way.connectionId }));
}

/** Ends the sessions that began by a connection: it is not to bring them back when it is switched on again. */
export async function endSessionsOf(
  { db }: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  by: ChangeBy,
): Promise<void> {
  await db.withTenant(tenantId, (tx) => endSessions(tx, { connectionId }, 'revoked', new Date(by.now)));
}

/** Takes an admin's links with the institution's sign-in off; their sessions end. @throws DomainError not_found `operator_unknown` */
export function unlinkAdmin(
  { db }: Deps,
  tenantId: TenantId,
  operatorId: OperatorId,
  by: ChangeBy,
): Promise<void> {
  return db.withTenant(tenantId, async (tx) => {
    if ((await findOperator(tx, operatorId)) === undefined) {
      const message = 'There is no such account here. List them first.';
      throw new DomainError('not_found', 'operator_unknown', message);
    }
    if ((await deleteLinked(tx, operatorId)) === 0) return;
    await endSessions(tx, { operatorId }, 'change', new Date(by.now));
    await recordAudit(tx, { ...by, action: 'operator.school_unlinked', subject: subjectOf(operatorId) });
  });
}
