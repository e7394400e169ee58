import { type Outcome, outcomeMeanings } from '../../../../contracts/health.ts';
import type { Tone } from '../../parts/tone.ts';

/** How an outcome looks: by the table that says what it means for the numbers. */
export function toneOfOutcome(outcome: Outcome): Tone {
  const { failure, counted } = outcomeMeanings[outcome];
  if (failure) return 'bad';
  return counted ? 'good' : 'calm';
}
