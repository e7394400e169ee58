import { eraseScores } from '../../grades/erase.ts';
import { eraseLaunches } from '../../lti/erase.ts';
import { eraseShownMembers } from '../../lti/nrps/erase.ts';
import type { Eraser } from '../../privacy/erasure.ts';
import { eraseSignIns } from '../../sso/erase.ts';
import { eraseRosterUsers } from '../../sync/erase.ts';

/** Every feature that keeps something of persons, beside the identity graph and the names that tools know. */
export const erasers: readonly Eraser[] = [
  { erase: (tx, { personIds }) => eraseSignIns(tx, personIds) },
  {
    erase: async (tx, { links }) => {
      const shownMembers = await eraseShownMembers(tx, links);
      return shownMembers === 0 ? {} : { shownMembers };
    },
  },
  { erase: async (tx, { personIds }) => ({ launches: await eraseLaunches(tx, personIds) }) },
  { erase: async (tx, { personIds }, now) => ({ scores: await eraseScores(tx, personIds, now) }) },
  {
    erase: async (tx, { links }) => {
      const users = links.filter(({ kind }) => kind === 'roster');
      const rows = users.map(({ connectionId, subject: sourcedId }) => ({ connectionId, sourcedId }));
      return { rosterRows: await eraseRosterUsers(tx, rows) };
    },
  },
];
