import type { EndAdmins } from '../../sso/admins.ts';
import { endSessions } from './operator-session-store.ts';

/** Ends what admins have at the console of a session that their institution's provider says is over, half-way ones among them. */
export const endAdmins: EndAdmins = async (tx, ended, now) => {
  await endSessions(tx, ended, 'partner', new Date(now));
};
