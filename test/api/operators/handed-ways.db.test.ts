import { expect, test } from 'vitest';
import { scopesOf } from '../../../contracts/http/roles.ts';
import { apiScopes } from '../../../contracts/http/scopes.ts';
import { createApiToken } from '../../../src/api/tokens/tokens.ts';
import { readAgreedFrom } from '../../../src/health/onboarding/agreed.ts';
import { listShown } from '../../../src/health/onboarding/evidence-store.ts';
import { handedMs } from '../../../src/operators/hands.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { addOperator, createVisitor, password } from '../support/console-visitor.ts';
import { addSharedTool } from '../support/setup-rows.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const { operators, clock } = world;
const tokenOf = (address: string) => address.split('#')[1]!;
const school = await world.addSchool();
const params = { slug: school.slug };
const tool = await addSharedTool(testDatabase, school.tenantId, clock.now());

const visit = async () => createVisitor((await world.open()).origin);
type Visitor = Awaited<ReturnType<typeof visit>>;

async function staff(role: 'owner' | 'onboarding_admin' = 'owner') {
  const operator = await addOperator(operators, [role]);
  const visitor = await visit();
  await visitor.signIn(operator.email);
  return { ...visitor, actor: `operator:${operator.operatorId}` };
}

async function settledAdmin() {
  const operator = await addOperator(operators, ['institution_admin'], { owner: school.tenantId });
  const visitor = await visit();
  await visitor.signIn(operator.email, school.slug);
  return { ...visitor, operator };
}

const accept = async (link: string) => {
  const visitor = await visit();
  const body = { token: tokenOf(link), name: 'Ada', password };
  expect((await visitor.call('acceptInvitation', { body })).body.state).toBe('signed_in');
  return visitor;
};
const openReset = async (owner: Visitor, operatorId: string) => {
  const made = await owner.call('makeAdminPasswordLink', { params: { ...params, operatorId } });
  return accept(made.body.link);
};
/** Each at a time of its own: what was agreed to last is what counts. */
const agree = (who: Visitor) => {
  clock.time += 1_000;
  return who.call('agreeToSharing', { params, body: { tools: [{ slug: tool, policyVersion: 1 }] } });
};
const shown = async (who: Visitor) => (await who.call('showSetup', { params })).body;
const isAgreed = async (who: Visitor) => (await shown(who)).tools[0].agreed;
const confirm = async (who: Visitor, agreementId: string) =>
  who.call('confirmSharing', { params, body: { agreementId } });
const evidence = async (since?: Date) => {
  const read = (tx: Parameters<typeof listShown>[0]) => listShown(tx, null, since, new Date(clock.now()));
  return (await testDatabase.database.withTenant(school.tenantId, read)).filter(
    (each) => each.evidence === 'sharing_agreed',
  );
};

test('who resets an admin’s password and comes in by that agrees to nothing alone, by whichever further accounts', async () => {
  const [owner, admin] = [await staff(), await settledAdmin()];
  const { operatorId, email } = admin.operator;
  const forged = await openReset(owner, operatorId);
  // Also at a later sign-in with the password that was set so.
  expect((await forged.signIn(email, school.slug)).status).toBe(200);
  expect((await agree(forged)).status).toBe(201);
  expect(await isAgreed(forged)).toBe(false);
  expect(await evidence()).toEqual([]);
  const { unconfirmed } = await shown(owner);
  expect(unconfirmed).toMatchObject({ mayConfirm: false });
  expect(unconfirmed.countsFrom).toBe(new Date(clock.now() + handedMs).toISOString());
  const { agreementId } = unconfirmed;
  const { tenantId } = await world.addSchool();
  const readAt = (of: typeof tenantId) =>
    testDatabase.database.withTenant(of, (tx) => readAgreedFrom(tx, agreementId));
  expect(await readAt(tenantId)).toBeNull();
  expect(await readAt(school.tenantId)).toEqual(new Date(unconfirmed.countsFrom));
  // Everything that the owner could be besides.
  const guest = { name: 'Eve', email: 'eve@company.example' };
  const further = await accept(
    (await forged.call('inviteAdmin', { params, body: { ...guest, email: 'eve@school.example' } })).body.link,
  );
  const colleague = await accept(
    (await owner.call('inviteOperator', { body: { ...guest, roles: ['onboarding_admin'] } })).body.link,
  );
  for (const who of [owner, forged, further, colleague]) {
    expect((await confirm(who, agreementId)).body.code).toBe('own_agreement');
  }
  const { token } = (
    await owner.call('createToken', { body: { name: 'x', scopes: ['admins:write', 'setup:read'] } })
  ).body;
  const { call } = await world.open();
  expect((await call('confirmSharing', { token, params, body: { agreementId } })).body.code).toBe(
    'session_needed',
  );
  expect((await call('showSetup', { token, params })).body.unconfirmed.mayConfirm).toBe(false);

  // The institution sees it, on every page and in its audit trail.
  const witness = await settledAdmin();
  const marks = (await witness.call('listHandedWays', { params })).body;
  expect(marks.accounts).toContainEqual(
    expect.objectContaining({ operatorId, name: 'Ada', by: [{ actor: owner.actor, name: 'Ada' }] }),
  );
  expect(marks.accounts).toHaveLength(2);
  expect(marks.waiting).toMatchObject({ agreementId, countsFrom: unconfirmed.countsFrom });
  const { events } = (await witness.call('listAudit', { params })).body;
  const told = events.find(({ action }: { action: string }) => action === 'sharing.agreed');
  expect(told.values.after).toMatchObject({ handedBy: [owner.actor], countsFrom: unconfirmed.countsFrom });

  // Given another way in, the admin has disowned it: time alone does not make it count.
  clock.time += 60_000;
  await openReset(await staff(), operatorId);
  clock.time += handedMs;
  const later = await settledAdmin();
  expect(await isAgreed(later)).toBe(false);
  // Somebody else makes it count all the same.
  expect((await shown(later)).unconfirmed.mayConfirm).toBe(true);
  expect((await confirm(later, agreementId)).status).toBe(201);
  expect(await isAgreed(later)).toBe(true);
  expect((await later.call('listHandedWays', { params })).body).toEqual({
    ...{ accounts: [], more: false, signIns: [], waiting: null },
  });
});

test('an admin who was invited agrees in one sitting; it counts by a second person or after a week, seen meanwhile', async () => {
  const onboarding = await staff();
  const wish = { name: 'Lin', email: 'lin@school.example' };
  const lin = await accept((await onboarding.call('inviteAdmin', { params, body: wish })).body.link);
  expect((await agree(lin)).status).toBe(201);
  const at = clock.now();
  clock.time += handedMs;
  const later = await staff('onboarding_admin');
  expect(await isAgreed(later)).toBe(true);
  expect(await evidence(new Date(at))).toEqual([{ evidence: 'sharing_agreed', at: at + handedMs }]);
  // From then on the account is its owner’s own, and so is whom it invites.
  await lin.signIn(wish.email, school.slug);
  const kim = { name: 'Kim', email: 'kim@school.example' };
  const invited = await accept((await lin.call('inviteAdmin', { params, body: kim })).body.link);
  expect((await agree(invited)).status).toBe(201);
  expect((await shown(invited)).unconfirmed).toBeNull();
  expect(await isAgreed(invited)).toBe(true);
  expect((await invited.call('listHandedWays', { params })).body.accounts).toEqual([]);
});

test('what waits does not come to count where the institution switches the account off', async () => {
  const [owner, admin, witness] = [await staff(), await settledAdmin(), await settledAdmin()];
  const { operatorId } = admin.operator;
  expect((await agree(await openReset(owner, operatorId))).status).toBe(201);
  const disabled = { params: { ...params, operatorId } };
  expect((await witness.call('disableAdmin', disabled)).status).toBe(200);
  clock.time += 2 * handedMs;
  expect(await isAgreed(await settledAdmin())).toBe(false);
});

test('what the institution has disowned does not come to count because the account is switched on again', async () => {
  const [owner, admin, witness] = [await staff(), await settledAdmin(), await settledAdmin()];
  const { operatorId } = admin.operator;
  expect((await agree(await openReset(owner, operatorId))).status).toBe(201);
  const ofAdmin = { params: { ...params, operatorId } };
  clock.time += 60_000;
  expect((await witness.call('disableAdmin', ofAdmin)).status).toBe(200);
  expect((await witness.call('enableAdmin', ofAdmin)).status).toBe(200);
  clock.time += 2 * handedMs;
  const later = await settledAdmin();
  expect(await isAgreed(later)).toBe(false);
  expect((await shown(later)).unconfirmed.countsFrom).toBeNull();
});

test('nobody confirms what came of a token of which nobody knows who made it', async () => {
  const owner = await staff();
  const wish = { name: 'old', scopes: scopesOf(['owner']) };
  const { token, apiToken } = (await owner.call('createToken', { body: wish })).body;
  // One of before its makers were kept, with no trace of how it was made.
  await testDatabase.superuser.query("update api_token set made_by = '{}' where token_id = $1", [
    apiToken.tokenId,
  ]);
  const { call } = await world.open();
  const guest = { name: 'Tok', email: 'tok@school.example' };
  const forged = await accept((await call('inviteAdmin', { token, params, body: guest })).body.link);
  expect((await agree(forged)).status).toBe(201);
  for (const who of [owner, await settledAdmin()]) {
    const { unconfirmed } = await shown(who);
    expect(unconfirmed.mayConfirm).toBe(false);
    expect((await confirm(who, unconfirmed.agreementId)).body.code).toBe('own_agreement');
  }
  // Seen long enough, by whoever comes next.
  clock.time += handedMs;
});

test('a token agrees to nothing in an institution’s name by itself', async () => {
  clock.time += 1_000;
  const { call } = await world.open();
  const made = { name: 'x', scopes: apiScopes, onlyTenantId: school.tenantId };
  const by = { actor: 'command:operator', now: clock.now() };
  const { token } = await testDatabase.database.withHub((tx) => createApiToken(tx, made, by));
  const body = { tools: [{ slug: tool, policyVersion: 1 }] };
  expect((await call('agreeToSharing', { token, params, body })).status).toBe(201);
  expect(await isAgreed(await settledAdmin())).toBe(false);
});

test('who says whom an open way trusts has a hand in whoever comes by it', async () => {
  const [owner, engineer, witness] = [await staff(), await staff('onboarding_admin'), await settledAdmin()];
  const ofSaml = { ...params, connectionId: school.samlId };
  const [way] = (await witness.call('listAdminWays', { params })).body.ways;
  expect(way).toHaveProperty('keysFrom');
  const other = { certificates: way.certificates, keysFrom: 'https://elsewhere.example/metadata' };
  expect((await owner.call('openAdminWay', { params: ofSaml, body: other })).body.code).toBe('way_unsettled');
  const { certificates, keysFrom } = way;
  expect(
    (await witness.call('openAdminWay', { params: ofSaml, body: { certificates, keysFrom } })).status,
  ).toBe(200);
  // Each changes whom the connection trusts, or lets it be trusted again.
  for (const name of ['refreshMetadata', 'resumeIdentity'] as const) {
    expect((await engineer.call(name, { params: ofSaml })).body.code).toBe('scope_beyond_own');
    expect((await owner.call(name, { params: ofSaml })).body.code).not.toBe('scope_beyond_own');
  }
  const { rows } = await testDatabase.superuser.query(
    'select i.handed_by from operator_way join identity_source i using (tenant_id, connection_id)',
  );
  expect(rows[0].handed_by).toContain(owner.actor);
  expect(rows[0].handed_by).not.toContain(engineer.actor);
  const marks = (await witness.call('listHandedWays', { params })).body;
  expect(marks.signIns).toMatchObject([
    { connectionId: school.samlId, by: [{ actor: owner.actor, name: 'Ada' }] },
  ]);
});

test('of very many accounts whose ways in were handed out, the one whose agreement waits is told of first', async () => {
  const [owner, admin] = [await staff(), await settledAdmin()];
  const { operatorId } = admin.operator;
  expect((await agree(await openReset(owner, operatorId))).status).toBe(201);
  const many = async (count: number) => {
    clock.time += 1_000;
    await testDatabase.superuser.query(
      `insert into operator (tenant_id, operator_id, name, email, roles, status, created_at, changed_at, handed_by, handed_at)
       select $1, gen_random_uuid(), 'Many', gen_random_uuid() || '@school.example', '{institution_admin}', 'active', $2, $2, $3, $2
       from generate_series(1, $4::integer)`,
      [school.tenantId, new Date(clock.now()), [owner.actor], count],
    );
    return (await (await settledAdmin()).call('listHandedWays', { params })).body;
  };
  expect(await many(1)).toMatchObject({ more: false, accounts: [{ operatorId }, { name: 'Many' }] });
  const told = await many(100);
  expect(told).toMatchObject({ more: true, waiting: {} });
  expect(told.accounts).toHaveLength(100);
  expect(told.accounts[0]).toMatchObject({ operatorId, by: [{ actor: owner.actor }] });
});
