import type { ZodObject } from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import type { Log } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets/secrets.ts';
import type { Protocol } from './identities/identity.ts';

/** What a protocol asks of its connections. */
export interface ProtocolTerms {
  /** Secret ones are marked by `secret()` of the connector contract. */
  settings: ZodObject;
  presets: readonly string[];
}

/** What signing in is given; it reaches for nothing else. */
export interface SsoServices {
  db: Database;
  clock: Clock;
  log: Log;
  secrets: Secrets;
  /** The hub's own address without a trailing slash. */
  baseUrl: string;
  protocols: Readonly<Partial<Record<Protocol, ProtocolTerms>>>;
}
