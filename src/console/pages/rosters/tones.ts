import type { RunState, SourceStatus } from '../../../../contracts/sync.ts';
import type { Tone } from '../../parts/tone.ts';

/** How the states of runs look. */
export const runTones: Readonly<Record<RunState, Tone>> = {
  requested: 'busy',
  reading: 'busy',
  staged: 'busy',
  validated: 'busy',
  planned: 'busy',
  held: 'warn',
  approved: 'busy',
  discarded: 'calm',
  applying: 'busy',
  applied: 'good',
  undone: 'calm',
  failed: 'bad',
  cancelled: 'calm',
};

/** Whether a run goes on by itself, so that it is worth looking again soon. */
export function isUnderWay(state: RunState): boolean {
  return runTones[state] === 'busy';
}

export const sourceTones: Readonly<Record<SourceStatus, Tone>> = {
  active: 'good',
  paused: 'warn',
  disabled: 'calm',
};
