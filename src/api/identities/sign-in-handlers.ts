import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId, PersonId, SessionId, SignInId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { getIdentity } from '../../sso/identities/identities.ts';
import type { SsoServices } from '../../sso/services.ts';
import { listSessions, type RevokedSessions, revokeSessions } from '../../sso/sessions/sessions.ts';
import { getSignIns, listSignIns } from '../../sso/sign-ins.ts';
import { readReference } from '../read-reference.ts';
import type { Handlers } from '../router.ts';
import { showSession, showSignIn, showSignInDetails } from './shown.ts';

type SignInEndpoint = 'listSessions' | 'revokeSessions' | 'listSignIns' | 'showSignIn';

/** What is done for the endpoints about sessions and tries to sign in. */
export function signInHandlers({
  db,
  clock,
}: Pick<SsoServices, 'db' | 'clock'>): Pick<Handlers<typeof endpoints>, SignInEndpoint> {
  return {
    listSessions: async ({ tenant, query: { limit, personId, ...query } }) => {
      const connectionId = query.connectionId as ConnectionId | undefined;
      const page = { connectionId, personId: personId as PersonId | undefined, limit };
      const before = query.before as SessionId | undefined;
      const sessions = await db.withTenant(tenant.tenantId, async (tx) => {
        await requireIdentity(tx, connectionId);
        return listSessions(tx, { ...page, before }, new Date(clock.now()));
      });
      return { sessions: sessions.map(showSession) };
    },
    revokeSessions: async ({ tenant, body, by }) => {
      const choice = chosen(body);
      const ended = await db.withTenant(tenant.tenantId, async (tx) => {
        if ('connectionId' in choice) await requireIdentity(tx, choice.connectionId);
        return revokeSessions(tx, choice, by);
      });
      return { ended };
    },
    listSignIns: async ({ tenant, query: { limit, ...query } }) => {
      const connectionId = query.connectionId as ConnectionId | undefined;
      const before = query.before as SignInId | undefined;
      const signIns = await db.withTenant(tenant.tenantId, async (tx) => {
        await requireIdentity(tx, connectionId);
        return listSignIns(tx, { connectionId, before, limit });
      });
      return { signIns: signIns.map(showSignIn) };
    },
    showSignIn: async ({ tenant, params }) => {
      const reference = readReference(params.reference);
      const signIns = await db.withTenant(tenant.tenantId, (tx) => getSignIns(tx, reference));
      return { signIns: signIns.map(showSignInDetails) };
    },
  };
}

/** A connection that is not there has no sessions and no tries, and is told as what it is. */
async function requireIdentity(tx: TenantTx, connectionId: ConnectionId | undefined): Promise<void> {
  if (connectionId !== undefined) await getIdentity(tx, connectionId);
}

/** The contract lets exactly one of them through. */
function chosen(body: {
  sessionId?: string | undefined;
  personId?: string | undefined;
  connectionId?: string | undefined;
}): RevokedSessions {
  if (body.sessionId !== undefined) return { sessionId: body.sessionId as SessionId };
  if (body.personId !== undefined) return { personId: body.personId as PersonId };
  return { connectionId: body.connectionId as ConnectionId };
}
