import type { domainEndpoints } from '../../../contracts/http/domains.ts';
import type { endpoints } from '../../../contracts/http/endpoints.ts';
import { addressAt, challengePath, type TenantDomain } from '../../connections/domain.ts';
import { addDomain, listDomains, removeDomain, verifyDomain } from '../../connections/domains.ts';
import type { Database } from '../../platform/db.ts';
import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import type { Handlers } from '../router.ts';

/** What is done for the endpoints about domains of institutions' own. */
export function domainHandlers(services: {
  db: Database;
  baseUrl: string;
  /** The guarded one. */
  fetch: OutboundFetch;
}): Pick<Handlers<typeof endpoints>, keyof typeof domainEndpoints> {
  const { db, baseUrl } = services;
  const show = ({ createdAt, verifiedAt, ...rest }: TenantDomain) => ({
    ...rest,
    verifiedAt: verifiedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    cname: new URL(baseUrl).hostname,
    challengeUrl: addressAt(baseUrl, rest.domain) + challengePath,
  });
  return {
    listDomains: async ({ tenant }) => ({
      domains: (await db.withTenant(tenant.tenantId, listDomains)).map(show),
    }),
    addDomain: async ({ tenant, body, by }) => ({
      domain: show(await db.withTenant(tenant.tenantId, (tx) => addDomain(tx, body.domain, baseUrl, by))),
    }),
    verifyDomain: async ({ tenant, params: { domain }, body: { vouched }, by }) => ({
      domain: show(await verifyDomain(services, tenant.tenantId, { domain, vouched }, by)),
    }),
    removeDomain: async ({ tenant, params: { domain }, by }) => ({
      domain: show(await db.withTenant(tenant.tenantId, (tx) => removeDomain(tx, domain, by))),
    }),
  };
}
