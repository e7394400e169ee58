import { getDefaultHighWaterMark } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DomainError } from '../errors.ts';
import { RoundTrip, type StatementResult } from '../sql/round-trip.ts';
import { type PreparedText, Sql, toPrepared } from '../sql/sql.ts';
import { statementName } from './statement-name.ts';

export interface PoolOptions {
  url: string;
  applicationName: string;
  /** The role its connections work as. */
  role: string;
  /** Most connections. */
  connections: number;
  statementTimeoutMs: number;
  /** How much longer a silent server is waited for before its connection counts as lost, in milliseconds. Default 10,000. */
  silenceMs?: number | undefined;
  /** Further settings of the server for each connection. */
  settings?: Readonly<Record<string, string>>;
  onError(error: Error): void;
}

/** A connection that is lent out. */
export interface Connection {
  /**
   * Runs the statements in one round trip, all of them or none.
   *
   * @throws DomainError `database_unavailable` when the connection is lost under way: whether they were done is not known
   */
  send(statements: (Sql | PreparedText)[]): Promise<StatementResult[]>;
  /**
   * Takes text in by COPY, as it comes and no faster than the server takes it. A chunk is sent before the next one is asked
   * for, which may use the same memory. @returns how many rows
   */
  copyIn(target: CopyTarget, chunks: AsyncIterable<Buffer>, signal: AbortSignal): Promise<number>;
  /** Ends a transaction that failed. */
  rollback(): Promise<void>;
}

/** A table and its columns in the order of the text. CSV; what is empty is NULL, quoted or not. */
export interface CopyTarget {
  table: string;
  columns: readonly string[];
}

/** Connections of one role. */
export interface Pool {
  /** @throws DomainError `database_unavailable` */
  borrow<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Ends every connection, and waits until they are closed. */
  drain(): Promise<void>;
}

export function openPool(options: PoolOptions): Pool {
  const settings = {
    role: options.role,
    statement_timeout: String(options.statementTimeoutMs),
    timezone: 'UTC',
    ...options.settings,
  };
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.connections,
    connectionTimeoutMillis: 5_000,
    // What stands between forgets connections that nobody uses, and says nothing.
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    // The plans of a connection that was idle would be made anew, at the bell, for everybody at once.
    idleTimeoutMillis: 300_000,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  // The server ends a statement at its time-out. One that is still silent then has gone away without a word, as when its
  // machine died or a network was cut: such a connection would hold a place in the pool for as long as TCP tries.
  const patienceMs = options.statementTimeoutMs + (options.silenceMs ?? 10_000);
  /** Connections that are closed rather than handed back. */
  const unsure = new WeakSet<pg.ClientBase>();
  /** Those of them that nothing more can be asked of. */
  const lost = new WeakSet<pg.ClientBase>();
  const connections = countOpen(pool);
  pool.on('error', options.onError);
  // A connection that breaks while it is lent out tells nobody else, and an unheard 'error' ends the process.
  pool.on('connect', (client) => client.on('error', () => unsure.add(client)));

  async function send(client: pg.PoolClient, statements: (Sql | PreparedText)[]): Promise<StatementResult[]> {
    const trip = new RoundTrip(statements.map(toWire), patienceMs);
    client.query(trip);
    try {
      return await trip.finished;
    } catch (error) {
      if (trip.connectionIsUnsure) unsure.add(client);
      if (!trip.connectionIsLost) throw error;
      unsure.add(client);
      lost.add(client);
      throw unavailable(error);
    }
  }

  return {
    borrow: async (work) => {
      const client = await pool.connect().catch((cause: unknown) => {
        throw unavailable(cause);
      });
      try {
        return await work({
          send: (statements) => send(client, statements),
          copyIn: async (target, chunks, signal) => {
            const stream = client.query(copyFrom(copyText(target)));
            // No stream between them: it would ask for one ahead, which may be written over the one on its way.
            await pipeline(keepSmall(chunks), stream, { signal });
            return stream.rowCount;
          },
          rollback: async () => {
            if (lost.has(client)) return;
            await client.query('rollback').catch(() => unsure.add(client));
          },
        });
      } finally {
        client.release(unsure.has(client));
      }
    },
    drain: async () => {
      await pool.end();
      await connections.none();
    },
  };
}

function toWire(statement: Sql | PreparedText) {
  const { text, values } = statement instanceof Sql ? toPrepared(statement) : statement;
  return { name: statementName(text), text, values };
}

/**
 * A socket asks for more while a chunk below its mark still waits to be sent: such a chunk is copied, since its memory may
 * be used again. It asks for nothing before a larger one has been sent.
 */
async function* keepSmall(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  for await (const chunk of chunks)
    yield chunk.length < getDefaultHighWaterMark(false) ? Buffer.from(chunk) : chunk;
}

function copyText({ table, columns }: CopyTarget): string {
  const names = columns.map((name) => pg.escapeIdentifier(name)).join(', ');
  return `copy ${pg.escapeIdentifier(table)} (${names}) from stdin with (format csv, force_null (${names}))`;
}

function unavailable(cause: unknown): DomainError {
  const message = 'The database does not answer. Try again shortly.';
  return new DomainError('internal', 'database_unavailable', message, { cause });
}

/**
 * Counts connections from their opening to the end of their sockets: pg resolves `end()` before, and a database that goes
 * away then would look like a fault. One that was given up a moment ago is no longer in the pool's own count.
 */
function countOpen(pool: pg.Pool): { none(): Promise<void> } {
  let open = 0;
  let closed: PromiseWithResolvers<void> | undefined;
  pool.on('connect', () => {
    open += 1;
  });
  pool.on('remove', () => {
    open -= 1;
    if (open === 0) closed?.resolve();
  });
  return {
    none: () => {
      closed ??= Promise.withResolvers<void>();
      if (open === 0) closed.resolve();
      return closed.promise;
    },
  };
}
