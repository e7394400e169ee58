import pg from 'pg';

export interface StatementTimes {
  /** The statements of one round trip, by their first words. */
  text: string;
  count: number;
  /** Milliseconds from handing it to the connection until its result was there, together. */
  milliseconds: number;
}

interface RoundTripLike {
  statements?: { text: string }[];
  finished?: Promise<unknown>;
}

const times = new Map<string, StatementTimes>();
const { query } = pg.Client.prototype;

/** Counts every round trip to the database from now on. */
export function startStatementCount(): void {
  times.clear();
  pg.Client.prototype.query = function (this: pg.Client, ...input: unknown[]) {
    const given = input[0] as RoundTripLike | string | { text?: string };
    const start = performance.now();
    const result: unknown = Reflect.apply(query, this, input);
    const finished = typeof given === 'object' && 'finished' in given ? given.finished : result;
    const note = () => add(describe(given), performance.now() - start);
    if (finished instanceof Promise) finished.then(note, note);
    return result;
  } as typeof query;
}

/** Ends the count and says what was counted, the most time first. */
export function stopStatementCount(): StatementTimes[] {
  pg.Client.prototype.query = query;
  return [...times.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

function describe(given: RoundTripLike | string | { text?: string }): string {
  if (typeof given === 'string') return shorten(given);
  if ('statements' in given && given.statements) {
    return given.statements.map(({ text }) => shorten(text)).join(' + ');
  }
  return shorten('text' in given ? (given.text ?? '') : '');
}

function shorten(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 48);
}

function add(text: string, milliseconds: number): void {
  const known = times.get(text) ?? { text, count: 0, milliseconds: 0 };
  times.set(text, { text, count: known.count + 1, milliseconds: known.milliseconds + milliseconds });
}
