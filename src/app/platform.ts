import type { Config } from '../config.ts';
import { type Breakers, createBreakers } from '../health/breaker/breakers.ts';
import { guardByBreaker } from '../health/breaker/guarded-fetch.ts';
import { createRefusalRecorder, type Refusal, type RowlessCall } from '../health/refusals.ts';
import type { Clock } from '../platform/clock.ts';
import { type Database, openDatabase } from '../platform/db.ts';
import type { Log } from '../platform/log.ts';
import { createOutbound, type OutboundFetch } from '../platform/outbound/fetch.ts';
import { traceOutbound } from '../platform/outbound/traced.ts';
import { createSecrets, type Secrets } from '../platform/secrets/secrets.ts';
import { openTelemetry, type Telemetry } from '../platform/telemetry.ts';
import type { Closers } from './closers.ts';
import { randomShare } from './random-share.ts';
import { openKeyEncryptionKeys, type Storage } from './storage.ts';

/** What everything above is built on, opened once. */
export interface Platform {
  db: Database;
  clock: Clock;
  telemetry: Telemetry;
  secrets: Secrets;
  fetch: OutboundFetch;
  /** The same for work that can wait: a host that is down is left alone. */
  partnerFetch: OutboundFetch;
  /** What is known of servers that are down, for whatever is no HTTP. */
  breakers: Breakers;
  recordRefusal(refusal: Refusal): void;
  recordCall(call: RowlessCall): void;
}

export interface PlatformOptions {
  config: Config;
  storage: Pick<Storage, 'url'>;
  log: Log;
  clock: Clock;
}

/** Opens the platform; what it opens is closed through `closers`. */
export async function openPlatform(options: PlatformOptions, closers: Closers): Promise<Platform> {
  const { config, log, clock } = options;
  const telemetry = await openTelemetry(config.telemetry);
  closers.add(() => telemetry.stop());
  const db = await openAppDatabase(options, config.databaseConnections);
  closers.add(() => db.close());
  const secrets = createSecrets({ kek: await openKeyEncryptionKeys(config), clock });
  const outbound = createOutbound({
    allowLoopback: config.allowLoopback,
    userAgent: userAgentOf(config),
    onAttempt: ({ host, method, status = 0, ms, errorCode = 'none' }) => {
      log.debug('outbound', { host, method, status, milliseconds: ms, code: errorCode });
      const attributes = { 'server.address': host, 'error.type': errorCode };
      telemetry.record('http.client.request.duration', ms / 1000, attributes);
    },
  });
  closers.add(() => outbound.close());
  const refusals = createRefusalRecorder({ database: db, clock, log });
  closers.add(() => refusals.stop());
  const fetch = traceOutbound(outbound, telemetry);
  const breakers = createBreakers({ db, clock, log, random: randomShare });
  return {
    db,
    clock,
    telemetry,
    secrets,
    fetch,
    partnerFetch: guardByBreaker(fetch, breakers),
    breakers,
    recordRefusal: refusals.record,
    recordCall: refusals.record,
  };
}

/** How the hub names itself to other servers. */
export function userAgentOf({ baseUrl }: Pick<Config, 'baseUrl'>): string {
  return `Gatehouse (+${baseUrl})`;
}

/** The database with so many connections at most for requests and jobs. */
export function openAppDatabase(
  { config, storage, log }: Omit<PlatformOptions, 'clock'>,
  connections: number,
): Promise<Database> {
  return openDatabase({
    url: storage.url,
    applicationName: 'gatehouse',
    connections,
    statementTimeoutMs: config.statementTimeoutMs,
    onError: (error) => log.warn('database_connection_lost', { error }),
  });
}
