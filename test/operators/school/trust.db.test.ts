import { expect, test } from 'vitest';
import { guardTrustOfAdmins } from '../../../src/api/identities/trust-of-admins.ts';
import { handedMs } from '../../../src/operators/hands.ts';
import { closeWay, noteTrust, openWay } from '../../../src/operators/school/ways.ts';
import { setIdentityStatus, updateIdentity } from '../../../src/sso/identities/identities.ts';
import { addCertificate, setCertificateState } from '../../../src/sso/saml-connections/certificates.ts';
import { acceptMetadata, giveMetadata } from '../../../src/sso/saml-connections/metadata.ts';
import { createTestKey } from '../../sso/saml/support/keys.ts';
import { pem, writeMetadata } from '../../sso/saml-connections/support/metadata.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type School, startSchoolWorld } from './support.ts';

const database = await createTestDatabase();
const { world, operators, add, come, pathOf, bringWish, whose } = await startSchoolWorld(database);
const lin = { subject: 'lin-1', email: 'lin@school.example' };
const as = (name: string) => ({ ...world.by(), actor: `operator:${name}` });
const open = ({ tenant, identity }: School) =>
  openWay(operators, tenant.tenantId, identity.connectionId, as('boss'));
const handsOn = async ({ identity }: School) => {
  const { rows } = await database.superuser.query(
    'select handed_by from identity_source where connection_id = $1',
    [identity.connectionId],
  );
  return rows[0].handed_by as string[];
};

test('who said whom a connection trusts before it was opened, or before it was closed, has a hand in who comes by it', async () => {
  const school = await add.oidc();
  const { tenantId } = school.tenant;
  const { connectionId, settings } = school.identity;
  await updateIdentity(
    world.services,
    tenantId,
    connectionId,
    { settings: { ...settings, userInfo: false } },
    as('engineer'),
  );
  const behind = { ...world.by(), actor: 'api-token:t', behind: ['operator:maker'] };
  await noteTrust(operators.db.tenant(tenantId), connectionId, behind);
  await open(school);
  const { visitor, path } = await bringWish(school, lin.email);
  await come(school, lin, path, visitor);
  const all = ['operator:boss', 'operator:engineer', 'api-token:t', 'operator:maker'];
  const begun = await come(school, lin, pathOf(school));
  expect((await whose(begun.visitor))?.behind).toEqual(expect.arrayContaining(all));

  await closeWay(operators, tenantId, connectionId, as('boss'));
  await open(school);
  expect(await handsOn(school)).toEqual(expect.arrayContaining(all));
  // After a week it is as it has been seen to be.
  await closeWay(operators, tenantId, connectionId, as('boss'));
  world.clock.set(world.clock.now() + handedMs + 1);
  await open(school);
  expect(await handsOn(school)).toEqual(['operator:boss']);
});

test('a change is refused in its own transaction where a way was opened meanwhile, and is noted nowhere', async () => {
  const school = await add.oidc();
  const { tenantId } = school.tenant;
  const { connectionId } = school.identity;
  const change = (guard: ReturnType<typeof guardTrustOfAdmins>) =>
    updateIdentity(
      { ...world.services, ...guard },
      tenantId,
      connectionId,
      { settings: { userInfo: true } },
      as('x'),
    );
  const small = guardTrustOfAdmins({ scopes: ['identities:write'], by: as('small') });
  await expect(change(small)).resolves.toMatchObject({ settings: { userInfo: true } });
  expect(await handsOn(school)).toEqual(['operator:small']);
  await open(school);
  const later = guardTrustOfAdmins({ scopes: ['identities:write'], by: as('later') });
  await expect(change(later)).rejects.toMatchObject({ code: 'scope_beyond_own' });
  expect(await handsOn(school)).not.toContain('operator:later');

  // Of an opening and a change at once, the opening sees what the change has made of it.
  const other = await add.oidc();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const slow = {
    guard: async (...given: Parameters<typeof small.guard>) => {
      await small.guard(...given);
      reach();
      await released;
    },
  };
  const { identity, tenant } = other;
  const changing = updateIdentity(
    { ...world.services, ...slow },
    tenant.tenantId,
    identity.connectionId,
    { settings: { clientId: 'another' } },
    as('small'),
  );
  await reached;
  const opening = openWay(operators, tenant.tenantId, identity.connectionId, as('boss'), {
    subjectFrom: 'sub (client_id client-1)',
  });
  // It waits for the change, or would have seen what was before it.
  const waiting =
    "select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
  await expect.poll(async () => (await database.superuser.query(waiting)).rows[0].count).toBe(1);
  release();
  const [changed, opened] = await Promise.allSettled([changing, opening]);
  expect(changed.status).toBe('fulfilled');
  expect(opened).toMatchObject({ status: 'rejected', reason: { code: 'way_unsettled' } });
});

test('whatever says whom a connection trusts asks its guard, and leaves nothing where that refuses', async () => {
  const { tenant, identity } = await add.saml();
  const key = await createTestKey('another');
  const { tenantId } = tenant;
  const { connectionId: id } = identity;
  const settings = { metadata: { from: 'file' } };
  await updateIdentity(world.services, tenantId, id, { settings }, as('engineer'));
  const guarded = { ...world.services, guard: () => Promise.reject(new Error('guarded')) };
  const { fingerprint } = key.certificate;
  const changes = [
    () => setIdentityStatus(guarded, tenantId, id, 'active', as('x')),
    () => addCertificate(guarded, tenantId, id, pem(key), as('x')),
    () => setCertificateState(guarded, tenantId, id, { fingerprint, state: 'active' }, as('x')),
    () => giveMetadata(guarded, tenantId, id, Buffer.from(writeMetadata({ keys: [key] })), as('x')),
    () => acceptMetadata(guarded, tenantId, id, 'a difference', as('x')),
  ];
  for (const change of changes) await expect(change()).rejects.toThrow('guarded');
  const { rows } = await database.superuser.query('select actor from audit_event where tenant_id = $1', [
    tenantId,
  ]);
  expect(rows.map(({ actor }) => actor)).not.toContain('operator:x');
});
