import type { LmsCourse, LmsGradebook } from '../lms/gradebook.ts';
import { createLmsTurns } from '../lms-turns.ts';

/**
 * Calls at once, a small part of the sockets that the outbound guard has for a host. Some LMSs are one host for all schools,
 * and scores and keys go over the same sockets: a tool that reads without pause must leave them room.
 */
const mostOfConnection = 16;
const mostOfHost = 32;

const patience = { mostWaiting: 1_000, longestWaitMs: 15_000 };

/** The gradebook for calls that tools make: those that are too many at once wait for their turn. */
export function takeTurns(gradebook: LmsGradebook): LmsGradebook {
  const ofConnection = createLmsTurns({ ...patience, most: mostOfConnection });
  const ofHost = createLmsTurns({ ...patience, most: mostOfHost });

  const inTurn = <T>({ connectionId }: LmsCourse, url: string, ask: () => Promise<T>) =>
    ofConnection.take(connectionId, () => ofHost.take(hostOf(url), ask));

  return {
    listLineItems: (course, url, filters) =>
      inTurn(course, url, () => gradebook.listLineItems(course, url, filters)),
    createLineItem: (course, url, item) =>
      inTurn(course, url, () => gradebook.createLineItem(course, url, item)),
    readLineItem: (course, url) => inTurn(course, url, () => gradebook.readLineItem(course, url)),
    updateLineItem: (course, item) => inTurn(course, item.id, () => gradebook.updateLineItem(course, item)),
    deleteLineItem: (course, url) => inTurn(course, url, () => gradebook.deleteLineItem(course, url)),
    readResults: (course, url, subject) =>
      inTurn(course, url, () => gradebook.readResults(course, url, subject)),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
