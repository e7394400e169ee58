import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { HUB_TENANT, newId, type TenantId } from '../../contracts/ids.ts';
import { inScope } from '../../src/health/notifications/targets.ts';
import {
  disableOperator,
  enableOperator,
  listOperators,
  readOperator,
  readOperatorByEmail,
  resetFactor,
} from '../../src/operators/accounts/accounts.ts';
import { listOutsiders } from '../../src/operators/accounts/handed.ts';
import { noteHanded, selectHanded } from '../../src/operators/accounts/operator-store.ts';
import { getOpenLink, listLinks, makeSetupLink, revokeLink } from '../../src/operators/links/links.ts';
import { createPasswords } from '../../src/operators/passwords/hashing.ts';
import { insertRaise, selectActive } from '../../src/operators/raised/raise-store.ts';
import { endRaised, listRaises } from '../../src/operators/raised/raised-rights.ts';
import { findFactor, putFactor } from '../../src/operators/second-factor/second-factor-store.ts';
import { isSessionLive } from '../../src/operators/sessions/operator-session-store.ts';
import { endOneOwn, findSession, listOwn } from '../../src/operators/sessions/operator-sessions.ts';
import { signInWithPassword } from '../../src/operators/sessions/sign-in.ts';
import { systemClock as clock } from '../../src/platform/clock.ts';
import { parseKeyEncryptionKeys } from '../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../src/platform/secrets/secrets.ts';
import { createTenant } from '../../src/tenants/tenants.ts';
import { addOperator, password } from '../api/support/console-visitor.ts';
import { createTestDatabase } from '../support/database.ts';

const { database: db } = await createTestDatabase();
const kek = parseKeyEncryptionKeys(`test:${randomBytes(32).toString('base64url')}`);
const passwords = createPasswords({ cost: { memoryCost: 64, timeCost: 1 } });
const services = {
  db,
  clock,
  secrets: createSecrets({ kek, clock }),
  passwords,
  baseUrl: 'https://hub.example',
};
const by = () => ({ actor: 'test', now: clock.now() });
const email = 'same@people.example';

/** An institution with an admin of one and the same address, who is signed in, has an authenticator and more rights. */
async function addSchool(slug: string) {
  const { tenantId } = await createTenant(db, { slug, name: slug }, by());
  const operator = await addOperator(services, ['institution_admin'], { owner: tenantId, email });
  const visit = { address: undefined, cookieHeader: undefined };
  const session = await signInWithPassword(services, { email, password, tenantSlug: slug }, visit);
  const wish = { name: 'X', email: 'guest@people.example', steps: ['lms'] as const, days: 1 };
  const link = await makeSetupLink(services, tenantId, wish, by());
  const raiseId = newId<never>();
  const times = { startedAt: new Date(), endsAt: new Date(Date.now() + 60_000), endedAt: null };
  const raise = {
    raiseId,
    operatorId: operator.operatorId,
    scopes: ['people:read'] as const,
    reason: 'Ten letters',
  };
  await db.withTenant(tenantId, async (tx) => {
    await putFactor(tx, operator.operatorId, Buffer.from('sealed'), new Date());
    await insertRaise(tx, { ...raise, ...times });
  });
  return { slug, tenantId, operator, session, link, raiseId };
}

const [ours, theirs] = [await addSchool('ours'), await addSchool('theirs')];
const owners: TenantId[] = [ours.tenantId, HUB_TENANT];

test('one address may have an account at each institution, and each is its own', async () => {
  expect((await readOperatorByEmail(services, ours.tenantId, email)).operatorId).toBe(
    ours.operator.operatorId,
  );
  expect((await readOperatorByEmail(services, theirs.tenantId, email)).operatorId).toBe(
    theirs.operator.operatorId,
  );
  await expect(readOperatorByEmail(services, HUB_TENANT, email)).rejects.toMatchObject({
    code: 'operator_unknown',
  });
});

test.each(owners)(
  'under another owner there is no such account, link, authenticator or raise',
  async (owner) => {
    const { operatorId } = theirs.operator;
    expect((await listOperators(services, owner)).map((each) => each.operatorId)).not.toContain(operatorId);
    for (const use of [readOperator, disableOperator, enableOperator, resetFactor]) {
      await expect(use(services, owner, operatorId, by())).rejects.toMatchObject({
        code: 'operator_unknown',
      });
    }
    const { linkId } = theirs.link.link;
    expect((await listLinks(services, owner, ['set_up'])).map((each) => each.linkId)).not.toContain(linkId);
    const which = { linkId, kinds: ['set_up'] } as const;
    await expect(revokeLink(services, owner, which, by())).rejects.toMatchObject({
      code: 'setup_link_unknown',
    });
    expect(await inScope(db, owner, (tx) => findFactor(tx, operatorId))).toBeUndefined();
    if (owner === HUB_TENANT) return;
    expect((await listRaises(services, owner)).map((each) => each.raiseId)).toEqual([ours.raiseId]);
    expect(await selectActive(db.tenant(owner), operatorId, new Date())).toEqual([]);
    await expect(endRaised(services, owner, theirs.raiseId, by())).rejects.toMatchObject({
      code: 'raise_unknown',
    });
  },
);

test('a cookie or a link that names another owner than its own opens nothing', async () => {
  const rename = (handle: string, owner: TenantId) => {
    const bytes = Buffer.from(handle, 'base64url');
    Buffer.from(owner.replaceAll('-', ''), 'hex').copy(bytes);
    return bytes.toString('base64url');
  };
  expect(await findSession(services, `__Host-gho=${theirs.session.secret}`)).toBeDefined();
  const token = theirs.link.address.split('#')[1]!;
  for (const owner of owners) {
    const cookie = `__Host-gho=${rename(theirs.session.secret, owner)}`;
    expect(await findSession(services, cookie)).toBeUndefined();
    const renamed = getOpenLink(services, rename(token, owner), ['set_up'], clock.now());
    await expect(renamed).rejects.toMatchObject({ code: 'link_refused' });
  }
  expect((await getOpenLink(services, token, ['set_up'], clock.now())).tenantId).toBe(theirs.tenantId);
});

test('who handed out a way in is known to the owner of the account alone', async () => {
  const { operatorId } = theirs.operator;
  const actor = `operator:${operatorId}`;
  const at = new Date(clock.now());
  const [session] = await listOwn(services, theirs.operator);
  const its = { sessionId: session!.sessionId, operatorId };
  const all = { first: [actor], limit: 10 };
  for (const owner of owners) {
    await inScope(db, owner, async (tx) => {
      await noteHanded(tx, operatorId, ['operator:stranger'], at);
      expect(await listOutsiders(tx, [actor])).toEqual([actor]);
      expect(await isSessionLive(tx, its, at)).toBe(false);
    });
  }
  await db.withTenant(theirs.tenantId, async (tx) => {
    expect(await selectHanded(tx, new Date(0), all)).toEqual([]);
    await noteHanded(tx, operatorId, ['operator:someone'], at);
    expect(await selectHanded(tx, new Date(0), all)).toMatchObject([
      { operatorId, by: ['operator:someone'] },
    ]);
    expect(await listOutsiders(tx, [actor])).toEqual([]);
    expect(await isSessionLive(tx, its, at)).toBe(true);
  });
  for (const owner of owners) {
    expect(await inScope(db, owner, (tx) => selectHanded(tx, new Date(0), all))).toEqual([]);
  }
});

test('nobody ends or lists the sessions of another', async () => {
  const [session] = await listOwn(services, theirs.operator);
  const ended = endOneOwn(services, ours.operator, session!.sessionId);
  await expect(ended).rejects.toMatchObject({ code: 'operator_session_unknown' });
  const disguised = { ...ours.operator, operatorId: theirs.operator.operatorId };
  expect(await listOwn(services, disguised)).toEqual([]);
});
