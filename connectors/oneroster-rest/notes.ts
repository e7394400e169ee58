import type { SourceFinding } from '../../contracts/connector.ts';
import { finding, type RestFindingCode } from './finding-codes.ts';

/** Findings of a page: one for each code and column, with the number of rows that have it. */
export interface Notes {
  add(code: RestFindingCode, column?: string): void;
  /** The findings so far; begins anew. */
  take(): SourceFinding[];
  /** Number of the row that is read, for findings about it. */
  at(line: number): void;
}

export function createNotes(part: string): Notes {
  let line = 0;
  let found = new Map<
    string,
    { code: RestFindingCode; column: string | undefined; line: number; count: number }
  >();
  return {
    at: (place) => {
      line = place;
    },
    add(code, column) {
      const key = `${code} ${column ?? ''}`;
      const before = found.get(key);
      if (before) before.count += 1;
      else found.set(key, { code, column, line, count: 1 });
    },
    take() {
      const taken = [...found.values()];
      found = new Map();
      return taken.map(({ code, ...where }) => finding(code, { part, ...where }));
    },
  };
}
