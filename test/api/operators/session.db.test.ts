import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { addOperator, createVisitor, password } from '../support/console-visitor.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const { operators, clock } = world;

async function visit() {
  const { origin } = await world.open();
  return createVisitor(origin);
}

const minute = 60_000;
const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: clock.now() });

test('somebody signs in, is told who they are, and signs out', async () => {
  const operator = await addOperator(operators, ['manager', 'viewer']);
  const visitor = await visit();
  const signedIn = await visitor.signIn(operator.email.toUpperCase());
  expect(signedIn).toMatchObject({ status: 200, body: { state: 'signed_in' } });
  expect(signedIn.headers.getSetCookie()[0]).toMatch(
    /^__Host-gho=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  );
  const who = await visitor.call('showOwnSession');
  expect(who.body).toMatchObject({ operatorId: operator.operatorId, tenantSlug: null, setupSteps: null });
  expect(who.body.scopes).toContain('health:write');
  expect(who.body.scopes).not.toContain('people:read');
  expect(await visitor.call('hubOverview')).toMatchObject({ status: 200 });
  const held = visitor.cookie();
  expect((await visitor.call('signOutOperator')).status).toBe(200);
  visitor.setCookie(held);
  expect(await visitor.call('showOwnSession')).toMatchObject({
    status: 401,
    body: { code: 'session_ended' },
  });
});

test('neither the answer tells whether there is such an account or institution', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const school = await world.addSchool();
  const visitor = await visit();
  const wrong = [
    { email: operator.email, password: 'something else entirely' },
    { email: 'nobody@company.example', password },
    { email: operator.email, password, tenantSlug: school.slug },
    { email: operator.email, password, tenantSlug: 'no-such-school' },
  ];
  const told = [];
  for (const body of wrong) {
    const { status, body: problem } = await visitor.call('signInOperator', { body });
    told.push([status, problem.code, problem.detail]);
  }
  expect(told[0]!.slice(0, 2)).toEqual([401, 'sign_in_refused']);
  expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
});

test('an account is paused for longer and longer, also for the right password, and never for good', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const visitor = await visit();
  const attempt = (given: string) =>
    visitor.call('signInOperator', { body: { email: operator.email, password: given } });
  for (let i = 0; i < 5; i++) expect((await attempt('wrong wrong wrong')).status).toBe(401);
  expect(await attempt(password)).toMatchObject({ status: 429, body: { code: 'sign_in_paused' } });
  clock.time += 6_000;
  expect((await attempt('wrong wrong wrong')).status).toBe(401);
  clock.time += 6_000;
  expect((await attempt(password)).status).toBe(429);
  clock.time += 15 * minute;
  expect((await attempt(password)).status).toBe(200);
  expect((await attempt('wrong wrong wrong')).status).toBe(401);
  expect((await attempt(password)).status).toBe(200);
});

test('tries in parallel do not slip past the count', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const visitor = await visit();
  const body = { email: operator.email, password: 'wrong wrong wrong' };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => visitor.call('signInOperator', { body })),
  );
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  clock.time += 60 * minute;
});

test('a cookie that was planted before signing in is worth nothing after', async () => {
  const [mallory, ada] = [await addOperator(operators, ['viewer']), await addOperator(operators, ['owner'])];
  const attacker = await visit();
  await attacker.signIn(mallory.email);
  const planted = attacker.cookie();
  const victim = await visit();
  victim.setCookie(planted);
  await victim.signIn(ada.email);
  expect(victim.cookie()).not.toBe(planted);
  expect((await attacker.call('showOwnSession')).status).toBe(401);
  expect((await victim.call('showOwnSession')).body.operatorId).toBe(ada.operatorId);
});

test.each([
  ['without the token', { 'X-CSRF-Token': '' }, 'csrf_token_wrong'],
  ['with the token of another session', { 'X-CSRF-Token': 'x'.repeat(43) }, 'csrf_token_wrong'],
  ['from another site', { 'Sec-Fetch-Site': 'cross-site' }, 'cross_site'],
  ['from another host of the same site', { 'Sec-Fetch-Site': 'same-site' }, 'cross_site'],
] as const)('a change %s is refused', async (_name, headers, code) => {
  const operator = await addOperator(operators, ['owner']);
  const visitor = await visit();
  await visitor.signIn(operator.email);
  expect(await visitor.call('signOutOperator', { headers })).toMatchObject({ status: 403, body: { code } });
  expect((await visitor.call('showOwnSession')).status).toBe(200);
});

test('a page of another site cannot sign a browser in', async () => {
  const operator = await addOperator(operators, ['owner']);
  const visitor = await visit();
  const body = { email: operator.email, password };
  const headers = { 'Sec-Fetch-Site': 'cross-site' };
  expect((await visitor.call('signInOperator', { body, headers })).body.code).toBe('cross_site');
});

test('a session ends when nobody was there, and after its longest time', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const [idle, busy] = [await visit(), await visit()];
  await idle.signIn(operator.email);
  await busy.signIn(operator.email);
  for (let i = 0; i < 35; i++) {
    clock.time += 20 * minute;
    expect((await busy.call('showOwnSession')).status).toBe(200);
  }
  expect((await idle.call('showOwnSession')).status).toBe(401);
  clock.time += 25 * minute;
  expect((await busy.call('showOwnSession')).status).toBe(401);
});

test('an authenticator is asked for once it is confirmed, and takes each code one time', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const visitor = await visit();
  await visitor.signIn(operator.email);
  const elsewhere = await visit();
  await elsewhere.signIn(operator.email);
  expect((await visitor.call('enrolSecondFactor', { body: { current: 'not mine' } })).status).toBe(403);
  const { body: factor } = await visitor.call('enrolSecondFactor', { body: { current: password } });
  expect(factor.uri).toContain(`secret=${factor.secret}`);
  const confirmed = await visitor.call('confirmSecondFactor', { body: { code: codeOf(factor.secret) } });
  expect(confirmed.body.recoveryCodes).toHaveLength(10);
  expect((await elsewhere.call('showOwnSession')).status).toBe(401);
  expect((await visitor.call('showOwnSession')).body.secondFactor).toBe(true);

  const again = await visit();
  expect((await again.signIn(operator.email)).body).toEqual({ state: 'second_factor_needed' });
  expect((await again.call('showOwnSession')).status).toBe(401);
  const halfWay = again.cookie();
  const used = await again.call('giveSecondFactor', { body: { code: codeOf(factor.secret) } });
  expect(used).toMatchObject({ status: 401, body: { code: 'second_factor_refused' } });
  clock.time += 30_000;
  const code = codeOf(factor.secret);
  expect((await again.call('giveSecondFactor', { body: { code } })).body.state).toBe('signed_in');
  expect(again.cookie()).not.toBe(halfWay);
  expect((await again.call('showOwnSession')).status).toBe(200);

  const lost = await visit();
  await lost.signIn(operator.email);
  const [recovery] = confirmed.body.recoveryCodes;
  expect((await lost.call('giveSecondFactor', { body: { code: recovery } })).status).toBe(200);
  const twice = await visit();
  await twice.signIn(operator.email);
  expect((await twice.call('giveSecondFactor', { body: { code: recovery } })).status).toBe(401);
});

test('a new password ends the other sessions and moves this one to another cookie', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const [here, there] = [await visit(), await visit()];
  await here.signIn(operator.email);
  await there.signIn(operator.email);
  const before = here.cookie();
  const weak = { current: password, password: 'passwordpassword1' };
  expect((await here.call('changeOwnPassword', { body: weak })).body.code).toBe('password_weak');
  const body = { current: password, password: 'quite another long sentence' };
  expect((await here.call('changeOwnPassword', { body })).status).toBe(200);
  expect(here.cookie()).not.toBe(before);
  expect((await here.call('listOwnSessions')).body.sessions).toHaveLength(1);
  expect((await there.call('showOwnSession')).status).toBe(401);
  const fresh = await visit();
  expect((await fresh.signIn(operator.email)).status).toBe(401);
});

test('the database holds neither passwords nor cookies nor secrets of authenticators', async () => {
  const operator = await addOperator(operators, ['viewer']);
  const visitor = await visit();
  await visitor.signIn(operator.email);
  const { body: factor } = await visitor.call('enrolSecondFactor', { body: { current: password } });
  const rows = [];
  for (const table of ['operator', 'operator_session', 'operator_second_factor']) {
    rows.push((await superuser.query(`select * from ${table}`)).rows);
  }
  const kept = JSON.stringify(rows);
  expect(kept).toContain('$argon2id$');
  for (const secret of [password, visitor.cookie().split('=')[1]!, factor.secret]) {
    expect(kept).not.toContain(secret);
  }
});

test('the log tells who it was by ids, and nothing that signs in or names anybody', async () => {
  const operator = await addOperator(operators, ['viewer'], { email: 'zyx@company.example' });
  const { origin, lines } = await world.open();
  const visitor = createVisitor(origin);
  await visitor.signIn(operator.email);
  await visitor.call('signInOperator', { body: { email: operator.email, password: 'quite the wrong one' } });
  await visitor.call('showOwnSession');
  const written = JSON.stringify(lines);
  expect(written).toContain(operator.operatorId);
  expect(written).toContain('sign_in_refused');
  for (const secret of [
    operator.email,
    'zyx',
    password,
    'quite the wrong one',
    visitor.cookie().split('=')[1]!,
  ]) {
    expect(written).not.toContain(secret);
  }
});
