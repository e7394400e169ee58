import { isOfTenant } from '../../../contracts/http/endpoint.ts';
import { mayCall } from '../../../contracts/http/roles.ts';
import { type ApiScope, apiScopes, enoughFor } from '../../../contracts/http/scopes.ts';
import { type EndpointName, type Reply, rightOf } from '../api/contracts.ts';

/** Who is signed in, or nobody yet: then nothing is allowed. */
export interface Session {
  readonly who: Reply<'showOwnSession'> | null;
  readonly csrfToken: string | null;
  /** Whether the hub will allow it; the hub decides by itself, this only spares people dead ends. */
  can(scope: ApiScope): boolean;
  /** The same of one endpoint: what the hub would refuse is not offered. */
  mayCall(name: EndpointName): boolean;
}

/**
 * The session of somebody, or of nobody.
 *
 * @param raised what they may do besides for a while, at the institution that is shown
 */
export function createSession(
  who: Reply<'showOwnSession'> | null,
  raised: readonly ApiScope[] = [],
): Session {
  const own = who?.scopes ?? [];
  const scopes = apiScopes.filter((scope) => own.includes(scope) || raised.includes(scope));
  const ofOneTenant = who !== null && who.tenantSlug !== null;
  return {
    who,
    csrfToken: who?.csrfToken ?? null,
    can: (scope) => who !== null && enoughFor(scope).some((enough) => scopes.includes(enough)),
    mayCall: (name) => {
      const right = rightOf(name);
      // What is raised for a while is nobody's to give, and is of one institution.
      const held = right.lends === undefined && isOfTenant(right) ? scopes : own;
      return who !== null && mayCall(right, { scopes: held, ofOneTenant });
    },
  };
}
