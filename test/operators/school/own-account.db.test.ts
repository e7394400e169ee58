import { expect, test } from 'vitest';
import { changePassword, requireOwnPassword } from '../../../src/operators/accounts/own-password.ts';
import { handedMs } from '../../../src/operators/hands.ts';
import { makeSetupLink } from '../../../src/operators/links/links.ts';
import { linkOwn } from '../../../src/operators/school/set-out.ts';
import { listWays, noteTrust } from '../../../src/operators/school/ways.ts';
import { endOwn, rotateSession } from '../../../src/operators/sessions/operator-sessions.ts';
import { signInWithPassword } from '../../../src/operators/sessions/sign-in.ts';
import { addOperator, password } from '../../api/support/console-visitor.ts';
import { reasonOf } from '../../sso/saml-routes/support/flow.ts';
import { createTestDatabase } from '../../support/database.ts';
import { keep, type School, startSchoolWorld, type Vouched } from './support.ts';

const database = await createTestDatabase();
const { world, operators, addSchool, come, pathOf, addAdmin, whose } = await startSchoolWorld(database);
const by = () => world.by();
const lin = { subject: 'lin-1', email: 'lin@school.example' };

const signIn = (school: School, who: Vouched = lin) => come(school, who, pathOf(school));
const codeOf = async (coming: ReturnType<typeof come>) => reasonOf((await coming).answer);

/** An admin of a school who has signed in with a password, in a browser of their own. */
async function comeWithPassword({ tenant }: School, email: string) {
  const { tenantId, slug } = tenant;
  await addOperator(operators, ['institution_admin'], { owner: tenantId, email });
  const visit = { address: '192.0.2.1', cookieHeader: undefined };
  const session = await signInWithPassword(operators, { email, password, tenantSlug: slug }, visit);
  const visitor = world.first.visitor();
  visitor.cookies.set('__Host-gho', session.secret);
  return { visitor, me: (await whose(visitor))! };
}

test('an admin with a password links the account by giving it again, and a link acts under no such name', async () => {
  const school = await addSchool('saml');
  const { tenantId } = school.tenant;
  const email = 'own@school.example';
  const { visitor, me } = await comeWithPassword(school, email);
  const { connectionId } = school.identity;
  const link = (current: string) => linkOwn(operators, me, { connectionId, current }, world.clock.now());
  await expect(link('wrong')).rejects.toMatchObject({ code: 'password_wrong' });
  keep(visitor, (await link(password)).cookie);
  await come(school, lin, `${pathOf(school)}?wish=kept`, visitor);
  expect((await whose((await signIn(school)).visitor))?.operator.email).toBe(email);
  const { visitor: linked } = await addAdmin(school, { subject: 'no password' }, 'plain@school.example');
  const plain = (await whose(linked))!;
  expect(plain.operator.hasPassword).toBe(false);
  // Nothing shows that it is still the admin who sits there.
  await expect(linkOwn(operators, plain, { connectionId }, world.clock.now())).rejects.toMatchObject({
    code: 'password_missing',
  });
  const wish = { name: 'X', email: 'plain@school.example', steps: ['sharing'] as const, days: 1 };
  await expect(makeSetupLink(operators, tenantId, wish, by())).rejects.toMatchObject({
    code: 'operator_exists',
  });
});

test('a wish to link one’s own account ends with the session that it was made in', async () => {
  const school = await addSchool('saml');
  const { visitor, me } = await comeWithPassword(school, 'gone@school.example');
  const wanted = { connectionId: school.identity.connectionId, current: password };
  keep(visitor, (await linkOwn(operators, me, wanted, world.clock.now())).cookie);
  const sent = await visitor.open(`${pathOf(school)}?wish=kept`);
  // Signed out while somebody was at the provider: whoever comes back may be the next one at that screen.
  await endOwn(operators, me);
  expect(reasonOf(await school.answer(sent.location!, lin)(visitor))).toBe('admin_link_over');
  expect(await codeOf(signIn(school))).toBe('admin_unknown');
});

test('who has no password shows that it is them by having signed in just now', async () => {
  const school = await addSchool('oidc');
  const { visitor } = await addAdmin(school, lin);
  const mine = async () => (await whose(visitor))!;
  const isOwn = async () => requireOwnPassword(operators, await mine(), undefined);
  await expect(isOwn()).resolves.toBeUndefined();
  world.clock.set(world.clock.now() + 10 * 60_000);
  await expect(isOwn()).rejects.toMatchObject({ code: 'sign_in_stale' });
  // A session that goes on under another cookie is as old as it was.
  const { tenantId } = school.tenant;
  const me = await mine();
  const rotated = await operators.db.withTenant(tenantId, (tx) => rotateSession(tx, me, world.clock.now()));
  visitor.cookies.set('__Host-gho', rotated.secret);
  await expect(isOwn()).rejects.toMatchObject({ code: 'sign_in_stale' });
  const password = 'quite another long sentence';
  await expect(changePassword(operators, await mine(), { password }, by())).rejects.toMatchObject({
    code: 'sign_in_stale',
  });
  await come(school, lin, pathOf(school), visitor);
  await changePassword(operators, await mine(), { password }, by());
});

test('whom a connection trusts is noted at its own institution alone', async () => {
  const [ours, theirs] = [await addSchool('saml'), await addSchool('saml')];
  const { connectionId } = theirs.identity;
  const note = ({ tenant }: School) => noteTrust(operators.db.tenant(tenant.tenantId), connectionId, by());
  expect(await note(ours)).toBe(false);
  expect(await note(theirs)).toBe(true);
  const ways = await listWays(operators, ours.tenant.tenantId);
  expect(ways.map((way) => way.connectionId)).toEqual([ours.identity.connectionId]);
});

test('a way in that an account gives itself is also theirs who had a hand in the session', async () => {
  const school = await addSchool('oidc');
  const { tenantId, slug } = school.tenant;
  const { connectionId } = school.identity;
  await addAdmin(school, lin);
  world.clock.set(world.clock.now() + 2 * handedMs);
  // Somebody says lately whom the institution's sign-in trusts.
  const stranger = { ...by(), actor: 'operator:stranger' };
  await noteTrust(operators.db.tenant(tenantId), connectionId, stranger);
  const { visitor } = await signIn(school);
  const me = (await whose(visitor))!;
  expect(me.behind).toEqual([stranger.actor]);
  const chosen = 'quite another long sentence';
  const { secret } = await changePassword(operators, me, { password: chosen }, by());
  visitor.cookies.set('__Host-gho', secret);
  const wanted = { email: me.operator.email, password: chosen, tenantSlug: slug };
  const visit = { address: '192.0.2.1', cookieHeader: undefined };
  const byPassword = await signInWithPassword(operators, wanted, visit);
  const second = world.first.visitor();
  second.cookies.set('__Host-gho', byPassword.secret);
  expect((await whose(second))?.behind).toEqual([stranger.actor]);

  // So is a link with the institution's sign-in that is made from there.
  await database.superuser.query("update operator set handed_by = '{}', handed_at = null");
  const mine = (await whose(visitor))!;
  const wish = { connectionId, current: chosen };
  keep(visitor, (await linkOwn(operators, mine, wish, world.clock.now())).cookie);
  const other = { ...lin, subject: 'lin-2' };
  expect((await come(school, other, `${pathOf(school)}?wish=kept`, visitor)).answer.status).toBe(303);
  expect((await whose(second))?.behind).toEqual([stranger.actor]);
});
