import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { addOperator, createVisitor, password } from '../support/console-visitor.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const { operators } = world;
const school = await world.addSchool();
const { tenantId, slug } = school;
const params = { slug };
const ofSaml = { slug, connectionId: school.samlId };

async function signedIn(role: 'owner' | 'onboarding_admin' | 'integration_engineer' | 'institution_admin') {
  const isAdmin = role === 'institution_admin';
  const operator = await addOperator(operators, [role], isAdmin ? { owner: tenantId } : {});
  const { origin } = await world.open();
  const visitor = createVisitor(origin);
  expect((await visitor.signIn(operator.email, isAdmin ? slug : undefined)).status).toBe(200);
  return { ...visitor, operator };
}

test('a way to the console is opened by whoever may do all that an admin may; then its trust is theirs alone to change', async () => {
  const [owner, engineer, onboarding] = [
    await signedIn('owner'),
    await signedIn('integration_engineer'),
    await signedIn('onboarding_admin'),
  ];
  const admin = await signedIn('institution_admin');
  const open = (who: typeof owner) => who.call('openAdminWay', { params: ofSaml });
  const giveOther = (who: typeof owner) =>
    who.call('updateIdentity', { params: ofSaml, body: { settings: { forceAuthn: true } } });
  const addKey = (who: typeof owner) =>
    who.call('addCertificate', { params: ofSaml, body: { certificate: 'no certificate' } });
  expect((await giveOther(engineer)).status).toBe(200);
  expect((await open(onboarding)).body.code).toBe('scope_beyond_own');
  expect((await open(admin)).body).toEqual({ connectionId: school.samlId, open: true });
  const { ways } = (await admin.call('listAdminWays', { params })).body;
  // A directory takes passwords here: it is no way to the console.
  expect(ways).toMatchObject([{ connectionId: school.samlId, protocol: 'saml', admins: 0 }]);
  for (const who of [engineer, onboarding]) {
    expect((await giveOther(who)).body.code).toBe('scope_beyond_own');
    expect((await addKey(who)).body.code).toBe('scope_beyond_own');
    const rename = { name: 'Renamed' };
    expect((await who.call('updateIdentity', { params: ofSaml, body: rename })).status).toBe(200);
  }
  expect((await giveOther(owner)).status).toBe(200);
  expect((await addKey(owner)).body.code).not.toBe('scope_beyond_own');
  expect((await onboarding.call('closeAdminWay', { params: ofSaml })).body.code).toBe('scope_beyond_own');
  expect((await owner.call('closeAdminWay', { params: ofSaml })).body.open).toBe(false);
  expect((await giveOther(engineer)).status).toBe(200);
});

test('anybody is told the open ways of an institution, and none of one that does not exist', async () => {
  const admin = await signedIn('institution_admin');
  await admin.call('openAdminWay', { params: ofSaml });
  const stranger = createVisitor((await world.open()).origin);
  const { ways } = (await stranger.call('showSchoolSignIn', { params })).body;
  expect(ways).toMatchObject([{ startPath: `/t/${slug}/console-sign-in/${school.samlId}` }]);
  expect((await stranger.call('showSchoolSignIn', { params: { slug: 'nowhere' } })).body.ways).toEqual([]);
  const made = await admin.call('inviteAdmin', {
    params,
    body: { name: 'Lin', email: 'lin@school.example' },
  });
  const token = made.body.link.split('#')[1];
  const shown = await stranger.call('showInvitation', { body: { token } });
  expect(shown.body).toMatchObject({ tenantSlug: slug, ways: [{ connectionId: school.samlId }] });
  const body = { token, connectionId: school.samlId };
  const accepted = await stranger.call('acceptBySchool', { body });
  expect(accepted.body.startPath).toBe(`/t/${slug}/console-sign-in/${school.samlId}?wish=kept`);
  expect(accepted.headers.getSetCookie().join()).toMatch(/__Host-ghw=[^;]+;.*HttpOnly.*SameSite=Strict/);
  // Nothing is used up before somebody comes back.
  expect((await stranger.call('showInvitation', { body: { token } })).status).toBe(200);
  expect(
    (await stranger.call('acceptBySchool', { body: { ...body, connectionId: school.identityId } })).body.code,
  ).toBe('way_closed');
});

test('an admin who has forgotten the password gets a link, once, from whoever may; nobody acts under their name by it', async () => {
  const [owner, onboarding] = [await signedIn('owner'), await signedIn('onboarding_admin')];
  const admin = await signedIn('institution_admin');
  const { operatorId, email } = admin.operator;
  const ofAdmin = { slug, operatorId };
  const make = (who: typeof owner) => who.call('makeAdminPasswordLink', { params: ofAdmin });
  expect((await make(onboarding)).body.code).toBe('scope_beyond_own');
  const [before, made] = [await make(owner), await make(owner)];
  const visitor = createVisitor((await world.open()).origin);
  const use = (link: string, fresh: string) =>
    visitor.call('acceptInvitation', {
      body: { token: link.split('#')[1], name: 'Ada', password: fresh },
    });
  expect((await use(before.body.link, password)).body.code).toBe('link_refused');
  expect((await use(made.body.link, 'another horse battery staple')).body.state).toBe('signed_in');
  expect((await use(made.body.link, password)).body.code).toBe('link_refused');
  expect((await admin.call('showOwnSession')).status).toBe(401);
  expect((await visitor.signIn(email, slug)).status).toBe(401);
  const { events } = (await owner.call('listAudit', { params })).body;
  const told = events.map(({ action }: { action: string }) => action);
  expect(told).toEqual(expect.arrayContaining(['operator_link.made', 'operator.password_set']));
  const of = (action: string) => events.find((event: { action: string }) => event.action === action);
  // From where, but not the whole address.
  expect(of('operator_link.made').values.origin).toBe('127.0.0.0/24');
  expect(of('operator.password_set').subject).toBe(`operator:${operatorId}`);
  expect(of('operator.password_set').values.origin).toBe('127.0.0.0/24');
  expect((await owner.call('verifyAudit', { params })).body.whole).toBe(true);
  await owner.call('disableAdmin', { params: ofAdmin });
  expect((await make(owner)).body.code).toBe('operator_disabled');
});

test('nobody makes a link for a new password of an admin of another institution', async () => {
  const theirs = await world.addSchool();
  const admin = await signedIn('institution_admin');
  const other = await addOperator(operators, ['institution_admin'], { owner: theirs.tenantId });
  const { operatorId } = other;
  const wrong = await admin.call('makeAdminPasswordLink', { params: { slug, operatorId } });
  expect(wrong.body.code).toBe('operator_unknown');
  const there = await admin.call('makeAdminPasswordLink', { params: { slug: theirs.slug, operatorId } });
  expect(there.body.code).toBe('tenant_unknown');
});
