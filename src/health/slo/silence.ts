/** An hour of a connection, and the same hour by the school's own clocks in the weeks before. */
export interface HourOfTraffic {
  observed: number;
  /** Whether the timetable has lessons on that day; undefined: there is no calendar. */
  isSchoolDay: boolean | undefined;
  before: readonly { count: number; isSchoolDay: boolean | undefined }[];
}

/** So many like hours at least are compared with, and each of them had so much traffic. */
const leastHours = 3;
const leastTraffic = 10;

/**
 * Whether an hour is silent in which the timetable expects traffic. Without a calendar nothing is expected: a holiday would
 * wake somebody.
 */
export function decideSilence({ observed, isSchoolDay, before }: HourOfTraffic): boolean {
  if (observed > 0 || isSchoolDay !== true) return false;
  const alike = before.filter((hour) => hour.isSchoolDay === true);
  return alike.length >= leastHours && alike.every(({ count }) => count >= leastTraffic);
}
