import type { Request } from 'express';
import { DomainError } from '../../platform/errors.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { connectionOfRequest, type SsoHttp, type TenantReach, tenantOfRequest } from '../http.ts';
import { openIdentity } from '../identities/identities.ts';
import type { Identity } from '../identities/identity.ts';
import { createSamlConnections, type SamlConnections } from '../saml-connections/saml-connections.ts';

/** What the SAML endpoints are given. */
export interface SamlHttp extends SsoHttp {
  saml: SamlConnections;
}

export function createSamlHttp(http: SsoHttp): SamlHttp {
  return { ...http, saml: createSamlConnections(http.services) };
}

/**
 * Whose endpoint a request came to.
 *
 * @throws DomainError not_found `tenant_unknown`, `identity_unknown`: also for a connection that is another tenant's
 */
export async function samlOfRequest(
  http: SamlHttp,
  request: Request,
  reach?: TenantReach,
): Promise<{ tenant: Tenant; identity: Identity }> {
  const { services } = http;
  const tenant = await tenantOfRequest(http, request, reach);
  const tx = services.db.tenant(tenant.tenantId);
  const identity = await openIdentity(services, tx, connectionOfRequest(request));
  if (identity.protocol === 'saml') return { tenant, identity };
  throw new DomainError('not_found', 'identity_unknown', 'There is no SAML connection at this address.');
}
