import type { Request } from 'express';
import { type ApiScope, enoughFor } from '../../contracts/http/scopes.ts';
import { HUB_TENANT, type TenantId } from '../../contracts/ids.ts';
import { subjectOf as subjectOfOperator } from '../operators/operator.ts';
import { raisedScopes } from '../operators/raised/raised-rights.ts';
import {
  bringsSession,
  findSession,
  isCsrfToken,
  type SignedInOperator,
  scopesOfSession,
} from '../operators/sessions/operator-sessions.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { findTenantBySlug, type Tenant } from '../tenants/tenants.ts';
import { readApiToken, subjectOf } from './tokens/tokens.ts';

/** Whoever calls: a program by its token, or somebody signed in at the console. */
export interface Caller {
  /** What the audit trail calls it. */
  actor: string;
  /** Who else could be meant by that: whoever made the token, or lately handed out the way in. */
  behind: readonly string[];
  /** What the request's line in the log says of it. */
  facts: { apiTokenId: string } | { operatorId: string };
  scopes: readonly string[];
  /** The one tenant it reaches; null: every tenant. */
  onlyTenantId: TenantId | null;
  /** Where it is somebody at the console. */
  signedIn: SignedInOperator | undefined;
}

interface Deps {
  db: Database;
  clock: Clock;
}

type Called = Pick<Request, 'headers' | 'method'>;

const messages = {
  token_invalid: 'The API token is not one of this hub, or was revoked. Make one with: api-token create.',
  token_expired: 'The API token has expired. Make a new one with: api-token create.',
};

/**
 * Whoever a request comes from. A token in the header goes first (RFC 6750 §2.1; in the header only, since addresses end in
 * logs); otherwise the cookie of the console counts, with what shows that the console's own page has sent it.
 *
 * @throws DomainError unauthenticated `token_missing`, `token_invalid`, `token_expired`, `session_ended`;
 *   forbidden `cross_site`, `csrf_token_wrong`
 */
export async function readCaller(request: Called, deps: Deps): Promise<Caller> {
  const { authorization, cookie } = request.headers;
  // RFC 9110 §11.1: the scheme's case does not matter.
  const token = /^bearer +(\S{1,200}) *$/i.exec(authorization ?? '')?.[1];
  if (token !== undefined) return readProgram(token, deps);
  if (authorization === undefined && bringsSession(cookie)) return readPerson(request, deps);
  const message =
    'Send an API token in the header "Authorization: Bearer …", or sign in at the console. Make one with: api-token create.';
  throw new DomainError('unauthenticated', 'token_missing', message);
}

async function readProgram(token: string, { db, clock }: Deps): Promise<Caller> {
  const reading = await readApiToken(db, token, clock.now());
  if (!reading.ok) throw new DomainError('unauthenticated', reading.refusal, messages[reading.refusal]);
  const { tokenId, scopes, onlyTenantId, madeBy: behind } = reading.apiToken;
  const facts = { apiTokenId: tokenId };
  return { actor: subjectOf(tokenId), behind, facts, scopes, onlyTenantId, signedIn: undefined };
}

async function readPerson(request: Called, deps: Deps): Promise<Caller> {
  refuseOtherSites(request);
  const signedIn = await findSession(deps, request.headers.cookie);
  if (signedIn?.session.stage !== 'full') {
    throw new DomainError(
      'unauthenticated',
      'session_ended',
      'You are not signed in any more. Sign in again.',
    );
  }
  if (isChange(request) && !isCsrfToken(signedIn.secret, request.headers['x-csrf-token'])) {
    const message = 'The header X-CSRF-Token is missing or of another session. Load the page again.';
    throw new DomainError('forbidden', 'csrf_token_wrong', message);
  }
  const { operatorId, tenantId } = signedIn.operator;
  return {
    actor: subjectOfOperator(operatorId),
    behind: signedIn.behind,
    facts: { operatorId },
    scopes: scopesOfSession(signedIn),
    onlyTenantId: tenantId === HUB_TENANT ? null : tenantId,
    signedIn,
  };
}

/** RFC 9110 §9.2.1: these change nothing. */
function isChange({ method }: Called): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

/**
 * Refuses what another site's page has sent in somebody's browser: told by Sec-Fetch-Site (W3C Fetch Metadata §2.3), and by the
 * origin where a browser does not know that. Programs send neither.
 *
 * @throws DomainError forbidden `cross_site`
 */
export function refuseOtherSites(request: Called): void {
  if (!isChange(request)) return;
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isOwn =
    site === undefined ? origin === undefined || URL.parse(origin)?.host === host : site === 'same-origin';
  if (isOwn) return;
  const message = 'The request comes from a page of another site. Use the console of this hub.';
  throw new DomainError('forbidden', 'cross_site', message);
}

/**
 * By what the caller may do it: its own scopes, what an operator was allowed for a while at this institution, or nothing.
 *
 * @param tenantId none where it is about all of them
 */
export async function findRight(
  deps: Deps,
  caller: Pick<Caller, 'scopes' | 'signedIn' | 'onlyTenantId'>,
  scope: ApiScope,
  tenantId: TenantId | undefined,
): Promise<'own' | 'raised' | undefined> {
  const anyOf = enoughFor(scope);
  if (anyOf.some((each) => caller.scopes.includes(each))) return 'own';
  // Who was given a role since that raises nothing has nothing raised.
  const mayRaise = caller.onlyTenantId === null && caller.scopes.includes('break-glass:write');
  if (tenantId !== undefined && caller.signedIn !== undefined && mayRaise) {
    const raised = await raisedScopes(deps, tenantId, caller.signedIn.operator.operatorId);
    if (anyOf.some((each) => raised.includes(each))) return 'raised';
  }
  return undefined;
}

/**
 * @returns whether it took raised rights
 * @throws DomainError forbidden `insufficient_scope` (RFC 6750 §3.1)
 */
export async function requireAllowed(
  deps: Deps,
  caller: Caller,
  scope: ApiScope,
  tenantId: TenantId | undefined,
): Promise<boolean> {
  const right = await findRight(deps, caller, scope, tenantId);
  if (right !== undefined) return right === 'raised';
  const who = caller.signedIn === undefined ? 'The API token lacks' : 'Your roles lack';
  const message = `${who} the scope for this: ${enoughFor(scope).join(' or ')}.`;
  throw new DomainError('forbidden', 'insufficient_scope', message, { details: { scope } });
}

/** Somebody at the console. @throws DomainError forbidden `session_needed` for a program */
export function requireSignedIn(signedIn: SignedInOperator | undefined): SignedInOperator {
  if (signedIn !== undefined) return signedIn;
  const message = 'This is for somebody signed in at the console, not for an API token.';
  throw new DomainError('forbidden', 'session_needed', message);
}

/**
 * The tenant of the address. One that the caller does not reach is told as one that does not exist.
 *
 * @throws DomainError not_found `tenant_unknown`
 */
export async function getReachedTenant(
  db: Database,
  slug: string,
  { onlyTenantId }: Pick<Caller, 'onlyTenantId'>,
): Promise<Tenant> {
  const tenant = await findTenantBySlug(db.directory, slug);
  const isReached = onlyTenantId === null || onlyTenantId === tenant?.tenantId;
  if (tenant !== undefined && isReached) return tenant;
  const message = 'You reach no tenant of this short name. Check it, and the API token if you sent one.';
  throw new DomainError('not_found', 'tenant_unknown', message);
}

/** @throws DomainError forbidden `tenant_only` for a caller of one tenant */
export function requireWholeHub({ onlyTenantId }: Pick<Caller, 'onlyTenantId'>): undefined {
  if (onlyTenantId === null) return;
  const message = 'This is about all tenants, and you reach one. Ask below /api/v1/tenants/.';
  throw new DomainError('forbidden', 'tenant_only', message);
}
