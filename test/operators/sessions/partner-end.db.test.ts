import { TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { confirmOwnFactor, enrolFactor } from '../../../src/operators/second-factor/second-factor.ts';
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
  await expect.poll(() => signedIn(browsers)).toEqual(['home']);
});

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
