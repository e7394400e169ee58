/** A statement with its values apart: made only by the `sql` tag, so a value cannot become SQL text. */
export class Sql {
  readonly strings: readonly string[];
  readonly values: readonly SqlPiece[];

  constructor(strings: readonly string[], values: readonly SqlPiece[]) {
    this.strings = strings;
    this.values = values;
  }
}

export type SqlValue = string | number | boolean | bigint | Date | Buffer | null | readonly SqlValue[] | Json;
type SqlPiece = SqlValue | Sql;

/** A value sent as json or jsonb. */
export class Json {
  readonly text: string;
  constructor(value: unknown) {
    this.text = JSON.stringify(value);
  }
}

/** Wraps a value for a json or jsonb column. */
export function json(value: unknown): Json {
  return new Json(value);
}

/**
 * Template tag for SQL. Values become bind parameters; a nested `sql` fragment is spliced in with its own.
 * `undefined` is refused, since a forgotten value must not become NULL.
 */
export function sql(strings: TemplateStringsArray, ...values: (SqlPiece | undefined)[]): Sql {
  for (let i = 0; i < values.length; i++) {
    if (values[i] === undefined) {
      throw new TypeError(`SQL value ${i + 1} is undefined, after: …${(strings[i] ?? '').slice(-60)}`);
    }
  }
  return new Sql(strings, values as SqlPiece[]);
}

export interface PreparedText {
  text: string;
  values: unknown[];
}

/** The text with numbered parameters ($1, $2, …) and their values, as PostgreSQL wants them. */
export function toPrepared(statement: Sql): PreparedText {
  const values: unknown[] = [];
  return { text: write(statement, values), values };
}

function write(statement: Sql, values: unknown[]): string {
  let text = statement.strings[0] ?? '';
  for (let i = 0; i < statement.values.length; i++) {
    const value = statement.values[i];
    if (value instanceof Sql) text += write(value, values);
    else text += `$${values.push(value instanceof Json ? value.text : value)}`;
    text += statement.strings[i + 1] ?? '';
  }
  return text;
}
