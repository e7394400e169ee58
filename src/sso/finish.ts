import { newId, type PersonId, type SignInId } from '../../contracts/ids.ts';
import { text } from '../lti/claims.ts';
import { linkSignIn, previewSignIn } from '../people/people.ts';
import type { TenantTx } from '../platform/db.ts';
import type { HostCookie } from '../platform/http/cookies.ts';
import type { Tenant } from '../tenants/tenants.ts';
import type { AdmitAdmin, ConsoleAsked } from './admins.ts';
import type { Identity } from './identities/identity.ts';
import { type SignInReason, signInReason } from './reasons.ts';
import type { RefusalRows } from './refusal-rows.ts';
import { type OneTime, useOnce } from './requests/once-store.ts';
import { decideRole } from './roles.ts';
import type { SsoServices } from './services.ts';
import { hashPartner, sessionCookie, startSession } from './sessions/sessions.ts';
import { type Check, namesOf, type SignedIn, type SignInResult } from './sign-in.ts';
import { insertSignIn } from './sign-in-store.ts';

/** A sign-in that the other side has answered. */
export interface Arrival {
  tenant: Tenant;
  identity: Identity;
  result: SignInResult<string>;
  /** What makes the answer good for one time only. */
  oneTime?: Omit<OneTime, 'connectionId'> | undefined;
  returnTo: string;
  /** A dry one: it shows what would happen and changes nothing. */
  isTest: boolean;
  /** Of an admin on the way to the console, by a request of the hub: what it wants to know again. */
  console?: ConsoleAsked | null | undefined;
  reference: string;
  /** What the browser sent: whoever was signed in there before is so no more. */
  cookieHeader?: string | undefined;
  /** Of the browser. */
  address: string | undefined;
  /** False where no request of this browser was answered: anyone can send that, and it says nothing of the other side. */
  proven?: boolean | undefined;
}

/** What a test sign-in shows to an admin. Holds what the other side said of the person: for that page alone. */
export interface TestReport {
  checks: readonly Check[];
  signedIn: SignedIn | undefined;
  role: string | undefined;
  /** Whom it would lead to, and how. */
  link: Awaited<ReturnType<typeof previewSignIn>> | undefined;
  reason: SignInReason | undefined;
}

export type Finished =
  | { kind: 'signed_in'; location: string; cookie: HostCookie; personId: PersonId }
  /** To the console, as an admin. */
  | { kind: 'admitted'; location: string; cookie: HostCookie }
  | { kind: 'refused'; reason: SignInReason; reference: string; returnTo: string }
  | { kind: 'tested'; report: TestReport };

interface Deps extends Pick<SsoServices, 'db' | 'clock' | 'secrets'> {
  refusalRows: RefusalRows;
  /** Without it nobody comes to the console by their institution. */
  admitAdmin?: AdmitAdmin | undefined;
}

/**
 * Ends a sign-in, in one transaction: what may be used once is used up, the person is found, a session starts and the try
 * is written down. A refusal is written down as well, as long as there are not too many of them.
 */
export async function finishSignIn(deps: Deps, arrival: Arrival): Promise<Finished> {
  const { tenant, identity, result, isTest } = arrival;
  if (isTest) return test(deps, arrival);
  return deps.db.withTenant(tenant.tenantId, async (tx) => {
    if (identity.status !== 'active') return refuse(deps, tx, arrival, 'connection_closed');
    if (!result.accepted) return refuse(deps, tx, arrival, result.reason);
    const { oneTime } = arrival;
    const { connectionId } = identity;
    if (oneTime !== undefined && !(await useOnce(tx, { connectionId, ...oneTime }))) {
      return refuse(deps, tx, arrival, 'replay');
    }
    const { console } = arrival;
    if (console) return admit(deps, tx, { ...arrival, console }, result.signedIn);
    return signIn(deps, tx, arrival, result.signedIn);
  });
}

async function signIn(deps: Deps, tx: TenantTx, arrival: Arrival, signedIn: SignedIn): Promise<Finished> {
  const { tenant, identity, returnTo, cookieHeader } = arrival;
  const now = deps.clock.now();
  const linked = await linkSignIn(tx, toLink(identity, signedIn), { now });
  if (linked.outcome === 'review') return refuse(deps, tx, arrival, 'person_in_review');
  if (linked.outcome === 'unknown') return refuse(deps, tx, arrival, 'person_unknown');
  const { personId } = linked;
  const { subject, partnerSession: details } = signedIn;
  const names = namesOf(signedIn);
  const { secret } = await startSession(
    deps,
    tx,
    {
      personId,
      connectionId: identity.connectionId,
      subject,
      role: decideRole(identity.roleRules, signedIn.groups) ?? null,
      endsAt: signedIn.endsAt,
      perPerson: identity.sessionsPerPerson,
      cookieHeader,
      partner: names && details && { ...names, details },
    },
    now,
  );
  await record(deps, tx, arrival, { outcome: 'success', reason: null, personId, how: linked.outcome });
  return { kind: 'signed_in', location: returnTo, cookie: sessionCookie(tenant.tenantId, secret), personId };
}

/** An admin's account is no person of the school: no link, no roster and no session of the portal has to do with it. */
async function admit(
  deps: Deps,
  tx: TenantTx,
  arrival: Arrival & { console: ConsoleAsked },
  signedIn: SignedIn,
): Promise<Finished> {
  const { issuer, subject, endsAt } = signedIn;
  const { identity, console: asked, returnTo, cookieHeader, address } = arrival;
  const { connectionId } = identity;
  const whose = { connectionId, issuer, subject, endsAt, partner: hashPartner(namesOf(signedIn)) };
  const now = deps.clock.now();
  const admission = await deps.admitAdmin?.(tx, { ...whose, asked, returnTo, cookieHeader, address, now });
  if (!admission?.admitted) return refuse(deps, tx, arrival, admission?.reason ?? 'admin_way_closed');
  await record(deps, tx, arrival, { outcome: 'success', reason: null, personId: null, how: 'admin' });
  return { kind: 'admitted', location: admission.location, cookie: admission.cookie };
}

/** Longer ones are left out, as are those that cannot be stored: nobody is kept out by what is odd about a name. */
const longestText = 500;

/** What people are linked by; never the e-mail address. */
function toLink(identity: Identity, signedIn: SignedIn) {
  const { connectionId, allowsNew, matchAttribute } = identity;
  const matchValue = matchAttribute === null ? undefined : signedIn.attributes[matchAttribute]?.[0];
  const { issuer, subject, name, givenName, familyName, email, locale } = signedIn;
  return {
    connectionId,
    issuer,
    subject,
    matchValue: text(matchValue),
    allowsNew,
    person: {
      name: text(name, longestText),
      givenName: text(givenName, longestText),
      familyName: text(familyName, longestText),
      email: text(email, longestText),
      locale: text(locale, longestText),
    },
  };
}

async function test(deps: Deps, arrival: Arrival): Promise<Finished> {
  const { tenant, identity, result } = arrival;
  const link = result.accepted
    ? await deps.db.withTenant(tenant.tenantId, (tx) => previewSignIn(tx, toLink(identity, result.signedIn)))
    : undefined;
  const reason = result.accepted ? null : result.reason;
  if (result.accepted || keepsRefusal(deps, arrival)) {
    const end = { outcome: 'suppressed' as const, reason, personId: null, how: null };
    await deps.db.withTenant(tenant.tenantId, (tx) => record(deps, tx, arrival, end));
  }
  return {
    kind: 'tested',
    report: {
      checks: result.checks,
      signedIn: result.accepted ? result.signedIn : undefined,
      role: result.accepted ? decideRole(identity.roleRules, result.signedIn.groups) : undefined,
      link,
      reason: result.accepted ? undefined : signInReason(identity.protocol, result.reason),
    },
  };
}

async function refuse(deps: Deps, tx: TenantTx, arrival: Arrival, code: string): Promise<Finished> {
  const reason = signInReason(arrival.identity.protocol, code);
  // What is closed is so for whoever knocks.
  const isTheirs = arrival.proven === false && code !== 'connection_closed';
  const outcome = isTheirs ? 'user_error' : reason.outcome;
  if (keepsRefusal(deps, arrival)) {
    await record(deps, tx, arrival, { outcome, reason: code, personId: null, how: null });
  }
  const { reference, returnTo } = arrival;
  return { kind: 'refused', reason, reference, returnTo };
}

function keepsRefusal({ refusalRows }: Deps, { tenant, address, proven = true }: Arrival): boolean {
  return refusalRows.keeps({ tenantId: tenant.tenantId, address, isProven: proven });
}

function record(
  { clock }: Pick<Deps, 'clock'>,
  tx: TenantTx,
  { identity, result, isTest, reference }: Arrival,
  end: Pick<Parameters<typeof insertSignIn>[1], 'outcome' | 'reason' | 'personId' | 'how'>,
): Promise<void> {
  const now = clock.now();
  return insertSignIn(tx, {
    ...end,
    signInId: newId<SignInId>(now),
    reference,
    connectionId: identity.connectionId,
    protocol: identity.protocol,
    isTest,
    trace: result.checks.map(({ rule, passed }) => ({ rule, passed })),
    at: new Date(now),
  });
}
