import type { TenantTx } from '../../platform/db.ts';
import type { EndAdmins } from '../admins.ts';
import type { Session } from './session.ts';
import { type PartnerChoice, selectPartnerHashes } from './session-store.ts';
import { endFor } from './sessions.ts';

/**
 * Ends whatever came of a session that the other side says is over: at the portal, and at the console of admins who came by the
 * same connection. A connection that is paused ends sessions too.
 */
export async function endByPartner(
  tx: TenantTx,
  choice: PartnerChoice,
  { now, endAdmins }: { now: number; endAdmins: EndAdmins | undefined },
): Promise<void> {
  await endFor(tx, choice, 'partner', now);
  await endAdmins?.(tx, choice, now);
}

/**
 * Whoever leaves the portal leaves the other side as well: its session is over, and with it what they have at the console by it. Who
 * asked for the logout is not told of it again (SAML Profiles 2.0, 4.4.3). Where no session was named, only the provider can tell
 * which of a person's it was.
 */
export async function endBeside(
  tx: TenantTx,
  { sessionId, connectionId }: Pick<Session, 'sessionId' | 'connectionId'>,
  { now, endAdmins }: { now: number; endAdmins: EndAdmins | undefined },
): Promise<void> {
  const { partnerNameHash, partnerIndexHash } = (await selectPartnerHashes(tx, sessionId)) ?? {};
  if (!partnerNameHash || !partnerIndexHash) return;
  await endAdmins?.(tx, { connectionId, partnerNameHash, partnerIndexHashes: [partnerIndexHash] }, now);
}
