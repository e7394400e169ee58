import type { Request } from 'express';
import { type ApiScope, enoughFor } from '../../contracts/http/scopes.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { findTenantBySlug, type Tenant } from '../tenants/tenants.ts';
import type { ApiToken } from './tokens/token.ts';
import { readApiToken } from './tokens/tokens.ts';

const messages = {
  token_invalid: 'The API token is not one of this hub, or was revoked. Make one with: api-token create.',
  token_expired: 'The API token has expired. Make a new one with: api-token create.',
};

/**
 * The token a request brings (RFC 6750 §2.1; in the header only, since addresses end in logs).
 *
 * @throws DomainError unauthenticated `token_missing`, `token_invalid`, `token_expired`
 */
export async function readCaller(
  { headers }: Pick<Request, 'headers'>,
  { db, clock }: { db: Database; clock: Clock },
): Promise<ApiToken> {
  // RFC 9110 §11.1: the scheme's case does not matter.
  const token = /^bearer +(\S{1,200}) *$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) {
    const message =
      'Send an API token in the header "Authorization: Bearer …". Make one with: api-token create.';
    throw new DomainError('unauthenticated', 'token_missing', message);
  }
  const reading = await readApiToken(db, token, clock.now());
  if (reading.ok) return reading.apiToken;
  throw new DomainError('unauthenticated', reading.refusal, messages[reading.refusal]);
}

/** @throws DomainError forbidden `insufficient_scope` (RFC 6750 §3.1) */
export function requireScope({ scopes }: Pick<ApiToken, 'scopes'>, scope: ApiScope): void {
  const anyOf = enoughFor(scope);
  if (anyOf.some((each) => scopes.includes(each))) return;
  const message = `The API token lacks the scope for this: ${anyOf.join(' or ')}.`;
  throw new DomainError('forbidden', 'insufficient_scope', message, { details: { scope } });
}

/**
 * The tenant of the address. One that the token does not reach is told as one that does not exist.
 *
 * @throws DomainError not_found `tenant_unknown`
 */
export async function getReachedTenant(
  db: Database,
  slug: string,
  { onlyTenantId }: Pick<ApiToken, 'onlyTenantId'>,
): Promise<Tenant> {
  const tenant = await findTenantBySlug(db.directory, slug);
  const isReached = onlyTenantId === null || onlyTenantId === tenant?.tenantId;
  if (tenant !== undefined && isReached) return tenant;
  const message = 'The API token reaches no tenant of this short name. Check both.';
  throw new DomainError('not_found', 'tenant_unknown', message);
}

/** @throws DomainError forbidden `tenant_only` for a token of one tenant */
export function requireWholeHub({ onlyTenantId }: Pick<ApiToken, 'onlyTenantId'>): undefined {
  if (onlyTenantId === null) return;
  const message = 'The API token is for one tenant. Ask below /api/v1/tenants/, or with a token for all.';
  throw new DomainError('forbidden', 'tenant_only', message);
}
