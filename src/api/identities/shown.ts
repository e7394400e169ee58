import type { z } from 'zod';
import type { identityFields } from '../../../contracts/http/identity-fields.ts';
import type { listSessions } from '../../../contracts/http/sessions.ts';
import type * as signIns from '../../../contracts/http/sign-ins.ts';
import type { WatchedIdentity } from '../../sso/identities/warnings.ts';
import type { Session } from '../../sso/sessions/session.ts';
import { explainSignIn, type SignInRecord } from '../../sso/sign-ins.ts';

type Sessions = z.input<typeof listSessions.reply.schema>['sessions'];
type SignIns = z.input<typeof signIns.listSignIns.reply.schema>['signIns'];
type SignInDetails = z.input<typeof signIns.showSignIn.reply.schema>['signIns'];

/** A connection as replies show it. */
export function showIdentity({ warnings, ...identity }: WatchedIdentity): z.input<typeof identityFields> {
  return {
    ...identity,
    warnings: warnings.map(({ validTo, ...rest }) => ({ ...rest, validTo: validTo.toISOString() })),
  };
}

/** A session as replies show it: what the other side calls the person stays here. */
export function showSession(session: Session): Sessions[number] {
  const { sessionId, personId, connectionId, role } = session;
  return {
    ...{ sessionId, personId, connectionId, role },
    startedAt: session.startedAt.toISOString(),
    seenAt: session.seenAt.toISOString(),
    idleUntil: session.idleUntil.toISOString(),
    endsAt: session.endsAt.toISOString(),
  };
}

/** A try to sign in as lists show it. */
export function showSignIn({ isTest: test, trace: _trace, at, ...rest }: SignInRecord): SignIns[number] {
  return { ...rest, test, at: at.toISOString() };
}

/** A try with the rules it was held against, and what mends it. */
export function showSignInDetails(record: SignInRecord): SignInDetails[number] {
  const reason = explainSignIn(record);
  return {
    ...showSignIn(record),
    trace: record.trace,
    explanation: reason === undefined ? null : explain(reason),
  };
}

function explain({ turn, advice, helpDesk, specification }: NonNullable<ReturnType<typeof explainSignIn>>) {
  return { turn, advice, helpDesk, specification };
}
