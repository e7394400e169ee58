import { inflateRawSync } from 'node:zlib';
import type { TenantId } from '../../../contracts/ids.ts';
import { invite } from '../../../src/operators/links/links.ts';
import { createPasswords } from '../../../src/operators/passwords/hashing.ts';
import { acceptBySchool, schoolPath } from '../../../src/operators/school/set-out.ts';
import { openWay } from '../../../src/operators/school/ways.ts';
import { findSession } from '../../../src/operators/sessions/operator-sessions.ts';
import type { HostCookie } from '../../../src/platform/http/cookies.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import type { Identity } from '../../../src/sso/identities/identity.ts';
import { startLogout } from '../../../src/sso/saml/logout/logout.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import type { Answer } from '../../demo/support/user-agent.ts';
import { makeKey } from '../../sso/oidc/support/keys.ts';
import { startProvider } from '../../sso/oidc/support/provider.ts';
import { post, targetOf, tell } from '../../sso/saml-routes/support/flow.ts';
import { bring, mirrorOf } from '../../sso/saml-routes/support/logout.ts';
import { type SamlWorld, startSamlWorld } from '../../sso/saml-routes/support/world.ts';
import type { Visitor } from '../../sso/support/visitor.ts';
import type { TestDatabase } from '../../support/database.ts';

/** Whom an identity provider vouches for. */
export interface Vouched {
  subject: string;
  email?: string;
  /** What the provider calls its session with the browser. */
  index?: string;
}

/** An institution with an identity provider of its own, whatever the protocol. */
export interface School {
  tenant: Tenant;
  identity: Identity;
  /** What the provider lets the browser bring back, once it was sent there. */
  answer(sentTo: string, who: Vouched): (visitor: Visitor) => Promise<Answer>;
  /** The provider tells that somebody has signed out there: of one session, or of all. */
  signOut(who: { subject?: string; index?: string }): Promise<Answer>;
}

export const clientSecret = 'a secret of forty characters, no less than';

/** Schools with identity providers, and the hub's console as far as signing in goes. Call it at the top level of a test file. */
export async function startSchoolWorld(database: TestDatabase) {
  const world = await startSamlWorld(database);
  const { services, clock, by } = world;
  const { db } = services;
  const key = await makeKey('key-1');
  const passwords = createPasswords({ cost: { memoryCost: 64, timeCost: 1 } });
  const operators = { db, clock, secrets: services.secrets, passwords, baseUrl: services.baseUrl };

  async function addSamlSchool(): Promise<School> {
    const tenant = await world.addTenant();
    const identity = await world.connect(tenant);
    const signOut: School['signOut'] = async ({ subject: nameId = '', index }) => {
      const session = { nameId, ...(index !== undefined && { sessionIndex: index }) };
      const told = startLogout(await mirrorOf(world, tenant, identity), session, { now: clock.now() })!;
      return bring(world.first.visitor(), told.outgoing);
    };
    return { tenant, identity, answer: samlAnswer(world, tenant, identity), signOut };
  }

  async function addOidcSchool(): Promise<School> {
    const provider = await startProvider({ now: clock.now, key, clientSecret });
    const tenant = await world.addTenant();
    const settings = { issuer: provider.issuer, clientId: 'client-1', clientSecret };
    const input = { protocol: 'oidc', name: 'School account', settings } as const;
    const identity = await connectIdentity(services, tenant.tenantId, input, by());
    const place = `/t/${tenant.slug}/oidc/${identity.connectionId}`;
    const path = `${place}/callback`;
    return {
      ...{ tenant, identity },
      signOut: async ({ subject: sub, index: sid }) => {
        const token = await provider.logoutToken((claims) => ({ ...claims, sub, sid }));
        return world.first.visitor().post(`${place}/backchannel-logout`, { logout_token: token });
      },
      answer: (sentTo, { subject: sub, email, index: sid = 'session-1' }) => {
        provider.person = { sub, sid, ...(email !== undefined && { email, email_verified: true }) };
        const query = new URLSearchParams(provider.authorize(sentTo) as Record<string, string>);
        return (visitor) => visitor.open(`${path}?${query}`, { 'sec-fetch-site': 'cross-site' });
      },
    };
  }

  const add = { saml: addSamlSchool, oidc: addOidcSchool };

  /** One whose admins come to the console by its provider, once they are linked. */
  async function addSchool(protocol: keyof typeof add): Promise<School> {
    const school = await add[protocol]();
    await openWay({ db }, school.tenant.tenantId, school.identity.connectionId, by());
    return school;
  }

  /** There, and back again in the same browser. */
  async function come(school: School, who: Vouched, path: string, visitor = world.first.visitor()) {
    const sent = await visitor.open(path);
    if (sent.location === undefined) return { visitor, answer: sent };
    return { visitor, answer: await school.answer(sent.location, who)(visitor) };
  }

  const pathOf = ({ tenant, identity }: School) => schoolPath(tenant.slug, identity.connectionId);

  /** By an invitation that was opened in a browser; the browser has the wish of it. */
  async function bringWish(school: School, email: string, visitor = world.first.visitor()) {
    const { tenantId } = school.tenant;
    const guest = { name: 'Lin', email, roles: ['institution_admin'], days: 1 } as const;
    const { address } = await invite(operators, tenantId, guest, by());
    const token = address.split('#')[1]!;
    const wanted = { token, connectionId: school.identity.connectionId };
    keep(visitor, (await acceptBySchool(operators, wanted, clock.now())).cookie);
    return { visitor, token, path: `${pathOf(school)}?wish=kept` };
  }

  /** An admin whose account is linked. */
  async function addAdmin(school: School, who: Vouched, email = `${who.subject}@school.example`) {
    const { visitor, path } = await bringWish(school, email);
    return come(school, who, path, visitor);
  }

  /** Whoever is signed in at the console in a browser. */
  const whose = async (visitor: Visitor) => {
    const secret = visitor.cookies.get('__Host-gho');
    return (await findSession({ db, clock }, `__Host-gho=${secret ?? ''}`)) ?? undefined;
  };

  const audit = async (tenantId: TenantId) => {
    const { rows } = await database.superuser.query<{
      action: string;
      origin: string | null;
      after: unknown;
    }>(
      'select action, origin, after from audit_event join audit_value using (tenant_id, sequence) where tenant_id = $1 order by sequence',
      [tenantId],
    );
    return rows;
  };

  return { world, operators, addSchool, add, come, pathOf, bringWish, addAdmin, whose, audit };
}

export function keep(visitor: Visitor, { name, value }: HostCookie): void {
  visitor.cookies.set(name, value);
}

function samlAnswer(world: SamlWorld, tenant: Tenant, identity: Identity): School['answer'] {
  return (sentTo, { subject, email, index: sessionIndex = 's-1' }) => {
    const { searchParams } = new URL(sentTo);
    const message = Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64');
    const requestId = / ID="([^"]+)"/.exec(inflateRawSync(message).toString())?.[1];
    const target = targetOf(world, tenant, identity, requestId);
    const told = email === undefined ? {} : { attributes: { 'urn:oid:0.9.2342.19200300.100.1.3': [email] } };
    const SAMLResponse = tell(world, target, { nameId: subject, sessionIndex, ...told });
    const RelayState = searchParams.get('RelayState') ?? '';
    return (visitor) => post(visitor, target, { SAMLResponse, RelayState });
  };
}
