import type { SourceFinding } from '../../contracts/connector.ts';
import { type CsvFindingCode, csvFindings } from './finding-codes.ts';

interface Entry {
  code: CsvFindingCode;
  column: string | undefined;
  lines: number[];
  count: number;
}

/** Lines named one by one, for each code and column; further ones are only counted. */
const linesNamed = 50;

/** What was found in one file, in a bounded place however bad the file is. */
export class FindingLog {
  readonly #part: string;
  readonly #entries = new Map<string, Entry>();

  constructor(part: string) {
    this.#part = part;
  }

  /** @param at line where it starts and column's name, never a value; `count` of rows where one stands for many */
  add(code: CsvFindingCode, at: { line?: number; column?: string; count?: number } = {}): void {
    const key = `${code} ${at.column ?? ''}`;
    const entry = this.#entries.get(key) ?? { code, column: at.column, lines: [], count: 0 };
    this.#entries.set(key, entry);
    entry.count += at.count ?? 1;
    if (at.line !== undefined && entry.lines.length < linesNamed) entry.lines.push(at.line);
  }

  /** Takes in what another log of the same file holds. */
  join(other: FindingLog): void {
    for (const { code, column, lines, count } of other.#entries.values()) {
      const at = column === undefined ? {} : { column };
      for (const line of lines) this.add(code, { ...at, line });
      if (count > lines.length) this.add(code, { ...at, count: count - lines.length });
    }
  }

  /** How many rows have it. */
  count(code: CsvFindingCode): number {
    return [...this.#entries.values()].reduce(
      (sum, entry) => sum + (entry.code === code ? entry.count : 0),
      0,
    );
  }

  list(): SourceFinding[] {
    return [...this.#entries.values()].flatMap(({ code, column, lines, count }) => {
      const finding: SourceFinding = {
        code,
        severity: csvFindings[code].severity,
        part: this.#part,
        ...(column === undefined ? {} : { column }),
      };
      const named = lines.map((line) => ({ ...finding, line, count: 1 }));
      const others = count - lines.length;
      return others === 0 ? named : [...named, { ...finding, count: others }];
    });
  }
}
