import { expect, test, vi } from 'vitest';
import { setIdentityStatus, updateIdentity } from '../../src/sso/identities/identities.ts';
import { keepRequest, newRequestHandle } from '../../src/sso/requests/requests.ts';
import { readForm } from '../demo/support/user-agent.ts';
import { createTestDatabase } from '../support/database.ts';
import { type DirectoryServerOptions, startDirectory } from './ldap/directory-server.ts';
import { directory, person, reader } from './ldap/world.ts';
import { signInAt, startSignInWorld } from './support/world.ts';

vi.setConfig({ testTimeout: 20_000 });

const world = await startSignInWorld(await createTestDatabase());
const { services } = world;
const lifetimeMs = 15 * 60_000;

/** A school with one directory, which knows ada and bo. */
async function openSchool(options: DirectoryServerOptions = {}) {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada'), person('bo')), ...options });
  const identity = await world.connect(tenant, [server]);
  const address = signInAt(tenant, identity);
  /** Binds of people: those of the service account are left out. */
  const shown = () => server.binds.filter(({ dn }) => dn !== reader.dn);
  return { tenant, server, identity, address, shown, home: `/t/${tenant.slug}/portal` };
}

test('the right password leads to the page that was wanted, with a session of that person', async () => {
  const { tenant, identity, address, home } = await openSchool();
  const visitor = world.first.visitor();
  const wanted = `${home}/classes?of=mine`;
  const answer = await visitor.signIn(`${address}?returnTo=${encodeURIComponent(wanted)}`, 'ada');
  expect([answer.status, answer.location]).toEqual([303, wanted]);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.body).toBe('');
  const [session] = await world.sessions(tenant);
  expect(session).toMatchObject({ connection_id: identity.connectionId, ended_at: null, role: null });
  const [row, ...others] = await world.tries(tenant);
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    outcome: 'success',
    reason: null,
    person_id: session?.person_id,
    how: 'created',
    is_test: false,
    trace: [
      { rule: 'user_unknown', passed: true },
      { rule: 'password_wrong', passed: true },
      { rule: 'account_disabled', passed: true },
    ],
  });
});

test('cookies are this host’s alone; that of the form goes, that of the session stays', async () => {
  const { tenant, address } = await openSchool();
  const visitor = world.first.visitor();
  const form = await visitor.open(address);
  expect(form.setCookies).toHaveLength(1);
  expect(form.setCookies[0]).toMatch(
    /^__Host-gh-[\w-]{8}=[\w-]{32}; Path=\/; Max-Age=900; Secure; HttpOnly; SameSite=None$/,
  );
  const { action, fields } = readForm(form.body);
  const { setCookies } = await visitor.post(action, { ...fields, username: 'ada', password: 'ada-password' });
  const name = `__Host-ghs-${tenant.tenantId.replaceAll('-', '')}`;
  const session = `${name}=[\\w-]{32}; Path=/; Secure; HttpOnly; SameSite=Lax`;
  expect(setCookies).toHaveLength(2);
  expect(setCookies[0]).toMatch(/^__Host-gh-[\w-]{8}=; Path=\/; Max-Age=0; /);
  expect(setCookies[1]).toMatch(new RegExp(`^${session}$`));
});

test('the form is framed nowhere, and fit for password managers', async () => {
  const { address, home } = await openSchool();
  const { headers, body } = await world.first.visitor().open(address);
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(body).toMatch(/<input id="username"[^>]* autocomplete="username"/);
  expect(body).toMatch(/<input id="password"[^>]* type="password" autocomplete="current-password"/);
  expect(readForm(body).action).toBe(address);
  expect(body).not.toContain(home);
});

test.each([
  ['wrong', 'ada', 'not-hers', 'password_wrong'],
  ['of somebody else', 'ada', 'bo-password', 'password_wrong'],
  ['of nobody', 'cy', 'cy-password', 'user_unknown'],
  ['empty', 'ada', '', 'password_missing'],
  ['blank', 'ada', '   ', 'password_missing'],
  ['with a NUL', 'ada', 'ada-password\0', 'password_missing'],
  ['without a name', ' ', 'ada-password', 'name_invalid'],
  ['with a name of signs', '*', 'ada-password', 'user_unknown'],
])(
  'a password that is %s lets nobody in, and says the same as any other',
  async (_, name, password, reason) => {
    const { tenant, address, shown } = await openSchool({ allowsEmptyPasswords: true });
    const visitor = world.first.visitor();
    const answer = await visitor.signIn(address, name, password);
    expect(answer.status).toBe(401);
    expect(visitor.session).toBeUndefined();
    expect(answer.body).toContain('The user name or the password is not right.');
    expect(answer.body).not.toContain(reason);
    expect(await world.sessions(tenant)).toEqual([]);
    expect(await world.tries(tenant)).toMatchObject([{ reason, person_id: null, how: null }]);
    if (reason !== 'password_wrong') expect(shown()).toEqual([]);
  },
);

test('after a mistake the form is there again with the name, and leads to the page wanted at first', async () => {
  const { address, home } = await openSchool();
  const visitor = world.first.visitor();
  const { body } = await visitor.signIn(`${address}?returnTo=${home}/x`, 'ada', 'not-hers');
  expect(body).toMatch(/name="username"[^>]* value="ada" aria-invalid="true" aria-describedby="refused"/);
  expect(body).not.toContain('not-hers');
  const { action, fields } = readForm(body);
  const answer = await visitor.post(action, { ...fields, username: 'ada', password: 'ada-password' });
  expect([answer.status, answer.location]).toEqual([303, `${home}/x`]);
});

test('a form is good for one try: sent again it lets nobody in, and no password is shown', async () => {
  const { tenant, address, shown } = await openSchool();
  const visitor = world.first.visitor();
  const { action, fields } = readForm((await visitor.open(address)).body);
  const form = { ...fields, username: 'ada', password: 'ada-password' };
  const cookies = new Map(visitor.cookies);
  expect((await visitor.post(action, form)).status).toBe(303);
  for (const [name, value] of cookies) visitor.cookies.set(name, value);
  const again = await visitor.post(action, form);
  expect(again.status).toBe(400);
  expect(again.body).toContain('Please sign in again');
  expect(shown()).toHaveLength(1);
  expect(await world.tries(tenant)).toMatchObject([{ outcome: 'success' }, { reason: 'request_unknown' }]);
});

test('of ten that send one form at the same time one is let in', async () => {
  const { tenant, address } = await openSchool();
  const visitor = world.first.visitor();
  const { action, fields } = readForm((await visitor.open(address)).body);
  const form = { ...fields, username: 'ada', password: 'ada-password' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.post(action, form)));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(400)]);
  expect(await world.sessions(tenant)).toHaveLength(1);
});

test('a form answers in the browser it was shown in, and is used up by any other', async () => {
  const { tenant, address, shown } = await openSchool();
  const [visitor, other] = [world.first.visitor(), world.first.visitor()];
  const { action, fields } = readForm((await visitor.open(address)).body);
  const form = { ...fields, username: 'ada', password: 'ada-password' };
  await other.open(address);
  const stolen = await other.post(action, form);
  const late = readForm((await visitor.open(address)).body);
  const [name = ''] = [...visitor.cookies.keys()].slice(-1);
  visitor.cookies.set(name, 'A'.repeat(32));
  const forged = await visitor.post(late.action, { ...form, ...late.fields });
  expect(forged.body).toContain('Please begin again');
  expect(stolen.status).toBe(400);
  expect(stolen.body).toContain('Please begin again');
  expect((await visitor.post(action, form)).body).toContain('Please sign in again');
  expect(shown()).toEqual([]);
  expect(await world.tries(tenant)).toMatchObject([
    { reason: 'browser_changed' },
    { reason: 'browser_changed' },
    { reason: 'request_unknown' },
  ]);
});

test('a form expires after a quarter of an hour, to the millisecond', async () => {
  const { address } = await openSchool();
  const visitor = world.first.visitor();
  const { action, fields } = readForm((await visitor.open(address)).body);
  const late = readForm((await visitor.open(address)).body);
  const typed = { username: 'ada', password: 'ada-password' };
  world.clock.advance(lifetimeMs - 5_000);
  expect((await visitor.post(action, { ...fields, ...typed })).status).toBe(303);
  world.clock.advance(5_000);
  const { status, body } = await visitor.post(late.action, { ...late.fields, ...typed });
  expect(status).toBe(400);
  expect(body).toContain('took too long');
});

test.each(['', 'x', 'x'.repeat(32), '../../etc/passwd', 'A'.repeat(5_000)])(
  'a form with the handle %.20j lets nobody in',
  async (handle) => {
    const { address, shown } = await openSchool();
    const visitor = world.first.visitor();
    await visitor.open(address);
    const answer = await visitor.post(address, { handle, username: 'ada', password: 'ada-password' });
    expect(answer.status).toBe(400);
    expect(shown()).toEqual([]);
  },
);

test('the form of another connection or another tenant lets nobody in', async () => {
  const [ours, theirs] = [await openSchool(), await openSchool()];
  const second = await world.connect(ours.tenant, [ours.server], { name: 'Second' });
  for (const other of [signInAt(ours.tenant, second), theirs.address]) {
    const visitor = world.first.visitor();
    const { fields } = readForm((await visitor.open(other)).body);
    const form = { ...fields, username: 'ada', password: 'ada-password' };
    expect((await visitor.post(ours.address, form)).status).toBe(400);
  }
  expect(ours.shown()).toEqual([]);
  // A connection of another tenant is none.
  const crossed = signInAt(ours.tenant, theirs.identity);
  expect((await world.first.visitor().open(crossed)).status).toBe(404);
  const posted = await world.first.visitor().post(crossed, { handle: 'x', username: 'ada', password: 'x' });
  expect(posted.status).toBe(404);
});

test('a form that is not a page of ours is refused before a password is looked at', async () => {
  const { tenant, address, shown } = await openSchool();
  const visitor = world.first.visitor();
  const { action, fields } = readForm((await visitor.open(address)).body);
  const form = { ...fields, username: 'ada', password: 'ada-password' };
  expect((await visitor.post(action, form, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect(shown()).toEqual([]);
  expect(await world.tries(tenant)).toEqual([]);
  // It was not used up by that.
  expect((await visitor.post(action, form)).status).toBe(303);
});

test.each(['paused', 'disabled'] as const)('a connection that is %s takes no password', async (status) => {
  const { tenant, identity, address, shown } = await openSchool();
  const visitor = world.first.visitor();
  const before = readForm((await visitor.open(address)).body);
  await setIdentityStatus(services, tenant.tenantId, identity.connectionId, status, world.by());
  const form = { ...before.fields, username: 'ada', password: 'ada-password' };
  expect((await visitor.post(before.action, form)).status).toBe(400);
  const page = await visitor.open(address);
  expect(page.status).toBe(400);
  expect(page.body).toContain('This sign-in is not set up right');
  expect(page.body).not.toContain('type="password"');
  expect(shown()).toEqual([]);
  expect(await world.tries(tenant)).toMatchObject([
    { reason: 'connection_closed', outcome: 'failed_config' },
    { reason: 'connection_closed', outcome: 'failed_config' },
  ]);
});

test('a form of before the settings were changed has to be begun again', async () => {
  const { tenant, identity, address, shown } = await openSchool();
  const visitor = world.first.visitor();
  const { action, fields } = readForm((await visitor.open(address)).body);
  await updateIdentity(services, tenant.tenantId, identity.connectionId, { name: 'Renamed' }, world.by());
  const stale = await visitor.post(action, { ...fields, username: 'ada', password: 'ada-password' });
  expect(stale.status).toBe(400);
  expect(shown()).toEqual([]);
  const [row] = await world.tries(tenant);
  expect(row).toMatchObject({ reason: 'request_unknown' });
  expect((await visitor.signIn(address, 'ada')).status).toBe(303);
});

test('the attribute that people are matched by is read, though the settings do not name it', async () => {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(person('ada', { employeeNumber: '00017' })) });
  const identity = await world.connect(tenant, [server], { matchAttribute: 'employeeNumber' });
  await world.first.visitor().signIn(signInAt(tenant, identity), 'ada');
  const { rows } = await world.database.superuser.query(
    'select claimed_id, issuer from person_link where tenant_id = $1',
    [tenant.tenantId],
  );
  expect(rows).toEqual([{ claimed_id: '00017', issuer: 'ldap:school.example' }]);
});

test('a test sign-in shows the admin what would happen, and changes nothing', async () => {
  const { tenant, identity, address } = await openSchool();
  const visitor = world.first.visitor();
  const handle = newRequestHandle();
  const kept = { identity, expectations: {}, returnTo: `/t/${tenant.slug}/portal`, isTest: true };
  const { name, value } = await keepRequest(services, tenant.tenantId, handle, kept);
  visitor.cookies.set(name, value);
  const answer = await visitor.post(address, { handle, username: 'ada', password: 'ada-password' });
  expect(answer.status).toBe(200);
  expect(answer.body).toContain('Test sign-in: accepted');
  expect(answer.body).toContain('<code>ldap:school.example</code>');
  expect(visitor.session).toBeUndefined();
  expect(await world.sessions(tenant)).toEqual([]);
  expect(await world.tries(tenant)).toMatchObject([
    { is_test: true, outcome: 'suppressed', person_id: null },
  ]);
  const { rows } = await world.database.superuser.query(
    'select (select count(*) from person where tenant_id = $1) + (select count(*) from person_link where tenant_id = $1) as made',
    [tenant.tenantId],
  );
  expect(rows).toEqual([{ made: '0' }]);
});
