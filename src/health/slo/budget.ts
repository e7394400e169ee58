import type { CalendarPeriod } from '../../../contracts/calendars.ts';
import type { Counts } from './burn.ts';

export interface Budget {
  target: number;
  valid: number;
  failed: number;
  /** Failures the target has room for, of so many exchanges. */
  allowed: number;
  /** Share of it that is spent: more than 1 is overspent. 0 without traffic. */
  spent: number;
}

/** Fewer failures than this are no trend, however small the school. */
const leastAllowed = 5;

/**
 * What is left of the room for failures over a stretch: 28 days, or the days of exams.
 *
 * @param expected exchanges that the whole stretch will have, while it is not over
 */
export function sumBudget({ valid, failed }: Counts, target: number, expected = 0): Budget {
  // A millionth of a failure is an error of rounding.
  const room = Math.round(Math.max(valid, expected) * (1 - target) * 1e6) / 1e6;
  const allowed = Math.max(leastAllowed, room);
  return { target, valid, failed, allowed, spent: failed / allowed };
}

/** What may be changed for a school now. */
export type Freeze = 'open' | 'fixes_only' | 'frozen';

/** Shares of the exam budget from which on only fixes are made, and nothing but rolling back. */
export const fixesOnlyFrom = 0.5;

/**
 * The freeze rule: during exams their own budget decides, and once it is spent nothing is changed until they are over but
 * to roll back. At other times a spent budget leaves fixes.
 */
export function decideFreeze(
  period: CalendarPeriod | undefined,
  budgets: { exams: Budget | undefined; month: Budget },
): Freeze {
  if (period === 'exams' && budgets.exams !== undefined) {
    if (budgets.exams.spent >= 1) return 'frozen';
    return budgets.exams.spent >= fixesOnlyFrom ? 'fixes_only' : 'open';
  }
  return budgets.month.spent >= 1 ? 'fixes_only' : 'open';
}
