/** A take of so many lines shows a backlog, which is not kept waiting. */
const manyLines = 16;

const mostBeats = 8;

/** When a drain looks for due lines again. */
export interface Pace {
  /** Milliseconds to wait before the next take; 0 or less: none. */
  rest(): number;
  noteTake(lines: number): void;
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
    rest: () =>
      takenAt === Number.NEGATIVE_INFINITY || gatherMs === 0
        ? 0
        : (Math.floor(takenAt / gatherMs) + beats) * gatherMs - now(),
    noteTake: (lines) => {
      const goesOn = lines > 0 && now() - takenAt < 2 * beats * gatherMs;
      takenAt = lines < manyLines ? now() : Number.NEGATIVE_INFINITY;
      if (lines > 0) beats = goesOn ? Math.min(beats * 2, mostBeats) : 1;
    },
  };
}
