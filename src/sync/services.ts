import type { Connector } from '../../contracts/connector.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Jobs } from '../platform/jobs.ts';
import type { Log } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import type { RosterEngine } from './engine.ts';
import type { ConnectorHost } from './host/host.ts';

/** How much is done at once, and how long things may take. */
export interface SyncLimits {
  /** Largest package that may be handed over. */
  uploadBytes: number;
  /** Runs of one tenant that are worked on at once; others wait in their order. */
  runsPerTenant: number;
  /** Runs of all tenants that wait, for somebody or their source, and keep their room in staging; others are read again. */
  heldInStaging: number;
  /** After so long without a sign of life another copy takes a run up. */
  leaseMs: number;
  /** After so long without anything from its source a run is put off. */
  silenceMs: number;
  /** How long a source may take to stop when it is told. */
  graceMs: number;
  /** Findings kept of a run's reading. */
  findings: number;
}

export const usualLimits: SyncLimits = {
  uploadBytes: 2 * 1024 ** 3,
  runsPerTenant: 2,
  heldInStaging: 3,
  leaseMs: 60_000,
  silenceMs: 30 * 60_000,
  graceMs: 30_000,
  findings: 20_000,
};

/** What syncing needs. */
export interface SyncServices {
  db: Database;
  clock: Clock;
  log: Log;
  secrets: Pick<Secrets, 'seal' | 'open'>;
  engine: RosterEngine;
  host: ConnectorHost;
  connectors: readonly Connector[];
  enqueue: Jobs['enqueue'];
  limits?: Partial<SyncLimits>;
}

/** @returns the limits that hold: the usual ones, where nothing else is said */
export function limitsOf({ limits }: Pick<SyncServices, 'limits'>): SyncLimits {
  return { ...usualLimits, ...limits };
}
