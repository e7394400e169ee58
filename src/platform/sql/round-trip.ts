import pg from 'pg';
// pg's own mapping of JavaScript values to the wire; it is not part of the package's typed front.
import pgUtils from 'pg/lib/utils.js';

export interface WireStatement {
  /** Name of the prepared statement: the same name always has the same text. */
  name: string;
  text: string;
  values: unknown[];
}

interface Field {
  name: string;
  dataTypeID: number;
}

interface Wire {
  parsedStatements: Record<string, string>;
  stream: { cork(): void; uncork(): void };
  parse(message: { text: string; name: string; types?: number[] | undefined }): void;
  bind(message: {
    portal: string;
    statement: string;
    values: unknown[];
    valueMapper(v: unknown): unknown;
  }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  sync(): void;
}

type Row = Record<string, unknown>;

export interface StatementResult {
  rows: Row[];
  /** Rows returned, or changed by a statement that returns none. */
  count: number;
}

/** Row shapes already described on a connection, by statement name. */
const described = new WeakMap<Wire, Map<string, Field[]>>();

/**
 * Several prepared statements in one network round trip: Parse (once a connection), Bind and Execute for
 * each, then a single Sync. PostgreSQL runs what stands before one Sync as one implicit transaction, so
 * all of them commit or none does (PostgreSQL documentation, "Extended Query" and "Pipelining").
 */
export class RoundTrip {
  readonly finished: Promise<StatementResult[]>;
  /** The statements were new to the connection and one failed: which were kept is unknown, so drop it. */
  connectionIsUnsure = false;
  /** It broke, or the server kept silent: what was sent may have been done or not, and nothing more can be asked of it. */
  connectionIsLost = false;
  /** Read by pg, which fails what has no answer after so many milliseconds. */
  readonly query_timeout: number;
  callback: ((error: Error | undefined) => void) | undefined;
  private readonly statements: WireStatement[];
  private readonly rows: Row[][] = [];
  private readonly counts: number[] = [];
  private readonly fresh: WireStatement[] = [];
  private fields: Map<string, Field[]> = new Map();
  private current = 0;
  private settle: { resolve(results: StatementResult[]): void; reject(error: unknown): void };

  constructor(statements: WireStatement[], patienceMs: number) {
    this.query_timeout = patienceMs;
    this.statements = statements.map((statement) => ({
      ...statement,
      values: statement.values.map(pgUtils.prepareValue),
    }));
    const { promise, resolve, reject } = Promise.withResolvers<StatementResult[]>();
    this.finished = promise;
    this.settle = { resolve, reject };
  }

  submit(connection: unknown): Error | null {
    const wire = connection as Wire;
    const known = described.get(wire) ?? new Map<string, Field[]>();
    described.set(wire, known);
    this.fields = known;
    wire.stream.cork();
    try {
      for (const { name, text, values } of this.statements) {
        if (wire.parsedStatements[name] !== text && !this.fresh.some((other) => other.name === name)) {
          wire.parse({ name, text });
          this.fresh.push({ name, text, values });
        }
        wire.bind({ portal: '', statement: name, values, valueMapper: (value) => value });
        if (!known.has(name)) wire.describe({ type: 'P', name: '' });
        wire.execute({ portal: '', rows: 0 });
        this.rows.push([]);
      }
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
    return null;
  }

  handleRowDescription(message: { fields: Field[] }): void {
    const name = this.statements[this.current]?.name;
    if (name !== undefined) this.fields.set(name, message.fields);
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    const fields = this.fields.get(this.statements[this.current]?.name ?? '') ?? [];
    const row: Row = {};
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      const raw = message.fields[i];
      if (field === undefined) continue;
      row[field.name] =
        raw === null || raw === undefined ? null : pg.types.getTypeParser(field.dataTypeID)(raw);
    }
    this.rows[this.current]?.push(row);
  }

  handleCommandComplete(message: { text: string }): void {
    const name = this.statements[this.current]?.name;
    if (name !== undefined && !this.fields.has(name)) this.fields.set(name, []);
    this.counts.push(Number(/\d+$/.exec(message.text)?.[0] ?? 0));
    this.current++;
  }

  handleEmptyQuery(): void {
    this.current++;
  }

  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}

  handleError(error: Error & { code?: string }): void {
    this.connectionIsLost = !isAnswer(error);
    // 0A000: the result type of a cached plan has changed under a migration.
    this.connectionIsUnsure = this.fresh.length > 0 || error.code === '0A000';
    this.settle.reject(error);
    this.callback?.(error);
  }

  handleReadyForQuery(connection: unknown): void {
    for (const { name, text } of this.fresh) (connection as Wire).parsedStatements[name] = text;
    this.settle.resolve(this.rows.map((rows, i) => ({ rows, count: this.counts[i] ?? 0 })));
    this.callback?.(undefined);
  }
}

/**
 * Whether the server itself has answered, and will go on: an SQLSTATE, and none that speaks of a lost connection or of a
 * server going down (PostgreSQL documentation, Appendix A, classes 08 and 57P).
 */
export function isAnswer(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P)/.test(code);
}
