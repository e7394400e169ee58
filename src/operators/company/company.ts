import { type ConnectionId, HUB_TENANT, newId, type OperatorId } from '../../../contracts/ids.ts';
import { recordAudit } from '../../audit/audit.ts';
import type { HubTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { hashSecret, newHandle, newSecret, parseHandle } from '../../platform/handle.ts';
import { networkOf } from '../../platform/http/client-address.ts';
import type { OidcConnection } from '../../sso/oidc/connection.ts';
import { hashEnded } from '../../sso/oidc/logout.ts';
import { createOidc, type OidcServices } from '../../sso/oidc/oidc.ts';
import type { OidcReason } from '../../sso/oidc/reasons.ts';
import { oidcSettings } from '../../sso/oidc/settings.ts';
import { oidcExpectations } from '../../sso/oidc/start.ts';
import { useOnce } from '../../sso/requests/requests.ts';
import { hashPartner } from '../../sso/sessions/sessions.ts';
import { namesOf } from '../../sso/sign-in.ts';
import {
  findOperator,
  findOperatorByCompany,
  findOperatorByEmail,
  insertOperator,
  setCompanySubject,
  setRoles,
} from '../accounts/operator-store.ts';
import { findOpenInvitation, setLinkOperator, takeLink } from '../links/link-store.ts';
import { type Operator, subjectOf } from '../operator.ts';
import type { OperatorServices } from '../services.ts';
import { endSessions } from '../sessions/operator-session-store.ts';
import type { StartedSession } from '../sessions/operator-sessions.ts';
import { letIn } from '../sessions/sign-in.ts';
import {
  type CompanyDecision,
  type CompanyPerson,
  decideCompany,
  type RoleMapping,
  toCompanyPerson,
} from './decide-company.ts';
import { insertRequest, takeRequest } from './request-store.ts';

/** The company's own OpenID provider, by which staff of the hub sign in. */
export interface CompanySettings {
  /** What its button says. */
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the groups stand. */
  claim: string;
  roles: RoleMapping;
}

export const startPath = '/console/oidc/start';
export const callbackPath = '/console/oidc/callback';
/** Where the company's provider tells of sign-outs. */
export const logoutPath = '/console/oidc/backchannel-logout';

const minutes = 10;

export interface CompanySignIn {
  /** What the sign-in page shows. */
  readonly shown: { name: string; startPath: string };
  /**
   * Where the browser goes, and what it keeps until it comes back.
   *
   * @throws DomainError upstream `company_unreachable`
   */
  start(returnTo: string): Promise<{ location: string; handle: string; browserSecret: string }>;
  /**
   * Takes an answer, once and in the browser that asked, and signs in whom it lets in.
   *
   * @throws DomainError unauthenticated `company_answer_unknown`, `company_refused`, `company_unknown`, `company_no_role`,
   *   `company_disabled`
   */
  finish(answer: CompanyAnswer): Promise<{ session: StartedSession; returnTo: string }>;
  /**
   * Ends the sessions that a logout token names (OpenID Connect Back-Channel Logout 1.0 §2.7).
   *
   * @returns why it is not accepted
   */
  endSessions(logoutToken: string): Promise<OidcReason | undefined>;
}

export interface CompanyAnswer {
  query: Readonly<Record<string, unknown>>;
  browserSecret: string | undefined;
  cookieHeader: string | undefined;
  /** Of the browser. */
  address: string | undefined;
}

/**
 * @throws ZodError where the settings do not fit together
 */
export function createCompanySignIn(
  services: Pick<OperatorServices, 'db' | 'clock' | 'baseUrl'> & OidcServices,
  settings: CompanySettings,
): CompanySignIn {
  const { db, clock } = services;
  const oidc = createOidc(services);
  const connection = toConnection(settings, services.baseUrl);
  return {
    shown: { name: settings.name, startPath },
    start: async (returnTo) => {
      const handle = newHandle(HUB_TENANT);
      const started = await oidc.start(connection, handle);
      if (!started.ok) {
        const message = 'The company’s sign-in does not answer. Try again, or sign in with a password.';
        throw new DomainError('upstream', 'company_unreachable', message, {
          details: { reason: started.reason },
        });
      }
      const browserSecret = newSecret();
      await insertRequest(db.hub(), {
        handleHash: hashSecret(handle),
        browserHash: hashSecret(browserSecret),
        expectations: started.expectations,
        returnTo,
        expiresAt: new Date(clock.now() + minutes * 60_000),
      });
      return { location: started.location, handle, browserSecret };
    },
    finish: async ({ query, browserSecret, cookieHeader, address }) => {
      const from = networkOf(address);
      const now = clock.now();
      const handle = parseHandle(query.state, 1);
      const request =
        handle === undefined || browserSecret === undefined
          ? undefined
          : await takeRequest(db.hub(), handle.hash, hashSecret(browserSecret), new Date(now));
      if (request === undefined) throw refused('company_answer_unknown');
      const expectations = oidcExpectations.parse(request.expectations);
      const received = await oidc.receive({ connection, query, handle: String(query.state), expectations });
      if (!received.accepted) throw refused('company_refused', received.reason);
      const person = toCompanyPerson(received.signedIn);
      const session = await db.withHub(async (tx) => {
        const operator = await admit(tx, person, settings.roles, now);
        // The provider has asked for whatever the company wants asked.
        const partner = hashPartner(namesOf(received.signedIn));
        const start = { operator, beganBy: 'company', stage: 'full', partner, cookieHeader, from } as const;
        return letIn(tx, start, now);
      });
      return { session, returnTo: request.returnTo };
    },
    endSessions: async (logoutToken) => {
      const received = await oidc.receiveLogout(connection, logoutToken);
      if (!received.accepted) return received.reason;
      const { connectionId } = connection;
      const ended = hashEnded(received.ended);
      return db.withHub(async (tx) => {
        if (!(await useOnce(tx, { connectionId, ...received.oneTime }))) return 'replay';
        const at = new Date(clock.now());
        if (ended !== undefined) await endSessions(tx, { connectionId: null, ...ended }, 'partner', at);
        return undefined;
      });
    },
  };
}

/** It is no row: the settings of the program are all there is to it. */
function toConnection(settings: CompanySettings, baseUrl: string): OidcConnection {
  const { issuer, clientId, clientSecret, claim } = settings;
  const directory = /^https:\/\/login\.microsoftonline\.(?:com|us)\/([0-9a-f-]{36})\//i.exec(issuer)?.[1];
  return {
    tenantId: HUB_TENANT,
    connectionId: HUB_TENANT as string as ConnectionId,
    version: 1,
    settings: oidcSettings.parse({
      ...{ issuer, clientId, clientSecret },
      claims: { groups: claim },
      // With a code, claims of scopes are promised there alone (OpenID Connect Core 1.0 §5.4).
      userInfo: true,
      ...(directory !== undefined && { tenant: { kind: 'entra', tenantId: directory } }),
    }),
    redirectUri: `${baseUrl}${callbackPath}`,
    signedOutUri: `${baseUrl}/console`,
  };
}

async function admit(tx: HubTx, person: CompanyPerson, mapping: RoleMapping, now: number): Promise<Operator> {
  const { subject, email } = person;
  const invitation = email === undefined ? undefined : await findOpenInvitation(tx, email, new Date(now));
  const decision = decideCompany(person, mapping, {
    known: await findOperatorByCompany(tx, subject),
    byEmail: email === undefined ? undefined : await findOperatorByEmail(tx, email),
    isInvited: invitation !== undefined,
  });
  if (decision.kind === 'refuse') throw refused(decision.code);
  if (decision.kind === 'let_in') return apply(tx, decision, subject, now);
  const roles = decision.roles ?? invitation?.roles ?? [];
  const operatorId = newId<OperatorId>(now);
  const made = { operatorId, name: person.name, email: decision.email, passwordHash: null };
  const isNew = await insertOperator(tx, { ...made, roles, companySubject: subject }, new Date(now));
  if (!isNew) throw refused('company_unknown');
  if (decision.invited && invitation !== undefined) {
    if (!(await takeLink(tx, invitation.linkId, new Date(now)))) throw refused('company_unknown');
    await setLinkOperator(tx, invitation.linkId, operatorId);
  }
  const actor = subjectOf(operatorId);
  await recordAudit(tx, { actor, now, action: 'operator.added', subject: actor, after: { roles } });
  return getAdmitted(tx, operatorId);
}

async function apply(
  tx: HubTx,
  { operator, roles, link }: Extract<CompanyDecision, { kind: 'let_in' }>,
  companySubject: string,
  now: number,
): Promise<Operator> {
  const { operatorId } = operator;
  // An account that is tied to another person of the company is not theirs, whatever the address says.
  if (link && !(await setCompanySubject(tx, operatorId, companySubject))) throw refused('company_unknown');
  const isSame = roles === undefined || String([...operator.roles].sort()) === String([...roles].sort());
  if (isSame) return operator;
  await setRoles(tx, operatorId, roles, new Date(now));
  const [actor, before, after] = [subjectOf(operatorId), { roles: operator.roles }, { roles }];
  await recordAudit(tx, { actor, now, action: 'operator.roles_changed', subject: actor, before, after });
  return getAdmitted(tx, operatorId);
}

async function getAdmitted(tx: HubTx, operatorId: OperatorId): Promise<Operator> {
  const operator = await findOperator(tx, operatorId);
  if (operator === undefined) throw new Error('An operator who was just written is not there');
  return operator;
}

const messages = {
  company_answer_unknown: 'This sign-in took too long, or began in another browser. Begin again.',
  company_refused: 'The company’s sign-in was not accepted. Begin again; the reference tells the details.',
  company_unknown: 'Nobody has invited you to this hub. Ask an owner for an invitation to your address.',
  company_no_role: 'None of your groups at the company has a role at this hub. Ask an owner.',
  company_disabled: 'Your account at this hub is disabled. Ask an owner.',
} as const;

function refused(code: keyof typeof messages, reason?: string): DomainError {
  return new DomainError('unauthenticated', code, messages[code], { details: { ...(reason && { reason }) } });
}
