import type { LmsCourse } from '../lms/gradebook.ts';
import type { LmsMemberships } from '../lms/memberships.ts';
import { createLmsTurns } from '../lms-turns.ts';

/** Readings at once: pages are large and LMSs slow to make them. */
const limits = { most: 8, mostWaiting: 200, longestWaitMs: 15_000 };

/** Class lists for calls that tools make: those that are too many at once wait for their turn. */
export function membershipsInTurn(memberships: LmsMemberships): LmsMemberships {
  const ofConnection = createLmsTurns(limits);
  const inTurn = <T>({ connectionId }: LmsCourse, ask: () => Promise<T>) =>
    ofConnection.take(connectionId, ask);
  return {
    readFirst: (course, url, query) => inTurn(course, () => memberships.readFirst(course, url, query)),
    readNext: (course, url, next, groups) =>
      inTurn(course, () => memberships.readNext(course, url, next, groups)),
  };
}
