import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { disableOperator } from '../../../src/operators/accounts/accounts.ts';
import { acceptBySchool } from '../../../src/operators/school/set-out.ts';
import { closeWay, listWays, openWay, unlinkAdmin } from '../../../src/operators/school/ways.ts';
import { confirmOwnFactor, enrolFactor } from '../../../src/operators/second-factor/second-factor.ts';
import { signInWithCode } from '../../../src/operators/sessions/sign-in.ts';
import { setIdentityStatus } from '../../../src/sso/identities/identities.ts';
import { post, reasonOf, targetOf, tell } from '../../sso/saml-routes/support/flow.ts';
import { createTestDatabase } from '../../support/database.ts';
import { keep, type School, startSchoolWorld, type Vouched } from './support.ts';

const database = await createTestDatabase();
const { world, operators, addSchool, add, come, pathOf, bringWish, addAdmin, whose, audit } =
  await startSchoolWorld(database);
const by = () => world.by();
const lin = { subject: 'lin-1', email: 'lin@school.example' };

const signIn = (school: School, who: Vouched = lin) => come(school, who, pathOf(school));
const codeOf = async (coming: ReturnType<typeof come>) => reasonOf((await coming).answer);

test.each(['saml', 'oidc'] as const)(
  '%s: an admin is linked once, by an invitation, and known by the key from then on, whatever the address says',
  async (protocol) => {
    const school = await addSchool(protocol);
    const { visitor, token, path } = await bringWish(school, 'invited@school.example');
    const linked = await come(school, lin, path, visitor);
    expect(linked.answer).toMatchObject({ status: 303, location: '/console' });
    const first = await whose(visitor);
    expect(first?.operator).toMatchObject({
      email: 'invited@school.example',
      isLinked: true,
      hasPassword: false,
    });
    expect(first?.session).toMatchObject({ beganBy: 'school', stage: 'full', steps: null });
    // From another browser, under another address.
    const again = await come(
      school,
      { ...lin, email: 'new@school.example' },
      `${pathOf(school)}?returnTo=/console/account`,
    );
    expect(again.answer).toMatchObject({ status: 303, location: '/console/account' });
    expect((await whose(again.visitor))?.operator.operatorId).toBe(first?.operator.operatorId);
    // The address of the account, or of the invitation, is nobody's key.
    const other = { subject: 'somebody else', email: 'invited@school.example' };
    expect(await codeOf(signIn(school, other))).toBe('admin_unknown');
    expect(token.length).toBeGreaterThan(30);
    const { tenantId } = school.tenant;
    const rows = await audit(tenantId);
    const actions = rows.map(({ action }) => action).filter((action) => action.startsWith('operator.'));
    expect(actions).toEqual([
      ...['operator.added', 'operator.school_linked', 'operator.signed_in', 'operator.signed_in'],
    ]);
    expect(rows.at(-1)).toMatchObject({
      after: { beganBy: 'school', connectionId: school.identity.connectionId },
      origin: '127.0.0.0/24',
    });
    // Nobody of the portal came of it.
    expect(await world.sessions(school.tenant)).toEqual([]);
    expect((await world.tries(school.tenant)).map(({ outcome }) => outcome).sort()).toEqual([
      ...['success', 'success', 'user_error'],
    ]);
  },
);

test.each(['saml', 'oidc'] as const)(
  '%s: another institution’s provider lets nobody in here, though it vouches for the same key',
  async (protocol) => {
    const [ours, theirs] = [await addSchool(protocol), await addSchool(protocol)];
    await addAdmin(ours, lin);
    await addAdmin(theirs, { subject: 'theirs-1' });
    expect(await codeOf(signIn(theirs, lin))).toBe('admin_unknown');
    // Sent off by ours, and vouched for by theirs.
    const visitor = world.first.visitor();
    const sent = await visitor.open(pathOf(ours));
    const foreign = await theirs.answer(sent.location!, lin)(visitor);
    expect(foreign.setCookies.join()).not.toContain('__Host-gho');
    expect(await whose(visitor)).toBeUndefined();
    // A connection of another institution is none of this one.
    const mixed = pathOf({ ...ours, identity: theirs.identity });
    expect((await visitor.open(mixed)).status).toBe(404);
    // An invitation of one institution is good at its own connections.
    await expect(bringWish({ ...ours, identity: theirs.identity }, 'x@school.example')).rejects.toMatchObject(
      {
        code: 'way_closed',
      },
    );
  },
);

test.each(['saml', 'oidc'] as const)(
  '%s: an answer counts once, in the browser that asked, and under a cookie that nobody can have planted',
  async (protocol) => {
    const school = await addSchool(protocol);
    await addAdmin(school, lin);
    const [victim, attacker] = [world.first.visitor(), world.first.visitor()];
    const sent = await attacker.open(pathOf(school));
    const answer = school.answer(sent.location!, lin);
    expect(reasonOf(await answer(victim))).toBe('browser_changed');
    expect(await whose(victim)).toBeUndefined();
    // It is used up by that, also where it began.
    expect(reasonOf(await answer(attacker))).toBe('request_unknown');
    const planted = 'a'.repeat(54);
    victim.cookies.set('__Host-gho', planted);
    const own = await victim.open(pathOf(school));
    const good = school.answer(own.location!, lin);
    expect((await good(victim)).status).toBe(303);
    expect(victim.cookies.get('__Host-gho')).not.toBe(planted);
    expect(await whose(victim)).toBeDefined();
    expect(reasonOf(await good(victim))).toBe('request_unknown');
  },
);

test('an assertion is good for one sign-in at the console; one that nobody asked for is good for none', async () => {
  const school = await addSchool('saml');
  await addAdmin(school, lin);
  const visitor = world.first.visitor();
  const unasked = targetOf(world, school.tenant, school.identity);
  const SAMLResponse = tell(world, unasked, { nameId: lin.subject });
  await post(visitor, unasked, { SAMLResponse });
  await post(visitor, unasked, { SAMLResponse, RelayState: '/console' });
  expect(await whose(visitor)).toBeUndefined();
});

test('a disabled admin is signed out and comes in no more; an unlinked one has to be linked anew', async () => {
  const school = await addSchool('oidc');
  const { tenantId } = school.tenant;
  const { visitor } = await addAdmin(school, lin);
  const { operatorId } = (await whose(visitor))!.operator;
  await disableOperator(operators, tenantId, operatorId, by());
  expect(await whose(visitor)).toBeUndefined();
  expect(await codeOf(signIn(school))).toBe('admin_disabled');
  const other = { subject: 'other-1' };
  const theirs = await addAdmin(school, other);
  await unlinkAdmin(operators, tenantId, (await whose(theirs.visitor))!.operator.operatorId, by());
  expect(await whose(theirs.visitor)).toBeUndefined();
  expect(await codeOf(signIn(school, other))).toBe('admin_unknown');
});

test('with its connection a session ends, and with its way; who was linked before is not, once it is opened again', async () => {
  const school = await addSchool('oidc');
  const { tenantId } = school.tenant;
  const { connectionId } = school.identity;
  const { visitor } = await addAdmin(school, lin);
  const set = (status: 'active' | 'paused' | 'disabled') =>
    setIdentityStatus(operators, tenantId, connectionId, status, by());
  await set('paused');
  expect(await whose(visitor)).toBeDefined();
  expect(await codeOf(signIn(school))).toBe('connection_closed');
  await set('disabled');
  expect(await whose(visitor)).toBeUndefined();
  await set('active');
  expect((await signIn(school)).answer.status).toBe(303);
  // Sent off while it was open, and back when it is closed.
  const late = world.first.visitor();
  const sent = await late.open(pathOf(school));
  await closeWay(operators, tenantId, connectionId, by());
  expect(reasonOf(await school.answer(sent.location!, lin)(late))).toBe('admin_way_closed');
  expect(reasonOf(await late.open(pathOf(school)))).toBe('admin_way_closed');
  await openWay(operators, tenantId, connectionId, by());
  expect(await codeOf(signIn(school))).toBe('admin_unknown');
});

test('a wish is good once, in the browser that has proved it, and only for a connection that leads to the console', async () => {
  const school = await addSchool('oidc');
  const { visitor, path } = await bringWish(school, 'once@school.example');
  expect(reasonOf(await world.first.visitor().open(path))).toBe('admin_link_over');
  expect((await visitor.open(path)).status).toBe(303);
  expect(visitor.cookies.has('__Host-ghw')).toBe(false);
  expect(reasonOf(await visitor.open(path))).toBe('admin_link_over');
  const plain = await add.oidc();
  await expect(bringWish(plain, 'x@school.example')).rejects.toMatchObject({ code: 'way_closed' });
});

test('of two who come back with one invitation one is linked, and nobody with a key that is another’s', async () => {
  const school = await addSchool('oidc');
  const { visitor, token, path } = await bringWish(school, 'two@school.example');
  const second = world.first.visitor();
  const wanted = { token, connectionId: school.identity.connectionId };
  keep(second, (await acceptBySchool(operators, wanted, world.clock.now())).cookie);
  expect((await come(school, lin, path, visitor)).answer.status).toBe(303);
  expect(await codeOf(come(school, { subject: 'late' }, path, second))).toBe('admin_link_over');
  const other = await bringWish(school, 'three@school.example');
  expect(await codeOf(come(school, lin, other.path, other.visitor))).toBe('admin_linked_elsewhere');
});

test('who has an authenticator is asked for its code; the session ends when the provider wants it over', async () => {
  const school = await addSchool('saml');
  const { visitor } = await addAdmin(school, lin);
  const { operator, session } = (await whose(visitor))!;
  expect(session.endsAt.getTime() - world.clock.now()).toBeLessThan(9 * 3_600_000);
  const { secret } = await enrolFactor(operators, operator, by());
  const code = () => new TOTP({ secret }).generate({ timestamp: world.clock.now() });
  const me = (await whose(visitor))!;
  const { session: rotated } = await confirmOwnFactor(operators, me, code(), by());
  visitor.cookies.set('__Host-gho', rotated.secret);
  expect((await whose(visitor))?.session).toMatchObject({ beganBy: 'school', endsAt: session.endsAt });

  world.clock.set(world.clock.now() + 60_000);
  const half = await signIn(school);
  expect(half.answer.location).toBe('/console/sign-in?code=needed');
  expect((await whose(half.visitor))?.session).toMatchObject({ stage: 'second_factor', beganBy: 'school' });
  const cookieHeader = `__Host-gho=${half.visitor.cookies.get('__Host-gho')}`;
  const whole = await signInWithCode(operators, code(), { address: '192.0.2.1', cookieHeader });
  half.visitor.cookies.set('__Host-gho', whole.secret);
  const signedIn = (await whose(half.visitor))!;
  expect(signedIn.session).toMatchObject({ stage: 'full', connectionId: school.identity.connectionId });
  expect(signedIn.session.endsAt.getTime() - world.clock.now()).toBeLessThan(9 * 3_600_000);
});

test('a directory, which takes passwords here, leads nobody to the console', async () => {
  const school = await add.oidc();
  const { tenantId } = school.tenant;
  await setIdentityStatus(operators, tenantId, school.identity.connectionId, 'disabled', by());
  const open = openWay(operators, tenantId, school.identity.connectionId, by());
  await expect(open).rejects.toMatchObject({ code: 'way_unfit' });
  expect(reasonOf(await world.first.visitor().open(pathOf(school)))).toBe('connection_closed');
});

test('a way is opened for the certificates that were looked at, and for no other put beside them', async () => {
  const school = await addSchool('saml');
  const { tenant, identity } = school;
  const [way] = await listWays(operators, tenant.tenantId);
  expect(way?.certificates.length).toBeGreaterThan(0);
  await closeWay(operators, tenant.tenantId, identity.connectionId, by());
  const open = (certificates: string[], keysFrom?: string | null) =>
    openWay(operators, tenant.tenantId, identity.connectionId, by(), { certificates, keysFrom });
  const seen = way?.certificates ?? [];
  await expect(open(seen.slice(1))).rejects.toMatchObject({ code: 'way_unsettled' });
  await expect(open([...seen, '0'.repeat(64)])).rejects.toMatchObject({ code: 'way_unsettled' });
  // Nor for an address that nobody has looked at, from which other certificates may come tomorrow.
  await expect(open(seen, 'https://elsewhere.example/metadata')).rejects.toMatchObject({
    code: 'way_unsettled',
  });
  await open(seen.toReversed(), way?.keysFrom);
  expect((await listWays(operators, tenant.tenantId))[0]?.openedAt).not.toBeNull();
});
