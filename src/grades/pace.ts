const mostBeats = 8;

/** When a drain looks for due lines again. */
export interface Pace {
  /**
   * Milliseconds to wait before the next take; 0 or less: none.
   *
   * @param expected more scores have come since the last take; else there is only something to be settled
   */
  rest(expected: boolean): number;
  /** @param wasFull as many lines were taken as wanted: more may be due, and a backlog is not kept waiting */
  noteTake(lines: number, wasFull: boolean): void;
}

/**
 * Scores that drip in over a busy connection are gathered for a moment: a take for each of them would cost as much as one
 * for many. The first after a pause does not wait, nor does a backlog; where they keep coming, the moment grows to eight
 * times `gatherMs`. It ends on a beat that all drains of a copy share, so that their statements travel together.
 */
export function createPace(gatherMs: number, now: () => number = () => performance.now()): Pace {
  let takenAt = Number.NEGATIVE_INFINITY;
  let beats = 1;
  return {
    rest: (expected) =>
      takenAt === Number.NEGATIVE_INFINITY || gatherMs === 0
        ? 0
        : (Math.floor(takenAt / gatherMs) + (expected ? beats : 1)) * gatherMs - now(),
    noteTake: (lines, wasFull) => {
      const goesOn = lines > 0 && now() - takenAt < 2 * beats * gatherMs;
      takenAt = wasFull ? Number.NEGATIVE_INFINITY : now();
      if (lines > 0) beats = goesOn ? Math.min(beats * 2, mostBeats) : 1;
    },
  };
}
