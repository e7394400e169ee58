import type { Outcome } from './health.ts';

/**
 * What the hub asks a connection without people: `launch` its LMS's keys and a launch of the hub's own; `login` its provider or
 * directory; `read` the source of its roster, with a dry run where none told its plan for a week.
 */
export const probeKinds = ['launch', 'login', 'read'] as const;
export type ProbeKind = (typeof probeKinds)[number];

/** How asking ended. What cannot be asked is `suppressed`. */
export interface ProbeEnd {
  readonly outcome: Outcome;
  /** Stable code of why. */
  readonly reason: string | null;
}
