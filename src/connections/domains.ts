import type { TenantId } from '../../contracts/ids.ts';
import { refusingTaken } from '../platform/db/conflicts.ts';
import type { Database, TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { newSecret } from '../platform/handle.ts';
import { parseInput } from '../platform/input.ts';
import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import { type ChangeBy, recordChange } from '../tenants/changes.ts';
import {
  addressAt,
  challengePath,
  type DomainProof,
  decideReached,
  domainName,
  type TenantDomain,
} from './domain.ts';
import {
  deleteDomain,
  findDomainForShare,
  findDomainForUpdate,
  insertDomain,
  isDomainUsed,
  listDomainRows,
  saveVerified,
} from './domain-store.ts';

export { findSlugByDomain, listChallenges, listVerifiedDomains } from './domain-store.ts';

/** So many registrations at LMSs that take a domain once only, no school has. */
const mostDomains = 20;

/** A tenant's domains, by name. */
export function listDomains(tx: TenantTx): Promise<TenantDomain[]> {
  return listDomainRows(tx);
}

/**
 * Enters a domain of a school's own. It leads nowhere before it is verified, and is this school's from here on: that a name
 * leads to this hub, as is verified, says nothing of whose it is.
 *
 * @throws DomainError input `domain_invalid`, conflict `domain_exists`, conflict `domain_taken`, conflict `domain_limit`
 */
export async function addDomain(
  tx: TenantTx,
  input: string,
  baseUrl: string,
  by: ChangeBy,
): Promise<TenantDomain> {
  const domain = parseInput(domainName, input, 'domain_invalid');
  if (domain === new URL(baseUrl).hostname) {
    throw new DomainError('input', 'domain_invalid', 'This is the hub’s own name, which is everybody’s.');
  }
  if ((await listDomainRows(tx)).length >= mostDomains) {
    const message = `A school has at most ${mostDomains} domains. Remove one that no LMS uses.`;
    throw new DomainError('conflict', 'domain_limit', message);
  }
  const createdAt = new Date(by.now);
  const added = { domain, challenge: newSecret(), verified: null, verifiedAt: null, createdAt };
  const exists = `The domain ${domain} is entered already.`;
  const taken = `The domain ${domain} is entered for another institution of this hub. Whoever runs the hub can remove it there.`;
  const insert = () =>
    refusingTaken(
      'tenant_domain_pkey',
      () => insertDomain(tx, added),
      (cause) => new DomainError('conflict', 'domain_exists', exists, { cause }),
    );
  await refusingTaken(
    'tenant_domain_name',
    insert,
    (cause) => new DomainError('conflict', 'domain_taken', taken, { cause }),
  );
  await record(tx, 'added', domain, { after: { domain } }, by);
  return added;
}

/**
 * Shows that a domain leads to this hub: what the hub answers there is asked for over the network. Where that cannot be
 * seen from here, as behind a split DNS, an operator can vouch for it.
 *
 * @throws DomainError not_found `domain_unknown`, conflict `domain_not_reached`
 */
export async function verifyDomain(
  services: { db: Database; fetch: OutboundFetch; baseUrl: string },
  tenantId: TenantId,
  { domain, vouched }: { domain: string; vouched: boolean },
  by: ChangeBy,
): Promise<TenantDomain> {
  const { db } = services;
  const found = await db.withTenant(tenantId, (tx) => getDomain(tx, domain));
  if (found.verified !== null) return found;
  if (!vouched) await reach(services, found);
  return db.withTenant(tenantId, (tx) => settle(tx, domain, vouched ? 'vouched' : 'reached', by));
}

async function getDomain(tx: TenantTx, domain: string): Promise<TenantDomain> {
  const found = await findDomainForUpdate(tx, domain);
  if (found === undefined) throw unknown(domain);
  return found;
}

async function settle(
  tx: TenantTx,
  domain: string,
  verified: DomainProof,
  by: ChangeBy,
): Promise<TenantDomain> {
  const before = await getDomain(tx, domain);
  if (before.verified !== null) return before;
  const verifiedAt = new Date(by.now);
  await saveVerified(tx, domain, verified, verifiedAt);
  await record(tx, 'verified', domain, { after: { verified } }, by);
  return { ...before, verified, verifiedAt };
}

async function reach(
  { fetch, baseUrl }: { fetch: OutboundFetch; baseUrl: string },
  { domain, challenge }: TenantDomain,
): Promise<void> {
  const url = addressAt(baseUrl, domain) + challengePath;
  const answer = await fetch({ url, maxBytes: 10_000 }).catch((cause: unknown) => {
    throw notReached(url, cause);
  });
  if (!decideReached({ status: answer.status, text: answer.text() }, challenge)) throw notReached(url);
}

function notReached(url: string, cause?: unknown): DomainError {
  const message = `The hub does not find itself at ${url}. Let the name lead to the hub, with a certificate and with its own Host field, and try again.`;
  return new DomainError('conflict', 'domain_not_reached', message, { cause });
}

/**
 * Forgets a domain that no LMS uses any more.
 *
 * @throws DomainError not_found `domain_unknown`, conflict `domain_in_use`
 */
export async function removeDomain(tx: TenantTx, domain: string, by: ChangeBy): Promise<TenantDomain> {
  const found = await getDomain(tx, domain);
  if (await isDomainUsed(tx, domain, new Date(by.now))) {
    const message = `An LMS knows the hub under ${domain}, or holds a set-up link for it. Change that first.`;
    throw new DomainError('conflict', 'domain_in_use', message);
  }
  await deleteDomain(tx, domain);
  await record(tx, 'removed', domain, { before: { domain, verified: found.verified } }, by);
  return found;
}

/**
 * A domain under which an LMS is to know the hub is the tenant's and verified, until the end of the transaction.
 *
 * @throws DomainError input `domain_unverified`
 */
export async function requireVerified(tx: TenantTx, domain: string | null): Promise<void> {
  if (domain === null) return;
  const found = await findDomainForShare(tx, domain);
  if (found !== undefined && found.verified !== null) return;
  const message = `The domain ${domain} is not verified for this school. Add and verify it first.`;
  throw new DomainError('input', 'domain_unverified', message);
}

function unknown(domain: string): DomainError {
  const message = `This school has no domain ${domain}. List them to see which it has.`;
  return new DomainError('not_found', 'domain_unknown', message);
}

function record(
  tx: TenantTx,
  what: 'added' | 'verified' | 'removed',
  domain: string,
  values: { before?: unknown; after?: unknown },
  by: ChangeBy,
): Promise<void> {
  const [action, subject] = [`domain.${what}`, `domain:${domain}`];
  return recordChange(tx, { announce: `tenant:${tx.tenantId}`, action, subject, ...values }, by);
}
