import { createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import { addCertificate } from '../../../src/sso/saml-connections/certificates.ts';
import {
  activateNextKey,
  addNextKey,
  ensureKey,
  listKeys,
  removeKey,
} from '../../../src/sso/saml-connections/keys.ts';
import { selectMaterial } from '../../../src/sso/saml-connections/material-store.ts';
import { listCertificateWarnings } from '../../../src/sso/saml-connections/warnings.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createTestKey } from '../saml/support/keys.ts';
import { begin, post, tell } from '../saml-routes/support/flow.ts';
import { fieldsOfIdp, noon, startSamlWorld } from '../saml-routes/support/world.ts';
import { pem } from './support/metadata.ts';

const testDatabase = await createTestDatabase();
const world = await startSamlWorld(testDatabase);
const { first, services, keys } = world;
const { db } = services;
const day = 24 * 3_600_000;

async function connect() {
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant);
  const { tenantId } = tenant;
  const { connectionId } = identity;
  const shown = async () =>
    (await listKeys(db.tenant(tenantId), connectionId)).map(({ state }) => state).sort();
  return { tenant, identity, tenantId, connectionId, shown };
}

test('the first key is made when it is needed, once, however many ask at a time', async () => {
  const { tenant, identity, shown } = await connect();
  const other = await world.addCopy();
  const opened = await Promise.all(
    [first, other, first, other].map(({ saml }) => saml.open(tenant, identity)),
  );
  expect(await shown()).toEqual(['active']);
  const fingerprints = opened.map(({ own }) => own.serviceProvider.signingKeys[0]?.certificate.fingerprint);
  expect(new Set(fingerprints).size).toBe(1);
});

test('our private keys are sealed: only in their own row do they open', async () => {
  const { tenant, identity, tenantId, connectionId } = await connect();
  await ensureKey(services, tenantId, connectionId, world.by());
  const { rows } = await testDatabase.superuser.query(
    `update identity_key set fingerprint = sha256('another row') where connection_id = $1 returning sealed_private_key`,
    [connectionId],
  );
  expect(() => createPrivateKey({ key: rows[0].sealed_private_key, format: 'der', type: 'pkcs8' })).toThrow();
  await expect(first.saml.open(tenant, identity)).rejects.toMatchObject({ code: 'secret_unreadable' });
});

test('a key is changed without a gap: the next is shown early and decrypts, and the one before decrypts for a while', async () => {
  const { tenant, identity, tenantId, connectionId, shown } = await connect();
  const before = (await first.saml.open(tenant, identity)).own.serviceProvider.signingKeys[0]!;
  const next = await addNextKey(services, tenantId, connectionId, world.by());
  await expect(addNextKey(services, tenantId, connectionId, world.by())).rejects.toMatchObject({
    code: 'key_next_exists',
  });
  const metadata = async () => {
    const { body } = await first.visitor().open(`/t/${tenant.slug}/saml/${connectionId}/metadata`);
    return [before.certificate, next].map(({ base64 }) => body.includes(base64));
  };
  const decrypts = async (to: typeof next.key) => {
    const { visitor, target, relayState: RelayState } = await begin(world, tenant, identity);
    const { privateKey: key, certificate } = keys.active;
    const packing = { signAssertion: { key, certificate: certificate.base64 }, encrypt: { to: [to] } };
    return (await post(visitor, target, { SAMLResponse: tell(world, target, {}, packing), RelayState }))
      .status;
  };
  expect(await metadata()).toEqual([true, true]);
  expect([await decrypts(before.certificate.key), await decrypts(next.key)]).toEqual([303, 303]);
  await activateNextKey(services, tenantId, connectionId, world.by());
  expect(await metadata()).toEqual([false, true]);
  expect(await shown()).toEqual(['active', 'retired']);
  expect([await decrypts(before.certificate.key), await decrypts(next.key)]).toEqual([303, 303]);
  await removeKey(services, tenantId, connectionId, before.certificate.fingerprint, world.by());
  expect([await decrypts(before.certificate.key), await decrypts(next.key)]).toEqual([400, 303]);
});

test('a key that signs is not removed, and none is activated that is not there', async () => {
  const { tenantId, connectionId } = await connect();
  const key = (await ensureKey(services, tenantId, connectionId, world.by()))!;
  expect(await ensureKey(services, tenantId, connectionId, world.by())).toBeUndefined();
  const removed = removeKey(services, tenantId, connectionId, key.fingerprint, world.by());
  await expect(removed).rejects.toMatchObject({ code: 'key_signs' });
  const activated = activateNextKey(services, tenantId, connectionId, world.by());
  await expect(activated).rejects.toMatchObject({ code: 'key_next_missing' });
});

test('keys are seen and changed by their own tenant alone', async () => {
  const { connectionId, tenantId } = await connect();
  await ensureKey(services, tenantId, connectionId, world.by());
  await addNextKey(services, tenantId, connectionId, world.by());
  const stranger = await world.addTenant();
  expect(await listKeys(db.tenant(stranger.tenantId), connectionId)).toEqual([]);
  const nothing = { certificates: [], keys: [], current: null, valid_until: null };
  expect(await selectMaterial(db.tenant(stranger.tenantId), connectionId)).toEqual(nothing);
  const tries = [
    () => addNextKey(services, stranger.tenantId, connectionId, world.by()),
    () => activateNextKey(services, stranger.tenantId, connectionId, world.by()),
    () => removeKey(services, stranger.tenantId, connectionId, 'x', world.by()),
  ];
  for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ code: 'identity_unknown' });
});

test('certificates that end soon, have ended, or end inside a term are listed, the first to end first', async () => {
  const tenant = await world.addTenant();
  const { tenantId } = tenant;
  const { connectionId } = await connectIdentity(
    services,
    tenantId,
    { protocol: 'saml', name: 'School account', settings: { metadata: fieldsOfIdp } },
    world.by(),
  );
  const ends = [noon + 20 * day, noon - day, noon + 100 * day, noon + 300 * day];
  for (const end of ends) {
    const key = await createTestKey(`ends ${end}`, new Date(end));
    await addCertificate(services, tenantId, connectionId, pem(key), world.by());
  }
  await ensureKey(services, tenantId, connectionId, world.by());
  const term = { name: 'Spring', startsAt: new Date(noon + 90 * day), endsAt: new Date(noon + 200 * day) };
  const warnings = await listCertificateWarnings(services, tenantId, [term]);
  expect(warnings).toMatchObject([
    { connectionId, whose: 'theirs', notAfter: new Date(noon - day), warning: { kind: 'expired' } },
    { whose: 'theirs', warning: { kind: 'expires', days: 30 } },
    { whose: 'theirs', warning: { kind: 'inside_term', term: 'Spring' } },
  ]);
  expect(await listCertificateWarnings(services, (await world.addTenant()).tenantId, [term])).toEqual([]);
});

test('a key of 3072 bits signs requests, and the identity provider can tell', async () => {
  const { tenant, identity } = await connect();
  const { own } = await first.saml.open(tenant, identity);
  const { certificate } = own.serviceProvider.signingKeys[0]!;
  expect(certificate.key.asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect(certificate.validTo.getTime() - noon).toBeGreaterThan(9 * 365 * day);
});
