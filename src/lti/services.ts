import type { Refusal } from '../health/refusals.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import type { LaunchDirectory } from './directory.ts';
import type { JwksCache } from './jwks.ts';
import type { Signer } from './keys/signer.ts';
import type { ReturnAddresses } from './return-addresses.ts';

/** What the launch flows are given; they reach for nothing else. */
export interface LtiServices {
  db: Database;
  clock: Clock;
  /** The hub's own address without a trailing slash; its issuer towards tools. */
  baseUrl: string;
  directory: LaunchDirectory;
  jwks: JwksCache;
  signer: Signer;
  secrets: Secrets;
  /** From which the hashes of released fields are keyed. */
  releaseSecret: Buffer;
  /** Who may frame a page that belongs to no registration: CSP sources. */
  frameAncestors: readonly string[];
  /** How many rows of unproven refusals a tenant keeps, by tenant id. */
  unprovenRows: { take(tenantId: string): { allowed: boolean } };
  /** Seals the LMS's return addresses into addresses of the hub. */
  returnAddresses: ReturnAddresses;
  /** Counts a refusal that has no tenant to keep a row for. Never waits, never throws. */
  recordRefusal(refusal: Refusal): void;
}
