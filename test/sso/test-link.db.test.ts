import { beforeEach, expect, test } from 'vitest';
import type { ConnectionId } from '../../contracts/ids.ts';
import { setIdentityStatus, updateIdentity } from '../../src/sso/identities/identities.ts';
import { makeTestLink } from '../../src/sso/requests/test-link.ts';
import type { Tenant } from '../../src/tenants/tenants.ts';
import { readForm } from '../demo/support/user-agent.ts';
import { createTestDatabase } from '../support/database.ts';
import { startDirectory } from './ldap/directory-server.ts';
import { directory, person } from './ldap/world.ts';
import { startSignInWorld } from './support/world.ts';

const world = await startSignInWorld(await createTestDatabase());
const { services, by } = world;
let tenant: Tenant;
let connectionId: ConnectionId;

beforeEach(async () => {
  const server = await startDirectory({ entries: directory(person('ada')) });
  tenant = await world.addTenant();
  ({ connectionId } = await world.connect(tenant, [server], {
    roleRules: [{ group: '*', role: 'teacher' }],
  }));
});

const makePath = async () =>
  new URL((await makeTestLink(services, tenant, connectionId, by())).address).pathname;
const setStatus = (status: 'active' | 'paused' | 'disabled') =>
  setIdentityStatus(services, tenant.tenantId, connectionId, status, by());

/** Begins a test as the page's button does. */
async function begin(path: string) {
  const visitor = world.first.visitor();
  const { action, fields } = readForm((await visitor.open(path)).body);
  return { visitor, begun: await visitor.post(action, fields) };
}

/** Types a name and a password into the form of a test. */
async function finish(path: string, username: string, password = `${username}-password`) {
  const { visitor, begun } = await begin(path);
  const form = readForm(begun.body);
  const answer = await visitor.post(form.action, { ...form.fields, username, password });
  return { visitor, answer };
}

test('a test shows rules, attributes and whom it leads to, and changes nothing', async () => {
  const { visitor, answer } = await finish(await makePath(), 'ada');
  expect(answer.status).toBe(200);
  expect(answer.body).toContain('Test sign-in: accepted');
  expect(answer.body).toContain('Nobody was signed in, and nothing was changed.');
  expect(answer.body).toContain('ada@school.example');
  expect(answer.body).toContain('Role from the groups: teacher');
  expect(visitor.session).toBeUndefined();
  expect(await world.sessions(tenant)).toEqual([]);
  const { rows } = await world.database.superuser.query('select * from person where tenant_id = $1', [
    tenant.tenantId,
  ]);
  expect(rows).toEqual([]);
  expect(await world.tries(tenant)).toMatchObject([
    { is_test: true, outcome: 'suppressed', person_id: null },
  ]);
});

test('a wrong password shows the reason to whoever tests', async () => {
  const { answer } = await finish(await makePath(), 'ada', 'wrong');
  expect(answer.body).toContain('Test sign-in: refused (');
  expect(await world.tries(tenant)).toMatchObject([{ is_test: true, outcome: 'suppressed' }]);
});

test('the address is used up by the button, and not by being looked at', async () => {
  const path = await makePath();
  for (let i = 0; i < 3; i++) expect((await world.first.visitor().open(path)).status).toBe(200);
  expect((await begin(path)).begun.body).toContain('type="password"');
  const { begun } = await begin(path);
  expect(begun.status).toBe(400);
  expect(begun.body).toContain('test_link_used');
});

test('of several who press the button at a time, one begins', async () => {
  const path = await makePath();
  const copy = await world.addCopy();
  const visitors = [world.first.visitor(), copy.visitor(), world.first.visitor(), copy.visitor()];
  const answers = await Promise.all(visitors.map((visitor) => visitor.post(path, {})));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('a paused connection can be tested, and a changed one by the address of before', async () => {
  const paths = [await makePath(), await makePath()] as const;
  await setStatus('paused');
  expect((await finish(paths[0], 'ada')).answer.body).toContain('Test sign-in: accepted');
  await updateIdentity(services, tenant.tenantId, connectionId, { name: 'Another name' }, by());
  expect((await finish(paths[1], 'ada')).answer.body).toContain('Test sign-in: accepted');
  expect(await world.sessions(tenant)).toEqual([]);
});

test('a connection that is switched off cannot be tested', async () => {
  const path = await makePath();
  await setStatus('disabled');
  expect((await begin(path)).begun).toMatchObject({ status: 400 });
  await expect(makeTestLink(services, tenant, connectionId, by())).rejects.toMatchObject({
    code: 'identity_disabled',
  });
});

test('the address of a test is none of another connection, nor of another tenant', async () => {
  const path = await makePath();
  const handle = path.split('/').at(-1);
  const second = await world.connect(tenant, [1], { name: 'Second' });
  const elsewhere = await world.addTenant();
  const other = await world.connect(elsewhere, [1]);
  for (const [slug, id] of [
    [tenant.slug, second.connectionId],
    [elsewhere.slug, other.connectionId],
    [elsewhere.slug, connectionId],
  ]) {
    const { status } = await world.first.visitor().post(`/t/${slug}/sign-in/${id}/test/${handle}`, {});
    expect(status).toBeGreaterThanOrEqual(400);
  }
});

test('after a day the address is good for nothing', async () => {
  const path = await makePath();
  world.clock.advance(24 * 3_600_000 + 1_000);
  expect((await begin(path)).begun.body).toContain('test_link_used');
});

test('the handle of an address answers no sign-in, and that of a sign-in begins no test', async () => {
  const path = await makePath();
  const visitor = world.first.visitor();
  const signIn = `/t/${tenant.slug}/sign-in/${connectionId}`;
  const form = { handle: path.split('/').at(-1) ?? '', username: 'ada', password: 'ada-password' };
  expect((await visitor.post(signIn, form)).body).toContain('browser_changed');
  const { fields } = readForm((await visitor.open(signIn)).body);
  const begun = await visitor.post(`${signIn}/test/${fields.handle}`, {});
  expect(begun.body).toContain('test_link_used');
  expect(await world.sessions(tenant)).toEqual([]);
});

test('another site cannot press the button', async () => {
  const path = await makePath();
  const visitor = world.first.visitor();
  const answer = await visitor.post(path, {}, { 'sec-fetch-site': 'cross-site' });
  expect(answer.status).toBe(403);
  expect((await begin(path)).begun.status).toBe(200);
});

test('neither the log nor a row of the database holds an address of a test', async () => {
  const path = await makePath();
  const handle = path.split('/').at(-1);
  await finish(path, 'ada');
  expect(world.log.length).toBeGreaterThan(0);
  expect(world.log.join('')).not.toContain(handle);
  const { rows } = await world.database.superuser.query('select * from audit_event natural join audit_value');
  expect(JSON.stringify(rows)).not.toContain(handle);
});
