import type { PhaseTime } from '../load/flow.ts';

/** One timed run of a side. */
export interface Round {
  count: number;
  seconds: number;
  perSecond: number;
  phases: PhaseTime[];
}

/** One of the things compared. Launches carry on where the last call ended, so each has a number of its own. */
export interface Side {
  name: string;
  pids: readonly number[];
  /** Takes this many new launches through, timed, every answer checked. */
  run(count: number): Promise<Round>;
  close(): Promise<void>;
}

export function roundOf(count: number, phases: PhaseTime[]): Round {
  const seconds = phases.reduce((sum, phase) => sum + phase.seconds, 0);
  return { count, seconds, perSecond: count / seconds, phases };
}

/** Both sides run as two processes, with sixteen connections, or loops, to each. */
export const processCount = 2;
export const lanesPerProcess = 16;
