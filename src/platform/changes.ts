import pg from 'pg';
import type { Queries } from './db.ts';
import type { Log } from './log.ts';
import { sql } from './sql/sql.ts';

const channel = 'gatehouse_changed';

/**
 * Tells every copy that something cached has changed. PostgreSQL sends it at the commit, and not at all when
 * the transaction rolls back.
 *
 * @param topic what changed, ids only, such as `registration:<tenant>:<id>`; at most 7,999 bytes
 */
export async function notifyChanged(tx: Pick<Queries, 'exec'>, topic: string): Promise<void> {
  await tx.exec(sql`select pg_notify(${channel}, ${topic})`);
}

export interface ChangesOptions {
  /** A direct address: LISTEN does not work through a pooler in transaction mode. */
  url: string;
  log: Log;
  onChange(topic: string): void;
  /** Notifications may have been missed: everything cached counts as stale. */
  onReset(): void;
  /** Waits before attempt 1, 2, … to connect again, in milliseconds. */
  backOffMs?(attempt: number): number;
  /** How often a silent connection is asked whether it still lives, in milliseconds. */
  heartbeatMs?: number;
}

export interface Changes {
  stop(): Promise<void>;
}

/**
 * Listens for changes made by any copy, on a connection of its own, which is made again when it breaks. The
 * first listening connection is awaited; if the database is not there yet, it is tried again in the background.
 */
export async function createChanges(options: ChangesOptions): Promise<Changes> {
  const { log, backOffMs = standardBackOff, heartbeatMs = 15_000 } = options;
  let stopped = false;
  let attempt = 0;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const candidate = new pg.Client({
      connectionString: options.url,
      application_name: 'gatehouse changes',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
      options: '-c role=gatehouse_app',
    });
    client = candidate;
    const heartbeat = setInterval(() => void candidate.query('select 1').catch(lose), heartbeatMs).unref();
    let lost = false;
    function lose(error?: unknown): void {
      if (lost) return;
      lost = true;
      clearInterval(heartbeat);
      // A connection given up may hang in its closing; nothing waits for it.
      candidate.end().catch(() => undefined);
      if (!stopped) reconnectLater(error);
    }
    candidate.on('error', lose);
    candidate.on('end', () => lose());
    candidate.on('notification', (message) => deliver(() => options.onChange(message.payload ?? '')));
    try {
      await candidate.connect();
      await candidate.query(`listen ${channel}`);
    } catch (error) {
      lose(error);
      return;
    }
    attempt = 0;
    deliver(() => options.onReset());
  }

  function reconnectLater(error: unknown): void {
    attempt += 1;
    log.warn('changes_connection_lost', { attempt, error });
    retry = setTimeout(() => void connect(), backOffMs(attempt));
  }

  function deliver(work: () => void): void {
    try {
      work();
    } catch (error) {
      log.error('changes_handler_failed', { error });
    }
  }

  await connect();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}

/** Doubles from 0.1 s to 30 s; the jitter keeps copies from coming back in step. */
function standardBackOff(attempt: number): number {
  const longest = Math.min(30_000, 100 * 2 ** (attempt - 1));
  return longest * (0.5 + Math.random() / 2);
}
