import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Lookup } from '../../platform/outbound/connector.ts';
import type { AttemptStore } from './limits.ts';
import type { DirectorySettings } from './settings.ts';

/** A tenant's directory, as its settings are now. */
export interface DirectoryConnection {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** Grows with every change of the settings. */
  readonly version: number;
  readonly settings: DirectorySettings;
  /** Networks outside the public internet in which the operator lets this tenant's directories stand, in CIDR notation. */
  readonly networks: readonly string[];
}

/** What directories are given; they reach for nothing else. */
export interface DirectoryServices {
  clock: Clock;
  log: Log;
  attempts: AttemptStore;
  /** Lets directories on this machine be reached: for demo and tests only. */
  allowLoopback: boolean;
  lookup?: Lookup;
  /**
   * Least time, in milliseconds, until somebody hears that name or password are wrong: an unknown name is refused without a bind,
   * and would be told by its speed.
   */
  leastRefusalMs?: number;
}
