import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { apiScopes } from '../../../contracts/http/scopes.ts';
import { changeRoles } from '../../../src/operators/accounts/accounts.ts';
import { raiseRights } from '../../../src/operators/raised/raised-rights.ts';
import { endOwn, findSession } from '../../../src/operators/sessions/operator-sessions.ts';
import { signInWithPassword } from '../../../src/operators/sessions/sign-in.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { addOperator, createVisitor, password } from '../support/console-visitor.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const { operators, clock } = world;
const by = () => ({ actor: 'test', now: clock.now() });
const tokenOf = (address: string) => address.split('#')[1]!;

async function visit() {
  const { origin } = await world.open();
  return createVisitor(origin);
}

const guest = { name: 'Mallory', email: 'mallory@company.example' };

test('who reads people by raised rights alone gives nobody an account that reads them without', async () => {
  const school = await world.addSchool();
  const params = { slug: school.slug };
  const builder = await visit();
  await builder.signIn((await addOperator(operators, ['onboarding_admin'])).email);
  const refused = await builder.call('inviteAdmin', { params, body: guest });
  expect(refused).toMatchObject({ status: 403, body: { code: 'scope_beyond_own' } });
  expect(refused.body.detail).toContain('people:read');
  const wish = { scopes: ['people:read', 'audit:read', 'sessions:write'], reason: 'To see who I am here' };
  expect((await builder.call('raiseRights', { params, body: wish })).status).toBe(201);
  expect((await builder.call('inviteAdmin', { params, body: guest })).status).toBe(403);
  const owner = await visit();
  await owner.signIn((await addOperator(operators, ['owner'])).email);
  expect((await owner.call('inviteAdmin', { params, body: guest })).status).toBe(201);
});

test('a token makes nobody of the staff who may do more than itself', async () => {
  const { call } = await world.open();
  const { token } = await world.makeToken({ scopes: ['operators:write', 'admins:write', 'health:write'] });
  const owner = await addOperator(operators, ['owner']);
  await addOperator(operators, ['owner']);
  const params = { operatorId: owner.operatorId };
  for (const [name, sent] of [
    ['inviteOperator', { body: { ...guest, roles: ['owner'] } }],
    ['changeOperatorRoles', { params, body: { roles: ['integration_engineer'] } }],
    ['makePasswordLink', { params, body: {} }],
  ] as const) {
    expect([name, (await call(name, { token, ...sent })).body.code]).toEqual([name, 'scope_beyond_own']);
  }
  const all = await world.makeToken({ scopes: apiScopes });
  const made = await call('inviteOperator', { token: all.token, body: { ...guest, roles: ['owner'] } });
  expect(made.status).toBe(201);
});

test('raised rights are gone with the role that could raise them', async () => {
  const school = await world.addSchool();
  const params = { slug: school.slug };
  const engineer = await addOperator(operators, ['integration_engineer']);
  const visitor = await visit();
  await visitor.signIn(engineer.email);
  const body = { scopes: ['audit:read'], reason: 'A pupil cannot sign in', minutes: 240 };
  expect((await visitor.call('raiseRights', { params, body })).status).toBe(201);
  expect((await visitor.call('listAudit', { params })).status).toBe(200);
  await changeRoles(operators, engineer.operatorId, ['viewer'], by());
  await visitor.signIn(engineer.email);
  expect((await visitor.call('listAudit', { params })).body.code).toBe('insufficient_scope');
});

test('nobody acts under the name of an admin with a password by a set-up link', async () => {
  const school = await world.addSchool();
  const params = { slug: school.slug };
  const admin = await addOperator(operators, ['institution_admin'], { owner: school.tenantId });
  const [staff, owner, lin] = [await visit(), await visit(), await visit()];
  await staff.signIn((await addOperator(operators, ['onboarding_admin'])).email);
  const steps = ['lms'];
  const forged = await staff.call('makeSetupLink', { params, body: { ...guest, email: admin.email, steps } });
  expect(forged).toMatchObject({ status: 409, body: { code: 'operator_exists' } });
  const kept = await staff.call('makeSetupLink', { params, body: { ...guest, steps } });
  await owner.signIn((await addOperator(operators, ['owner'])).email);
  const invited = await owner.call('inviteAdmin', { params, body: guest });
  const accepted = { token: tokenOf(invited.body.link), name: 'Lin', password };
  expect((await lin.call('acceptInvitation', { body: accepted })).status).toBe(200);
  const late = await (await visit()).call('signInByLink', { body: { token: tokenOf(kept.body.link) } });
  expect(late.body.code).toBe('link_refused');
});

test('who came by a set-up link is invited to an account that lasts', async () => {
  const school = await world.addSchool();
  const params = { slug: school.slug };
  const [owner, lin] = [await visit(), await visit()];
  await owner.signIn((await addOperator(operators, ['owner'])).email);
  const made = await owner.call('makeSetupLink', { params, body: { ...guest, steps: ['lms'] } });
  await lin.call('signInByLink', { body: { token: tokenOf(made.body.link) } });
  const invited = await owner.call('inviteAdmin', { params, body: guest });
  expect(invited.status).toBe(201);
  const body = { token: tokenOf(invited.body.link), name: 'Lin', password };
  expect((await lin.call('acceptInvitation', { body })).body.state).toBe('signed_in');
  expect((await lin.call('showOwnSession')).body).toMatchObject({ setupSteps: null, hasPassword: true });
  const { body: listed } = await owner.call('listAdmins', { params });
  expect([listed.operators.length, listed.invitations.length]).toEqual([1, 1]);
});

test('of two invitations to one address the newer alone is good', async () => {
  const owner = await visit();
  await owner.signIn((await addOperator(operators, ['owner'])).email);
  const wish = { name: 'Kim', email: 'kim@company.example' };
  const first = await owner.call('inviteOperator', { body: { ...wish, roles: ['owner'] } });
  const second = await owner.call('inviteOperator', { body: { ...wish, roles: ['viewer'] } });
  const accept = async (link: string) =>
    (await visit()).call('acceptInvitation', { body: { token: tokenOf(link), name: 'Kim', password } });
  expect((await accept(first.body.link)).body.code).toBe('link_refused');
  expect((await accept(second.body.link)).status).toBe(200);
});

test('a session that was ended meanwhile does not go on under another cookie', async () => {
  const school = await world.addSchool();
  const engineer = await addOperator(operators, ['integration_engineer']);
  const nobody = { address: '192.0.2.7', cookieHeader: undefined };
  const { secret } = await signInWithPassword(operators, { email: engineer.email, password }, nobody);
  const signedIn = (await findSession(operators, `__Host-gho=${secret}`))!;
  await endOwn(operators, signedIn);
  const wanted = { scopes: ['people:read'] as const, reason: 'A pupil cannot sign in', minutes: 60 };
  const raised = raiseRights(operators, school.tenantId, signedIn, wanted, by());
  await expect(raised).rejects.toMatchObject({ code: 'session_ended' });
});

test('a stranger’s tries do not keep the owner of an account out', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const attempt = (address: string, given: string) =>
    signInWithPassword(
      operators,
      { email: operator.email, password: given },
      { address, cookieHeader: undefined },
    );
  for (let i = 0; i < 5; i++) {
    await expect(attempt('198.51.100.1', 'wrong wrong wrong')).rejects.toMatchObject({
      code: 'sign_in_refused',
    });
  }
  await expect(attempt('198.51.100.1', password)).rejects.toMatchObject({ code: 'sign_in_paused' });
  expect((await attempt('192.0.2.1', password)).state).toBe('signed_in');
});

test('half-way sign-ins do not end the sessions of who gave the second factor', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const { secret } = await signInWithPassword(
    operators,
    { email: operator.email, password },
    { address: '192.0.2.1', cookieHeader: undefined },
  );
  await superuser.query(
    `insert into operator_second_factor (tenant_id, operator_id, sealed_secret, confirmed_at, created_at)
     values ($1, $2, 'x', now(), now())`,
    [operator.tenantId, operator.operatorId],
  );
  const half = { address: '198.51.100.1', cookieHeader: undefined };
  for (let i = 0; i < 21; i++) {
    clock.time += 1;
    const { state } = await signInWithPassword(operators, { email: operator.email, password }, half);
    expect(state).toBe('second_factor_needed');
  }
  expect(await findSession(operators, `__Host-gho=${secret}`)).toBeDefined();
});

test('signing in is written down once it is complete, however it began', async () => {
  const owner = await visit();
  await owner.signIn((await addOperator(operators, ['owner'])).email);
  const wish = { name: 'Jo', email: 'jo@company.example', roles: ['viewer'] };
  const made = await owner.call('inviteOperator', { body: wish });
  const jo = await visit();
  await jo.call('acceptInvitation', { body: { token: tokenOf(made.body.link), name: 'Jo', password } });
  const { operatorId } = (await jo.call('showOwnSession')).body;
  const signedIn = async () =>
    (
      await superuser.query(
        `select from audit_event where action = 'operator.signed_in' and subject = 'operator:' || $1`,
        [operatorId],
      )
    ).rowCount;
  expect(await signedIn()).toBe(1);
  const { body: factor } = await jo.call('enrolSecondFactor', { body: { current: password } });
  const code = new TOTP({ secret: factor.secret }).generate({ timestamp: clock.now() });
  expect((await jo.call('confirmSecondFactor', { body: { code } })).status).toBe(200);
  const link = await owner.call('makePasswordLink', { params: { operatorId }, body: {} });
  const body = { token: tokenOf(link.body.link), name: 'Jo', password };
  expect((await (await visit()).call('acceptInvitation', { body })).body.state).toBe('second_factor_needed');
  expect(await signedIn()).toBe(1);
});
