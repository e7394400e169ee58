import { expect, test } from 'vitest';
import { makeFirstRunLink } from '../../../src/operators/links/links.ts';
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

test('of first-run links that copies have printed, used at once, one makes the one first account', async () => {
  const made = [await makeFirstRunLink(operators, by()), await makeFirstRunLink(operators, by())];
  const visitor = await visit();
  expect((await visitor.call('showSignInOptions')).body).toMatchObject({ firstRun: true, company: null });
  const answers = await Promise.all(
    made.map(async (link, i) => {
      expect(link!.address).toMatch(/^https:\/\/hub\.example\/console\/first-run#[\w-]+$/);
      const body = { token: tokenOf(link!.address), name: 'Ada', email: `ada${i}@company.example`, password };
      return (await visit()).call('completeFirstRun', { body });
    }),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  const { rows } = await superuser.query('select roles from operator');
  expect(rows).toEqual([{ roles: ['owner'] }]);
  expect(await makeFirstRunLink(operators, by())).toBeUndefined();
  expect((await visitor.call('showSignInOptions')).body.firstRun).toBe(false);
});

test('an owner invites; the invitation holds once, for its roles, until its time', async () => {
  const owner = await addOperator(operators, ['owner']);
  const visitor = await visit();
  await visitor.signIn(owner.email);
  const email = 'grace@company.example';
  const invitation = { name: 'Grace', email, roles: ['manager'] };
  const made = await visitor.call('inviteOperator', { body: invitation });
  expect(made.status).toBe(201);
  const token = tokenOf(made.body.link);
  const guest = await visit();
  expect((await guest.call('showInvitation', { body: { token } })).body).toMatchObject({ email });
  const body = { token, name: 'Grace', password };
  expect((await guest.call('acceptInvitation', { body })).body.state).toBe('signed_in');
  expect((await guest.call('showOwnSession')).body).toMatchObject({ email, roles: ['manager'] });
  expect((await guest.call('acceptInvitation', { body })).body.code).toBe('link_refused');
  expect((await visitor.call('inviteOperator', { body: invitation })).body.code).toBe('operator_exists');
  const late = await visitor.call('inviteOperator', { body: { ...invitation, email: 'l@company.example' } });
  clock.time += 3 * 86_400_000;
  const expired = { token: tokenOf(late.body.link), name: 'L', password };
  expect((await guest.call('acceptInvitation', { body: expired })).body.code).toBe('link_refused');
});

test('who is disabled or given other roles is signed out at once; the last owner stays', async () => {
  const tables = 'operator_session, operator_link, operator_second_factor, operator';
  await superuser.query(`truncate ${tables} cascade`);
  const owner = await addOperator(operators, ['owner']);
  const other = await addOperator(operators, ['integration_engineer']);
  const [visitor, theirs] = [await visit(), await visit()];
  await visitor.signIn(owner.email);
  await theirs.signIn(other.email);
  const params = { operatorId: other.operatorId };
  const roles = { roles: ['viewer'] };
  expect((await visitor.call('changeOperatorRoles', { params, body: roles })).body.operator.roles).toEqual([
    'viewer',
  ]);
  expect((await theirs.call('showOwnSession')).status).toBe(401);
  await theirs.signIn(other.email);
  expect((await theirs.call('showOwnSession')).body.roles).toEqual(['viewer']);
  expect((await visitor.call('disableOperator', { params })).body.operator.status).toBe('disabled');
  expect((await theirs.call('showOwnSession')).status).toBe(401);
  expect((await theirs.signIn(other.email)).status).toBe(401);
  expect((await visitor.call('enableOperator', { params })).status).toBe(200);
  expect((await theirs.signIn(other.email)).status).toBe(200);
  const own = { operatorId: owner.operatorId };
  expect((await visitor.call('disableOperator', { params: own })).body.code).toBe('last_owner');
  expect((await visitor.call('changeOperatorRoles', { params: own, body: roles })).body.code).toBe(
    'last_owner',
  );
});

test('an institution’s admin is invited there, by its own admins too, until that is taken back', async () => {
  const school = await world.addSchool();
  const admin = await addOperator(operators, ['institution_admin'], { owner: school.tenantId });
  const visitor = await visit();
  await visitor.signIn(admin.email, school.slug);
  const params = { slug: school.slug };
  const made = await visitor.call('inviteAdmin', {
    params,
    body: { name: 'Lin', email: 'lin@school.example' },
  });
  const other = await visitor.call('inviteAdmin', {
    params,
    body: { name: 'Kim', email: 'kim@school.example' },
  });
  const guest = await visit();
  const body = { token: tokenOf(made.body.link), name: 'Lin', password };
  expect((await guest.call('acceptInvitation', { body })).body.state).toBe('signed_in');
  expect((await guest.call('showOwnSession')).body).toMatchObject({
    tenantSlug: school.slug,
    roles: ['institution_admin'],
  });
  const taken = { params: { ...params, linkId: other.body.invitation.linkId } };
  expect((await visitor.call('revokeAdminInvitation', taken)).body.invitation.state).toBe('revoked');
  const late = { token: tokenOf(other.body.link), name: 'Kim', password };
  expect((await guest.call('acceptInvitation', { body: late })).body.code).toBe('link_refused');
  const listed = await visitor.call('listAdmins', { params });
  expect(listed.body.operators).toHaveLength(2);
  // Those made in one millisecond have no order.
  const states = listed.body.invitations.map(({ state }: { state: string }) => state);
  expect(states.toSorted()).toEqual(['revoked', 'used']);
});

test('a set-up link opens once, for its steps in its institution alone, until it is taken back', async () => {
  const school = await world.addSchool();
  const admin = await addOperator(operators, ['onboarding_admin']);
  const visitor = await visit();
  await visitor.signIn(admin.email);
  const params = { slug: school.slug };
  const wish = { name: 'Lin', email: 'lin@school.example', steps: ['roster'] };
  const made = await visitor.call('makeSetupLink', { params, body: wish });
  expect(made.status).toBe(201);
  const token = tokenOf(made.body.link);
  const guest = await visit();
  expect((await guest.call('signInByLink', { body: { token } })).body.state).toBe('signed_in');
  expect((await (await visit()).call('signInByLink', { body: { token } })).body.code).toBe('link_refused');
  expect((await guest.call('showOwnSession')).body).toMatchObject({
    tenantSlug: school.slug,
    setupSteps: ['roster'],
    scopes: ['rosters:read', 'rosters:write', 'setup:read'],
  });
  expect((await guest.call('listRosters', { params })).status).toBe(200);
  expect((await guest.call('listIdentities', { params })).status).toBe(403);
  const lasting = { password: 'quite another long sentence' };
  expect((await guest.call('changeOwnPassword', { body: lasting })).body.code).toBe('set_up_only');
  clock.time += 2 * 86_400_000;
  expect((await guest.call('showOwnSession')).status).toBe(200);
  await visitor.signIn(admin.email);
  const taken = { params: { ...params, linkId: made.body.setupLink.linkId } };
  expect((await visitor.call('revokeSetupLink', taken)).body.setupLink.state).toBe('revoked');
  expect((await guest.call('showOwnSession')).status).toBe(401);
});

test('raised rights hold at one institution, end by themselves, and stand in its own audit trail', async () => {
  const [school, other] = [await world.addSchool(), await world.addSchool()];
  const engineer = await addOperator(operators, ['integration_engineer']);
  const visitor = await visit();
  await visitor.signIn(engineer.email);
  const params = { slug: school.slug, personId: '0199c5a4-0000-7000-8000-000000000000' };
  expect((await visitor.call('previewErasure', { params })).status).toBe(403);
  const before = visitor.cookie();
  const body = { scopes: ['people:read'], reason: 'A pupil cannot sign in', minutes: 10 };
  expect((await visitor.call('raiseRights', { params, body })).status).toBe(201);
  expect(visitor.cookie()).not.toBe(before);
  expect((await visitor.call('previewErasure', { params })).status).not.toBe(403);
  expect((await visitor.call('previewErasure', { params: { ...params, slug: other.slug } })).status).toBe(
    403,
  );
  const accounts = { ...body, scopes: ['admins:write'] };
  expect((await visitor.call('raiseRights', { params, body: accounts })).status).toBe(400);
  const admin = await addOperator(operators, ['institution_admin'], { owner: school.tenantId });
  const theirs = await visit();
  await theirs.signIn(admin.email, school.slug);
  const seen = await theirs.call('listRaisedRights', { params });
  expect(seen.body.raisedRights).toMatchObject([
    { operatorId: engineer.operatorId, active: true, reason: body.reason },
  ]);
  const { rows } = await superuser.query(
    `select tenant_id, actor from audit_event where action = 'break_glass.started'`,
  );
  expect(rows).toEqual([{ tenant_id: school.tenantId, actor: `operator:${engineer.operatorId}` }]);
  clock.time += 11 * 60_000;
  expect((await visitor.call('previewErasure', { params })).status).toBe(403);
});
