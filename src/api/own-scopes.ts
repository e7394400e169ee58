import { lentToAdmins, type OperatorRole, scopesOf } from '../../contracts/http/roles.ts';
import { type ApiScope, enoughFor } from '../../contracts/http/scopes.ts';
import { DomainError } from '../platform/errors.ts';

/**
 * Nobody gives what they do not have: otherwise who may make tokens, or let people in, may do everything.
 *
 * @param own what the caller may do by itself; what is raised for a while is not theirs to give
 * @throws DomainError forbidden `scope_beyond_own`
 */
export function requireOwnScopes(own: readonly string[], wanted: readonly ApiScope[]): void {
  const beyond = wanted.filter((scope) => !enoughFor(scope).some((each) => own.includes(each)));
  if (beyond.length === 0) return;
  const message = `You may not do this yourself, so nobody to whom you give rights may: ${beyond.join(', ')}. Ask an owner.`;
  throw new DomainError('forbidden', 'scope_beyond_own', message, { details: { scopes: beyond } });
}

/** The same of all that roles of the hub's staff may do. @throws as `requireOwnScopes` */
export function requireOwnRoles(own: readonly string[], roles: readonly OperatorRole[]): void {
  requireOwnScopes(own, scopesOf(roles));
}

/** The same of an institution's admin. @throws as `requireOwnScopes` */
export function requireOwnOfAdmin(own: readonly string[]): void {
  requireOwnScopes(own, lentToAdmins);
}
