import { z } from 'zod';
import { domainProofs } from '../../contracts/lms.ts';
import type { DirectoryTx, TenantTx } from '../platform/db.ts';
import { sql } from '../platform/sql/sql.ts';
import type { DomainProof, TenantDomain } from './domain.ts';

const row = z
  .object({
    domain: z.string(),
    challenge: z.string(),
    verified: z.enum(domainProofs).nullable(),
    verified_at: z.date().nullable(),
    created_at: z.date(),
  })
  .transform(
    (found): TenantDomain => ({
      domain: found.domain,
      challenge: found.challenge,
      verified: found.verified,
      verifiedAt: found.verified_at,
      createdAt: found.created_at,
    }),
  );

const columns = sql`domain, challenge, verified, verified_at, created_at`;

/** A tenant's domains, by name. */
export function listDomainRows(tx: TenantTx): Promise<TenantDomain[]> {
  return tx.many(
    sql`select ${columns} from tenant_domain where tenant_id = ${tx.tenantId} order by domain`,
    row,
  );
}

/** A tenant's verified domains, by name. */
export async function listVerifiedDomains(tx: TenantTx): Promise<string[]> {
  const found = await tx.many(
    sql`select domain from tenant_domain
      where tenant_id = ${tx.tenantId} and verified is not null order by domain`,
    z.object({ domain: z.string() }),
  );
  return found.map(({ domain }) => domain);
}

/** A tenant's domain; its row is kept from whoever would remove it until the end of the transaction. */
export function findDomainForShare(tx: TenantTx, domain: string): Promise<TenantDomain | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from tenant_domain
      where tenant_id = ${tx.tenantId} and domain = ${domain} for share`,
    row,
  );
}

/** A tenant's domain, its row locked until the end of the transaction. */
export function findDomainForUpdate(tx: TenantTx, domain: string): Promise<TenantDomain | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from tenant_domain
      where tenant_id = ${tx.tenantId} and domain = ${domain} for update`,
    row,
  );
}

/** @throws the database's unique violation `tenant_domain_pkey`, or `tenant_domain_name` where it is another's */
export async function insertDomain(tx: TenantTx, added: TenantDomain): Promise<void> {
  await tx.exec(sql`
    insert into tenant_domain (tenant_id, domain, challenge, created_at)
    values (${tx.tenantId}, ${added.domain}, ${added.challenge}, ${added.createdAt})`);
}

export async function saveVerified(
  tx: TenantTx,
  domain: string,
  verified: DomainProof,
  now: Date,
): Promise<void> {
  await tx.exec(sql`
    update tenant_domain set verified = ${verified}, verified_at = ${now}
    where tenant_id = ${tx.tenantId} and domain = ${domain}`);
}

export async function deleteDomain(tx: TenantTx, domain: string): Promise<void> {
  await tx.exec(sql`delete from tenant_domain where tenant_id = ${tx.tenantId} and domain = ${domain}`);
}

/** Whether an LMS knows the hub under the domain, or holds a set-up link by which it could. */
export async function isDomainUsed(tx: TenantTx, domain: string, now: Date): Promise<boolean> {
  const { used } = await tx.one(
    sql`select exists (
        select from lti_registration where tenant_id = ${tx.tenantId} and settings->>'domain' = ${domain}
      ) or exists (
        select from lti_invitation where tenant_id = ${tx.tenantId} and terms->>'domain' = ${domain}
          and used_at is null and revoked_at is null and expires_at > ${now}
      ) as used`,
    z.object({ used: z.boolean() }),
  );
  return used;
}

/** Whose verified domain a host name is: the slug of the tenant. */
export async function findSlugByDomain(tx: DirectoryTx, domain: string): Promise<string | undefined> {
  const found = await tx.maybeOne(
    sql`select t.slug from tenant_domain d join tenant t using (tenant_id)
      where d.domain = ${domain} and d.verified is not null`,
    z.object({ slug: z.string() }),
  );
  return found?.slug;
}

/** The challenge of a host name that a tenant has entered; none where nobody has. */
export async function listChallenges(tx: DirectoryTx, domain: string): Promise<string[]> {
  const found = await tx.many(
    sql`select challenge from tenant_domain where domain = ${domain} order by challenge limit 100`,
    z.object({ challenge: z.string() }),
  );
  return found.map(({ challenge }) => challenge);
}
