import type { ConnectionId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { findSignInReason } from '../reasons.ts';
import type { CheckedStep, OwnSide, SsoServices } from '../services.ts';
import { getIdentity, openIdentity } from './identities.ts';

/** How asking the other side went. */
export interface IdentityCheck {
  isWell: boolean;
  /** A step that failed says what to do. */
  steps: CheckedStep[];
}

/**
 * Asks an identity provider or a directory once whether the settings work; nobody signs in.
 *
 * @throws DomainError not_found `identity_unknown`, conflict `identity_not_checkable`
 */
export async function checkIdentity(
  deps: Pick<SsoServices, 'db' | 'secrets' | 'protocols'>,
  { tenantId, slug }: Pick<Tenant, 'tenantId' | 'slug'>,
  connectionId: ConnectionId,
): Promise<IdentityCheck> {
  const identity = await openIdentity(deps, deps.db.tenant(tenantId), connectionId);
  const { protocol } = identity;
  const check = deps.protocols[protocol].check;
  if (check === undefined) {
    const message = `What signs people in by ${protocol} cannot be asked. Make a test sign-in instead.`;
    throw new DomainError('conflict', 'identity_not_checkable', message);
  }
  const steps = await check({ tenant: { tenantId, slug }, identity });
  return {
    isWell: steps.every(({ reason }) => reason === undefined),
    steps: steps.map((step) => {
      if (step.reason === undefined || step.advice !== undefined) return step;
      const advice = findSignInReason(protocol, step.reason)?.advice;
      return { ...step, ...(advice === undefined ? {} : { advice }) };
    }),
  };
}

/**
 * What the institution enters on its side; nothing where it needs to know nothing of ours.
 *
 * @throws DomainError not_found `identity_unknown`
 */
export async function describeOwnSide(
  { db, protocols, baseUrl }: Pick<SsoServices, 'db' | 'protocols' | 'baseUrl'>,
  { tenantId, slug }: Pick<Tenant, 'tenantId' | 'slug'>,
  connectionId: ConnectionId,
): Promise<OwnSide | undefined> {
  const { protocol, preset } = await getIdentity(db.tenant(tenantId), connectionId);
  return protocols[protocol].ownSide?.({ slug, connectionId, preset, baseUrl });
}
