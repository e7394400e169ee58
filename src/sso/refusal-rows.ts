import type { TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import { callerOf } from '../platform/http/client-address.ts';
import { createRateLimiter } from '../platform/http/rate-limit.ts';

/** A try to sign in that was refused. */
export interface RefusedTry {
  tenantId: TenantId;
  /** Of the browser. */
  address: string | undefined;
  /** False where no request of this browser was answered. */
  isProven: boolean;
}

/** How many refusals are written down: a stranger must not fill the table. Whoever is refused reads why all the same. */
export interface RefusalRows {
  keeps(refused: RefusedTry): boolean;
}

/**
 * Bounds of this copy: a tenant keeps a row a second of what anyone can send. What a browser began here, or typed into a form
 * of ours, says more; but a program can do that too, so an address has a bound. A whole school may stand behind one.
 */
export function createRefusalRows(clock: Clock): RefusalRows {
  const unproven = createRateLimiter({ name: 'unproven_sign_in', perSecond: 1, burst: 60, clock });
  const proven = createRateLimiter({ name: 'refused_sign_in', perSecond: 1, burst: 300, clock });
  return {
    keeps: ({ tenantId, address, isProven }) =>
      isProven ? proven.take(`${tenantId} ${callerOf(address)}`).allowed : unproven.take(tenantId).allowed,
  };
}
