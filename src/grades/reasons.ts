import type { FamilyName } from '../connections/families.ts';
import type { Outcome } from '../health/outcomes.ts';
import type { GradeReason } from './destination.ts';
import type { GradeReasonEntry } from './reasons/entry.ts';
import { lmsReasons } from './reasons/lms.ts';
import { hubReasons, wayReasons } from './reasons/way.ts';
import type { DeliveryState } from './states.ts';

export type { GradeReasonEntry, GradeTurn } from './reasons/entry.ts';

/** Every reason, explained. */
export const gradeReasons: Readonly<Record<GradeReason, GradeReasonEntry>> = {
  ...lmsReasons,
  ...wayReasons,
  ...hubReasons,
};

/** Narrows stored text to a reason. */
export function isGradeReason(text: string): text is GradeReason {
  return Object.hasOwn(gradeReasons, text);
}

/**
 * What mends it, for an engineer, in English: the general advice, and then what differs for the LMS family.
 *
 * @param partner the partner of the connection; one that is no LMS family gets the general advice
 */
export function gradeAdvice(reason: GradeReason, partner: string): string {
  const { advice, adviceByFamily = {} }: GradeReasonEntry = gradeReasons[reason];
  const more = Object.hasOwn(adviceByFamily, partner) ? adviceByFamily[partner as FamilyName] : undefined;
  return more === undefined ? advice : `${advice} ${more}`;
}

/**
 * How a delivery that has ended counts in the health reports.
 *
 * @param reason why it ended; undefined counts as the destination's failure where it was not taken
 */
export function outcomeOf(
  state: Exclude<DeliveryState, 'pending'>,
  reason: GradeReason | undefined,
): Outcome {
  const known = reason === undefined ? 'failed_partner' : gradeReasons[reason].outcome;
  switch (state) {
    case 'delivered':
      return 'success';
    case 'superseded':
      // The newest score wins, and it was this one's place that it took: what was promised was done.
      return 'success';
    case 'discarded':
      return 'suppressed';
    case 'refused':
      return known;
    case 'expired':
      return known === 'failed_config' ? 'failed_config' : 'failed_partner';
  }
}
