/** What the LMS has seen, for the check after every phase. */
export interface LmsCounts {
  /** Scores stored. */
  stored: number;
  /** Scores stored a second time. */
  doubled: number;
  /** Scores that came after a newer one of their line. */
  disordered: number;
  /** Scores that came while another one of their line was under way. */
  overlapping: number;
  /** Requests that were not understood. */
  refused: number;
  /** Lines whose score is not the one expected. */
  missing: number;
}

/** The LMS's gradebook: the last score of every line, and what went wrong on the way there. */
export interface LmsLedger {
  counts: LmsCounts;
  /** A score has come and is not stored yet. */
  begin(line: number): void;
  /** It is stored. */
  store(line: number, number: number): void;
  /**
   * Says what the last score of each line has to be in the end; 0 where that is not asked.
   *
   * @param whenMet is called once, as soon as it is so
   */
  expect(finals: Int32Array, whenMet: () => void): void;
}

export function createLedger(lineCount: number): LmsLedger {
  const last = new Int32Array(lineCount);
  const underWay = new Uint8Array(lineCount);
  const counts: LmsCounts = {
    stored: 0,
    doubled: 0,
    disordered: 0,
    overlapping: 0,
    refused: 0,
    missing: 0,
  };
  let expected: { finals: Int32Array; whenMet(): void } | undefined;

  const report = () => {
    if (counts.missing > 0 || expected === undefined) return;
    const { whenMet } = expected;
    expected = undefined;
    whenMet();
  };
  return {
    counts,
    begin: (line) => {
      if (underWay[line] !== 0) counts.overlapping += 1;
      underWay[line] = 1;
    },
    store: (line, number) => {
      underWay[line] = 0;
      const before = last[line] ?? 0;
      counts.stored += 1;
      if (number === before) counts.doubled += 1;
      else if (number < before) counts.disordered += 1;
      last[line] = number;
      const final = expected?.finals[line] ?? 0;
      if (final === 0) return;
      if (before === final && number !== final) counts.missing += 1;
      if (before !== final && number === final) counts.missing -= 1;
      report();
    },
    expect: (finals, whenMet) => {
      counts.missing = finals.reduce(
        (missing, final, line) => missing + (final === 0 || final === last[line] ? 0 : 1),
        0,
      );
      expected = { finals, whenMet };
      report();
    },
  };
}
