import { TOTP } from 'otpauth';
import { expect, onTestFinished, test } from 'vitest';
import { confirmOwnFactor, enrolFactor } from '../../../src/operators/second-factor/second-factor.ts';
import { rotateSession } from '../../../src/operators/sessions/operator-sessions.ts';
import { endAdmins } from '../../../src/operators/sessions/partner-end.ts';
import { signInWithCode } from '../../../src/operators/sessions/sign-in.ts';
import { hashSecret } from '../../../src/platform/handle.ts';
import { setIdentityStatus } from '../../../src/sso/identities/identities.ts';
import { signIn as signInAtPortal } from '../../sso/saml-routes/support/flow.ts';
import type { Visitor } from '../../sso/support/visitor.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type School, startSchoolWorld } from '../school/support.ts';

const database = await createTestDatabase();
const { world, operators, addSchool, come, pathOf, addAdmin, whose } = await startSchoolWorld(database);
const protocols = ['saml', 'oidc'] as const;
const by = () => world.by();
const lin = { subject: 'lin-1', index: 'lin-at-work' };

const signedIn = async (visitors: Record<string, Visitor>) => {
  const found: string[] = [];
  for (const [name, visitor] of Object.entries(visitors)) if (await whose(visitor)) found.push(name);
  return found;
};

const signIn = async (school: School, who: { subject: string; index: string }) =>
  (await come(school, who, pathOf(school))).visitor;

test.each(protocols)(
  '%s: a sign-out at the provider ends the console sessions of its session or person, and no others',
  { timeout: 60_000 },
  async (protocol) => {
    const [school, elsewhere] = [await addSchool(protocol), await addSchool(protocol)];
    const browsers = {
      work: (await addAdmin(school, lin, 'lin@school.example')).visitor,
      home: await signIn(school, { ...lin, index: 'lin-at-home' }),
      kim: (await addAdmin(school, { subject: 'kim-1', index: 'kim' }, 'kim@school.example')).visitor,
      namesake: (await addAdmin(elsewhere, lin, 'lin@school.example')).visitor,
    };
    const { rows } = await database.superuser.query('select * from operator_session');
    expect(JSON.stringify(rows)).not.toMatch(/lin-1|lin-at-work/);

    // Names are good at their own connection alone, and in their own institution.
    const { tenantId } = elsewhere.tenant;
    const { connectionId } = school.identity;
    const names = { partnerNameHash: hashSecret(lin.subject), partnerIndexHashes: [] };
    await operators.db.withTenant(tenantId, (tx) =>
      endAdmins(tx, { connectionId, ...names }, world.clock.now()),
    );
    await school.signOut({ subject: 'lin-1', index: 'kim' });
    expect(await signedIn(browsers)).toEqual(['work', 'home', 'kim', 'namesake']);

    expect((await school.signOut(lin)).status).toBeLessThan(400);
    expect(await signedIn(browsers)).toEqual(['home', 'kim', 'namesake']);
    await school.signOut({ subject: lin.subject });
    expect(await signedIn(browsers)).toEqual(['kim', 'namesake']);
    const ended = await database.superuser.query(
      'select distinct ended_by from operator_session where tenant_id = $1 and ended_at is not null',
      [school.tenant.tenantId],
    );
    expect(ended.rows).toEqual([{ ended_by: 'partner' }]);
  },
);

test('a provider may name its session alone, also at a connection that is paused', async () => {
  const school = await addSchool('oidc');
  const browsers = {
    lin: (await addAdmin(school, lin)).visitor,
    kim: (await addAdmin(school, { subject: 'kim-1', index: 'kim' })).visitor,
  };
  const { tenantId } = school.tenant;
  await setIdentityStatus(operators, tenantId, school.identity.connectionId, 'paused', by());
  expect((await school.signOut({ index: lin.index })).status).toBe(200);
  expect(await signedIn(browsers)).toEqual(['kim']);
});

test('who signs out of the portal, and so at the provider, is signed out of the console by the same session there', async () => {
  const school = await addSchool('saml');
  const browsers = {
    work: (await addAdmin(school, lin)).visitor,
    home: await signIn(school, { ...lin, index: 'lin-at-home' }),
  };
  const said = { nameId: lin.subject, sessionIndex: lin.index };
  const { visitor } = await signInAtPortal(world, school.tenant, school.identity, said);
  const answer = await visitor.post(`/t/${school.tenant.slug}/sign-out`, {});
  expect(answer.location).toContain('https://idp.example/slo');
  expect(await signedIn(browsers)).toEqual(['home']);
});

test('who signs out of the portal is sent on once also where nothing can be ended at the console', async () => {
  const school = await addSchool('saml');
  const work = (await addAdmin(school, lin)).visitor;
  const said = { nameId: lin.subject, sessionIndex: lin.index };
  const { visitor } = await signInAtPortal(world, school.tenant, school.identity, said);
  await database.superuser.query('revoke update on operator_session from gatehouse_app');
  onTestFinished(async () => {
    await database.superuser.query('grant update on operator_session to gatehouse_app');
  });
  const { tenantId, slug } = school.tenant;
  const answer = await visitor.post(`/t/${slug}/sign-out`, {});
  expect(answer.location).toContain('https://idp.example/slo');
  expect(await world.sessions(school.tenant)).toEqual([]);
  expect(await signedIn({ work })).toEqual(['work']);
  const told = world.log.filter((line) => line.includes('console_sign_out_failed'));
  expect(told).toEqual([expect.stringContaining(tenantId)]);
});

test.each(protocols)(
  '%s: a sign-out at the provider counts for an institution that is paused',
  async (protocol) => {
    const school = await addSchool(protocol);
    const browsers = {
      lin: (await addAdmin(school, lin)).visitor,
      kim: (await addAdmin(school, { subject: 'kim-1', index: 'kim' })).visitor,
    };
    await database.superuser.query(`update tenant set status = 'paused' where tenant_id = $1`, [
      school.tenant.tenantId,
    ]);
    // What is remembered of a tenant is read again by then.
    world.clock.set(world.clock.now() + 61_000);
    expect((await come(school, lin, pathOf(school))).answer.status).toBe(404);
    expect((await school.signOut(lin)).status).toBeLessThan(400);
    expect(await signedIn(browsers)).toEqual(['kim']);
    expect((await world.first.visitor().open(`/t/${school.tenant.slug}/signed-out`)).status).toBe(200);
  },
);

test.each(protocols)(
  '%s: neither a code that is still to come nor a new cookie keeps it from ending',
  async (protocol) => {
    const school = await addSchool(protocol);
    const { visitor } = await addAdmin(school, lin);
    const { secret } = await enrolFactor(operators, (await whose(visitor))!.operator, by());
    const code = () => new TOTP({ secret }).generate({ timestamp: world.clock.now() });
    const rotated = await confirmOwnFactor(operators, (await whose(visitor))!, code(), by());
    visitor.cookies.set('__Host-gho', rotated.session.secret);
    world.clock.set(world.clock.now() + 60_000);
    const whole = await signIn(school, lin);
    const halfWay = await signIn(school, lin);
    const visit = (of: Visitor) => ({
      address: undefined,
      cookieHeader: `__Host-gho=${of.cookies.get('__Host-gho')}`,
    });
    whole.cookies.set('__Host-gho', (await signInWithCode(operators, code(), visit(whole))).secret);
    const browsers = { rotated: visitor, whole, halfWay };
    expect(await signedIn(browsers)).toEqual(['rotated', 'whole', 'halfWay']);
    await school.signOut(lin);
    expect(await signedIn(browsers)).toEqual([]);
    world.clock.set(world.clock.now() + 60_000);
    await expect(signInWithCode(operators, code(), visit(halfWay))).rejects.toMatchObject({
      code: 'sign_in_over',
    });
  },
);

/** A school with an admin who is asked for a code, and the code. */
async function addGuarded() {
  const school = await addSchool('oidc');
  const { visitor } = await addAdmin(school, lin);
  const { secret } = await enrolFactor(operators, (await whose(visitor))!.operator, by());
  const code = () => new TOTP({ secret }).generate({ timestamp: world.clock.now() });
  await confirmOwnFactor(operators, (await whose(visitor))!, code(), by());
  return { school, code };
}

test('a sign-out that comes while a code is looked at is not lost', async () => {
  const { school, code } = await addGuarded();
  let asked = 0;
  /** @param last before which question to the database the provider tells of the sign-out */
  const giveCode = async (last: number | undefined) => {
    world.clock.set(world.clock.now() + 60_000);
    const halfWay = await signIn(school, lin);
    asked = 0;
    const withTenant: typeof operators.db.withTenant = async (...call) => {
      asked += 1;
      if (asked === last) await school.signOut(lin);
      return operators.db.withTenant(...call);
    };
    const cookieHeader = `__Host-gho=${halfWay.cookies.get('__Host-gho')}`;
    const db = { ...operators.db, withTenant };
    return signInWithCode({ ...operators, db }, code(), { address: undefined, cookieHeader });
  };
  expect((await giveCode(undefined)).state).toBe('signed_in');
  await expect(giveCode(asked)).rejects.toMatchObject({ code: 'sign_in_over' });
  const { rows } = await database.superuser.query(
    'select from operator_session where tenant_id = $1 and ended_at is null',
    [school.tenant.tenantId],
  );
  expect(rows).toEqual([]);
});

test('a sign-out that comes while a session is put under another cookie ends the new one too', async () => {
  const school = await addSchool('oidc');
  const { visitor } = await addAdmin(school, lin);
  const known = (await whose(visitor))!;
  let ending: Promise<unknown> | undefined;
  const { secret } = await operators.db.withTenant(school.tenant.tenantId, async (tx) => {
    const rotated = await rotateSession(tx, known, world.clock.now());
    ending = school.signOut(lin);
    const waiting = `select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%operator_session%'`;
    await expect.poll(async () => (await database.superuser.query(waiting)).rows).toHaveLength(1);
    return rotated;
  });
  await ending;
  visitor.cookies.set('__Host-gho', secret);
  expect(await signedIn({ visitor })).toEqual([]);
});
