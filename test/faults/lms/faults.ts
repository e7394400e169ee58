import type { Random } from '../random.ts';

/** What an LMS may do to a request, beside answering it. `before` and `after` are those of the score's being stored. */
export const faultKinds = [
  'slow_before',
  'slow_after',
  'error_before',
  'error_after',
  'throttle',
  'garbage_before',
  'garbage_after',
  'cut_before',
  'cut_after',
  'hang_after',
  'tokens_forgotten',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How often each happens, 0 to 1 together; the rest is answered in order. */
export type FaultMix = Partial<Record<FaultKind, number>>;

/** What an LMS does from now on. */
export interface FaultPlan {
  mix: FaultMix;
  /** So many times at most that one score comes; afterwards it is answered in order. */
  mostPerScore: number;
}

export const noFaults: FaultPlan = { mix: {}, mostPerScore: 0 };

/** Everything at once, at about every fifth request: more, and the hub would leave the LMS alone most of the time. */
export const stormyMix: FaultMix = {
  slow_before: 0.03,
  slow_after: 0.03,
  error_before: 0.01,
  error_after: 0.05,
  throttle: 0.005,
  garbage_before: 0.005,
  garbage_after: 0.01,
  cut_before: 0.01,
  cut_after: 0.03,
  hang_after: 0.002,
  tokens_forgotten: 0.005,
};

export function chooseFault(mix: FaultMix, random: Random): FaultKind | undefined {
  let rest = random.next();
  for (const kind of faultKinds) {
    rest -= mix[kind] ?? 0;
    if (rest < 0) return kind;
  }
  return undefined;
}
