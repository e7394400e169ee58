import type { HUB_TENANT, TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database, HubTx, TenantTx } from '../platform/db.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import type { Passwords } from './passwords/hashing.ts';

/** What signing in at the console works with. */
export interface OperatorServices {
  db: Database;
  clock: Clock;
  secrets: Secrets;
  passwords: Passwords;
  /** The hub's address, without a trailing slash. */
  baseUrl: string;
}

/** A handle on the rows of whoever owns an account: an institution, or the hub. */
export type OwnerTx = TenantTx | HubTx;
export type OwnerId = TenantId | typeof HUB_TENANT;
