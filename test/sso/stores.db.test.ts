import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ConnectionId, newId, type PersonId, type SessionId } from '../../contracts/ids.ts';
import { createAttemptStore } from '../../src/sso/attempt-store.ts';
import { listIdentities } from '../../src/sso/identities/identities.ts';
import { lockIdentity, selectIdentity, updateIdentityRow } from '../../src/sso/identities/identity-store.ts';
import { useOnce } from '../../src/sso/requests/once-store.ts';
import { consumeRequest, insertRequest } from '../../src/sso/requests/request-store.ts';
import * as store from '../../src/sso/sessions/session-store.ts';
import { insertSignIn, selectSignIns } from '../../src/sso/sign-in-store.ts';
import type { Tenant } from '../../src/tenants/tenants.ts';
import { createTestDatabase } from '../support/database.ts';
import { startSignInWorld } from './support/world.ts';

const database = await createTestDatabase();
const world = await startSignInWorld(database);
const { db } = world.services;
const now = new Date();
const later = new Date(now.getTime() + 60_000);
const before = new Date(now.getTime() - 60_000);

/** Ids are a tenant's own affair: both have the same ones here. */
const connectionId = newId<ConnectionId>();
const personId = newId<PersonId>();
const sessionId = newId<SessionId>();
const secretHash = randomBytes(32);
const [partnerNameHash, partnerIndexHash] = [randomBytes(32), randomBytes(32)];
const session: store.NewSession = {
  ...{ sessionId, personId, connectionId, secretHash, partnerNameHash, partnerIndexHash },
  ...{ subject: 'same', role: null, sealedPartner: Buffer.from('sealed'), startedAt: before },
  ...{ idleUntil: later, endsAt: later },
};

const [ours, theirs] = [await world.addTenant(), await world.addTenant()];
for (const { tenantId } of [ours, theirs]) {
  const shared = [tenantId, connectionId];
  await database.superuser.query(
    "insert into connection (tenant_id, connection_id, kind, partner, name, created_at) values ($1, $2, 'identity', 'ldap', 'x', now())",
    shared,
  );
  await database.superuser.query(
    `insert into identity_source (tenant_id, connection_id, protocol, preset, settings, status, version, created_at, changed_at)
     values ($1, $2, 'ldap', 'generic', '{}', 'active', 1, now(), now())`,
    shared,
  );
  await database.superuser.query(
    'insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())',
    [tenantId, personId],
  );
}
const inTenant = <T>({ tenantId }: Tenant, work: Parameters<typeof db.withTenant<T>>[1]) =>
  db.withTenant(tenantId, work);
const of = ({ tenantId }: Tenant) => db.tenant(tenantId);
const theirRow = async () => (await world.sessions(theirs))[0];

test('a session is found, noted and listed by its own tenant alone', async () => {
  await inTenant(ours, (tx) => store.insertSession(tx, session));
  expect(await store.selectLiveSession(of(theirs), secretHash, now)).toBeUndefined();
  expect(await store.selectSessions(of(theirs), { limit: 10 }, now)).toEqual([]);
  expect(await store.selectSealedPartner(of(theirs), sessionId)).toBeNull();
  const toCheck = { before: now, now, most: 9 };
  expect(await store.selectSubjects(of(theirs), connectionId, toCheck)).toEqual([]);
  await inTenant(theirs, (tx) => store.insertSession(tx, { ...session, subject: 'theirs' }));
  await store.touchSession(of(ours), sessionId, later, later);
  await store.noteChecked(of(ours), connectionId, ['same', 'theirs'], later);
  expect(await theirRow()).toMatchObject({ seen_at: before, checked_at: before });
  expect((await store.selectLiveSession(of(theirs), secretHash, now))?.subject).toBe('theirs');
  expect(await store.selectSealedPartner(of(ours), sessionId)).toEqual(Buffer.from('sealed'));
  expect(await store.selectSubjects(of(theirs), connectionId, toCheck)).toEqual(['theirs']);
  const checked = { since: now, before: new Date(later.getTime() + 1), now, most: 9 };
  expect(await store.selectSubjects(of(theirs), connectionId, checked)).toEqual([]);
  expect(await store.selectSubjects(of(ours), connectionId, checked)).toEqual(['same']);
});

test('a tenant ends sessions of its own alone, however they are chosen', async () => {
  const choices: store.SessionChoice[] = [
    { sessionId },
    { personId },
    { connectionId },
    { secretHash },
    { connectionId, subject: 'theirs' },
    { connectionId, partnerNameHash, partnerIndexHashes: [partnerIndexHash] },
    { connectionId, partnerNameHash, partnerIndexHashes: [] },
  ];
  for (const choice of choices) {
    await inTenant(ours, (tx) => store.endSessions(tx, choice, 'operator', now));
    expect([choice, (await theirRow())?.ended_at]).toEqual([choice, null]);
  }
  await inTenant(ours, (tx) => store.endOldest(tx, { personId, connectionId }, 0, now));
  expect((await theirRow())?.ended_at).toBeNull();
  expect((await world.sessions(ours))[0]?.ended_by).toBe('operator');
  for (const choice of choices) {
    const [back] = await database.superuser
      .query('update session set ended_at = null, ended_by = null where tenant_id = $1 returning 1', [
        theirs.tenantId,
      ])
      .then(({ rows }) => rows);
    expect(back).toBeDefined();
    const ended = await inTenant(theirs, (tx) => store.endSessions(tx, choice, 'operator', now));
    expect([choice, ended.length]).toEqual([choice, 1]);
  }
});

test('a request is used up by its own tenant alone', async () => {
  const handleHash = randomBytes(32);
  const request = {
    ...{ connectionId, connectionVersion: 1, browserHash: randomBytes(32), expectations: { nonce: 'n' } },
    ...{ returnTo: '/t/x/portal', isTest: false, console: { kind: 'sign_in' }, expiresAt: later },
  };
  await insertRequest(of(ours), handleHash, request);
  expect(await consumeRequest(of(theirs), handleHash)).toBeUndefined();
  await database.superuser.query('update identity_source set version = 2 where tenant_id = $1', [
    theirs.tenantId,
  ]);
  expect(await consumeRequest(of(ours), handleHash)).toEqual({ ...request, isCurrent: true });
  expect(await consumeRequest(of(ours), handleHash)).toBeUndefined();
});

test('what was used once in a tenant was not in another, nor at another connection or as another kind', async () => {
  const oneTime = { connectionId, kind: 'assertion', id: 'x'.repeat(5_000), expiresAt: later } as const;
  const uses = () => Promise.all(Array.from({ length: 8 }, () => useOnce(of(ours), oneTime)));
  expect((await uses()).filter(Boolean)).toHaveLength(1);
  expect(await useOnce(of(ours), oneTime)).toBe(false);
  expect(await useOnce(of(theirs), oneTime)).toBe(true);
  expect(await useOnce(of(ours), { ...oneTime, connectionId: newId<ConnectionId>() })).toBe(true);
  expect(await useOnce(of(ours), { ...oneTime, kind: 'logout' })).toBe(true);
  expect(await useOnce(of(ours), { ...oneTime, id: 'y' })).toBe(true);
});

test('attempts are counted, given back and forgotten for each tenant by itself', async () => {
  const attempts = createAttemptStore(db);
  const window = { now: now.getTime(), lengthMs: 60_000 };
  const take = ({ tenantId }: Tenant, at = window) => attempts.take(tenantId, 'key', at);
  expect([await take(ours), await take(ours), await take(theirs)]).toEqual([1, 2, 1]);
  await attempts.clear(ours.tenantId, 'key');
  await attempts.giveBack(ours.tenantId, 'key');
  expect(await attempts.count(theirs.tenantId, 'key', window)).toBe(1);
  expect(await attempts.count(ours.tenantId, 'key', window)).toBe(0);
  // The window begins with the first attempt, and what comes after it is counted anew.
  const next = { ...window, now: window.now + window.lengthMs };
  expect(await take(theirs, { ...window, now: next.now - 1 })).toBe(2);
  expect(await attempts.count(theirs.tenantId, 'key', next)).toBe(0);
  expect(await take(theirs, next)).toBe(1);
  const parallel = await Promise.all(Array.from({ length: 20 }, () => take(ours)));
  expect(parallel.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test('tries are listed for their own tenant, the newest first, in pages', async () => {
  const insert = (tenant: Tenant, reference: string) =>
    inTenant(tenant, (tx) =>
      insertSignIn(tx, {
        ...{ signInId: randomUUID() as never, reference, connectionId, protocol: 'ldap', outcome: 'success' },
        ...{ reason: null, personId: null, how: null, isTest: false, trace: [], at: now },
      }),
    );
  await insert(theirs, 'theirs');
  for (const reference of ['a', 'b', 'c']) await insert(ours, reference);
  const all = await selectSignIns(of(ours), { limit: 10 });
  expect(all.map(({ reference }) => reference).sort()).toEqual(['a', 'b', 'c']);
  const [first, second] = all;
  const next = await selectSignIns(of(ours), { connectionId, before: first?.signInId, limit: 1 });
  expect(next).toEqual([second]);
  expect(await selectSignIns(of(ours), { reference: 'theirs', limit: 10 })).toEqual([]);
});

test('identity connections are read, locked and changed by their own tenant alone', async () => {
  const [only] = await listIdentities(of(ours));
  if (only === undefined) throw new Error('No connection');
  await inTenant(ours, async (tx) => {
    expect(await lockIdentity(tx, newId<ConnectionId>())).toBeUndefined();
    await updateIdentityRow(
      tx,
      { ...only, sealedSecrets: null, status: 'paused', version: 7 },
      now.getTime(),
    );
  });
  expect(await selectIdentity(of(ours), connectionId)).toMatchObject({ status: 'paused', version: 7 });
  expect(await selectIdentity(of(theirs), connectionId)).toMatchObject({ status: 'active', version: 2 });
});
