import { expect, test, vi } from 'vitest';
import type { ConnectionId, PersonId, SessionId } from '../../../contracts/ids.ts';
import { mergePeople } from '../../../src/people/merges.ts';
import { setIdentityStatus } from '../../../src/sso/identities/identities.ts';
import { usualLimits } from '../../../src/sso/sessions/session.ts';
import {
  endFor,
  findSession,
  listSessions,
  revokeSessions,
  sessionCookie,
  startSession,
} from '../../../src/sso/sessions/sessions.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startDirectory } from '../ldap/directory-server.ts';
import { directory, person } from '../ldap/world.ts';
import type { Visitor } from '../support/visitor.ts';
import { signInAt, startSignInWorld } from '../support/world.ts';

vi.setConfig({ testTimeout: 20_000 });

const world = await startSignInWorld(await createTestDatabase());
const { services, clock } = world;
const { db } = services;
const second = 1_000;

async function openSchool(options: { sessionsPerPerson?: number } = {}) {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada'), person('bo')) });
  const identity = await world.connect(tenant, [server], options);
  const address = signInAt(tenant, identity);
  return { tenant, server, identity, address };
}

const cookiesOf = ({ cookies }: Visitor) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
const sessionOf = ({ tenantId }: Tenant, visitor: Visitor) =>
  findSession(services, tenantId, cookiesOf(visitor));

async function signedIn(address: string, name = 'ada'): Promise<Visitor> {
  const visitor = world.first.visitor();
  expect((await visitor.signIn(address, name)).status).toBe(303);
  return visitor;
}

test('a session lives while somebody is there, and ends half an hour after they left', async () => {
  const { tenant, address } = await openSchool();
  const visitor = await signedIn(address);
  for (let visits = 0; visits < 5; visits++) {
    clock.advance(usualLimits.idleMs - 5 * second);
    expect(await sessionOf(tenant, visitor), `visit ${visits}`).toBeDefined();
  }
  clock.advance(usualLimits.idleMs + second);
  expect(await sessionOf(tenant, visitor)).toBeUndefined();
});

test('a visit within a minute of the last one is not noted anew', async () => {
  const { tenant, address } = await openSchool();
  const visitor = await signedIn(address);
  const seen = async () => (await world.sessions(tenant))[0]?.seen_at;
  const begun = await seen();
  clock.advance(50 * second);
  await sessionOf(tenant, visitor);
  expect(await seen()).toEqual(begun);
  clock.advance(11 * second);
  await sessionOf(tenant, visitor);
  expect(await seen()).not.toEqual(begun);
});

test('a session ends after a school day, however busy, or when the other side wants it over', async () => {
  const { tenant, address, identity } = await openSchool();
  const visitor = await signedIn(address);
  const visitFor = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= usualLimits.idleMs / 2) {
      clock.advance(Math.min(left, usualLimits.idleMs / 2));
      await sessionOf(tenant, visitor);
    }
  };
  await visitFor(usualLimits.absoluteMs - 5 * second);
  const session = await sessionOf(tenant, visitor);
  expect(session).toBeDefined();
  clock.advance(6 * second);
  expect(await sessionOf(tenant, visitor)).toBeUndefined();

  const now = clock.now();
  const { connectionId } = identity;
  const personId = session?.personId as PersonId;
  const start = { personId, connectionId, subject: 's', role: null, endsAt: new Date(now + 60 * second) };
  const { secret } = await db.withTenant(tenant.tenantId, (tx) => startSession(services, tx, start, now));
  const header = `__Host-ghs-${tenant.tenantId.replaceAll('-', '')}=${secret}`;
  clock.advance(59 * second);
  expect(await findSession(services, tenant.tenantId, header)).toBeDefined();
  clock.advance(second);
  expect(await findSession(services, tenant.tenantId, header)).toBeUndefined();
});

test('the cookie’s secret is kept as a hash alone, and nothing but the very secret opens the session', async () => {
  const { tenant, address } = await openSchool();
  const visitor = await signedIn(address);
  const [name = '', secret = ''] = visitor.session ?? [];
  const [row] = await world.sessions(tenant);
  expect(JSON.stringify(row)).not.toContain(secret);
  const hash = Buffer.from(row?.secret_hash as Buffer).toString('base64url');
  const others = [hash, secret.toUpperCase(), `${secret}A`, secret.slice(1), '', `${secret.slice(0, 31)} `];
  for (const value of others) {
    expect([value, await findSession(services, tenant.tenantId, `${name}=${value}`)]).toEqual([
      value,
      undefined,
    ]);
  }
  expect(await findSession(services, tenant.tenantId, undefined)).toBeUndefined();
});

test('signing out ends the session and takes the cookie out, from a page of ours only', async () => {
  const { tenant, address } = await openSchool();
  const visitor = await signedIn(address);
  const stolen = cookiesOf(visitor);
  const path = `/t/${tenant.slug}/sign-out`;
  expect((await visitor.post(path, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await visitor.open(path)).status).toBe(405);
  expect(await sessionOf(tenant, visitor)).toBeDefined();
  const { status, location, setCookies } = await visitor.post(path, {});
  expect([status, location]).toEqual([303, `/t/${tenant.slug}/signed-out`]);
  expect(setCookies[0]).toMatch(
    /^__Host-ghs-[0-9a-f]{32}=; Path=\/; Max-Age=0; Secure; HttpOnly; SameSite=Lax$/,
  );
  expect(visitor.session).toBeUndefined();
  expect(await findSession(services, tenant.tenantId, stolen)).toBeUndefined();
  expect(await world.sessions(tenant)).toMatchObject([{ ended_by: 'person' }]);
  expect((await visitor.open(location ?? '')).body).toContain('You have signed out.');
  // Again, or without a session, it is no mistake.
  expect((await visitor.post(path, {})).status).toBe(303);
});

test('a session that somebody planted is not the one that a sign-in starts', async () => {
  const { tenant, address } = await openSchool();
  const attacker = await signedIn(address, 'bo');
  const visitor = world.first.visitor();
  const [name = '', planted = ''] = attacker.session ?? [];
  visitor.cookies.set(name, planted);
  expect((await visitor.signIn(address, 'ada')).status).toBe(303);
  expect(visitor.session?.[1]).not.toBe(planted);
  expect((await sessionOf(tenant, visitor))?.personId).toBeDefined();
  // Who was signed in there before is so no more: devices are shared.
  expect(await sessionOf(tenant, attacker)).toBeUndefined();
  expect(await world.sessions(tenant)).toMatchObject([{ ended_by: 'replaced' }, { ended_by: null }]);
  const unknown = world.first.visitor();
  unknown.cookies.set(name, 'A'.repeat(32));
  await unknown.signIn(address, 'ada');
  expect(unknown.session?.[1]).not.toBe('A'.repeat(32));
});

test('a person has so many sessions at most, also when they begin at the same time: the oldest give way', async () => {
  const sessionsPerPerson = 10;
  const { tenant, address } = await openSchool({ sessionsPerPerson });
  const other = await signedIn(address, 'bo');
  const oldest = await signedIn(address);
  const rest = await Promise.all(Array.from({ length: sessionsPerPerson + 3 }, () => signedIn(address)));
  const live = await Promise.all([oldest, ...rest].map((visitor) => sessionOf(tenant, visitor)));
  expect(live.filter((session) => session !== undefined)).toHaveLength(sessionsPerPerson);
  expect(live[0]).toBeUndefined();
  expect(await sessionOf(tenant, other)).toBeDefined();
  const { personId = '' as PersonId, connectionId } = live.find((session) => session !== undefined) ?? {};
  const of = { personId, connectionId: connectionId as ConnectionId, perPerson: sessionsPerPerson };
  const start = { ...of, subject: 's', role: null };
  const begin = () => db.withTenant(tenant.tenantId, (tx) => startSession(services, tx, start, clock.now()));
  await Promise.all(Array.from({ length: 40 }, begin));
  const open = (await world.sessions(tenant)).filter(
    (row) => row.person_id === personId && row.ended_at === null,
  );
  expect(open).toHaveLength(sessionsPerPerson);
  const last = await signedIn(address);
  live.push(await sessionOf(tenant, last));
  rest.push(last);
  const newest = live.findLast((session) => session !== undefined);
  clock.advance(usualLimits.idleMs - 60 * second);
  const kept = [oldest, ...rest][live.indexOf(newest)];
  if (kept === undefined) throw new Error('Nobody is signed in');
  expect(await sessionOf(tenant, kept)).toBeDefined();
  clock.advance(120 * second);
  // Those that idled out take nobody's place.
  await Promise.all(Array.from({ length: sessionsPerPerson - 1 }, () => signedIn(address)));
  expect(await sessionOf(tenant, kept)).toBeDefined();
});

test('thirty pupils share the account of their class, and nobody’s lesson is ended by a classmate', async () => {
  const { tenant, address } = await openSchool();
  const pupils = [];
  for (let count = 0; count < 30; count += 1) pupils.push(await signedIn(address));
  const live = await Promise.all(pupils.map((pupil) => sessionOf(tenant, pupil)));
  expect(live.filter((session) => session === undefined)).toEqual([]);
  expect(new Set(live.map((session) => session?.personId)).size).toBe(1);
  // One who signs out signs nobody else out.
  await pupils[7]?.post(`/t/${tenant.slug}/sign-out`, {});
  const left = await Promise.all(pupils.map((pupil) => sessionOf(tenant, pupil)));
  expect(left.filter((session) => session === undefined)).toHaveLength(1);
});

test('where one place at a time is allowed, the newest is it, and what began by another connection stays', async () => {
  const { tenant, server, address } = await openSchool({ sessionsPerPerson: 1 });
  const other = await world.connect(tenant, [server], { name: 'Staff' });
  const [before, elsewhere, now] = [
    await signedIn(address),
    await signedIn(signInAt(tenant, other)),
    await signedIn(address),
  ];
  expect(await sessionOf(tenant, before)).toBeUndefined();
  expect(await sessionOf(tenant, elsewhere)).toBeDefined();
  expect(await sessionOf(tenant, now)).toBeDefined();
});

test('a sign-in that was under way while its connection was disabled leaves no session that lives', async () => {
  const { tenant, identity, address } = await openSchool();
  const session = await sessionOf(tenant, await signedIn(address));
  if (session === undefined) throw new Error('Nobody is signed in');
  const { personId, connectionId } = session;
  const start = { personId, connectionId, subject: 's', role: null };
  await setIdentityStatus(services, tenant.tenantId, identity.connectionId, 'disabled', world.by());
  const { secret } = await db.withTenant(tenant.tenantId, (tx) =>
    startSession(services, tx, start, clock.now()),
  );
  const { name, value } = sessionCookie(tenant.tenantId, secret);
  expect(await findSession(services, tenant.tenantId, `${name}=${value}`)).toBeUndefined();
});

test('an operator ends one session or all of a person’s, and it is audited', async () => {
  const { tenant, address } = await openSchool();
  const [one, two, other] = [await signedIn(address), await signedIn(address), await signedIn(address, 'bo')];
  const { sessionId, personId } = (await sessionOf(tenant, one)) ?? {};
  const list = () =>
    db.withTenant(tenant.tenantId, (tx) => listSessions(tx, { personId, limit: 10 }, new Date(clock.now())));
  expect(await list()).toHaveLength(2);
  const revoke = (choice: Parameters<typeof revokeSessions>[1]) =>
    db.withTenant(tenant.tenantId, (tx) => revokeSessions(tx, choice, world.by()));
  expect(await revoke({ sessionId: sessionId as SessionId })).toBe(1);
  expect([await sessionOf(tenant, one), (await list()).length]).toEqual([undefined, 1]);
  expect(await revoke({ personId: personId as PersonId })).toBe(1);
  expect(await sessionOf(tenant, two)).toBeUndefined();
  expect(await sessionOf(tenant, other)).toBeDefined();
  expect(await revoke({ personId: personId as PersonId })).toBe(0);
  const { rows } = await world.database.superuser.query(
    "select subject, actor from audit_event where tenant_id = $1 and action = 'session.revoked' order by sequence",
    [tenant.tenantId],
  );
  expect(rows).toMatchObject([
    { subject: `session:${sessionId}`, actor: 'test' },
    { subject: `person:${personId}` },
    { subject: `person:${personId}` },
  ]);
});

test('after a merge a session is the kept person’s: found, listed, counted and ended as theirs', async () => {
  const { tenant, address } = await openSchool();
  const [ada, bo] = [await signedIn(address), await signedIn(address, 'bo')];
  const kept = (await sessionOf(tenant, ada))?.personId as PersonId;
  const absorbed = (await sessionOf(tenant, bo))?.personId as PersonId;
  expect(kept).not.toBe(absorbed);
  await db.withTenant(tenant.tenantId, (tx) =>
    mergePeople(tx, { keptId: kept, absorbedId: absorbed, retireNames: false }, world.by()),
  );
  expect((await sessionOf(tenant, bo))?.personId).toBe(kept);
  const listed = await db.withTenant(tenant.tenantId, (tx) =>
    listSessions(tx, { personId: kept, limit: 10 }, new Date(clock.now())),
  );
  expect(listed).toHaveLength(2);
  expect((await sessionOf(tenant, await signedIn(address, 'bo')))?.personId).toBe(kept);
  const ended = await db.withTenant(tenant.tenantId, (tx) =>
    endFor(tx, { personId: kept }, 'partner', clock.now()),
  );
  expect(ended).toHaveLength(3);
  expect(await sessionOf(tenant, bo)).toBeUndefined();
});

test('pausing a connection leaves those signed in; disabling it ends their sessions, and no others', async () => {
  const { tenant, address, identity, server } = await openSchool();
  const elsewhere = await world.connect(tenant, [server], { name: 'Second' });
  const [visitor, other] = [await signedIn(address), await signedIn(signInAt(tenant, elsewhere))];
  const set = (status: 'paused' | 'disabled') =>
    setIdentityStatus(services, tenant.tenantId, identity.connectionId, status, world.by());
  await set('paused');
  expect(await sessionOf(tenant, visitor)).toBeDefined();
  await set('disabled');
  expect(await sessionOf(tenant, visitor)).toBeUndefined();
  expect(await sessionOf(tenant, other)).toBeDefined();
});

test('a session of one tenant is none at another, whatever its cookie is called', async () => {
  const [ours, theirs] = [await openSchool(), await openSchool()];
  const visitor = await signedIn(ours.address);
  const [name = '', secret = ''] = visitor.session ?? [];
  const nameOf = ({ tenantId }: Tenant) => `__Host-ghs-${tenantId.replaceAll('-', '')}`;
  expect(name).toBe(nameOf(ours.tenant));
  expect(await sessionOf(theirs.tenant, visitor)).toBeUndefined();
  visitor.cookies.set(nameOf(theirs.tenant), secret);
  expect(await sessionOf(theirs.tenant, visitor)).toBeUndefined();
  // Signing out there ends nothing here.
  await visitor.post(`/t/${theirs.tenant.slug}/sign-out`, {});
  expect(await sessionOf(ours.tenant, visitor)).toBeDefined();
});
