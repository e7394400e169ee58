import { expect, test } from 'vitest';
import { updateIdentity } from '../../../src/sso/identities/identities.ts';
import { addCertificate, setCertificateState } from '../../../src/sso/saml-connections/certificates.ts';
import { refreshDue } from '../../../src/sso/saml-connections/jobs.ts';
import {
  acceptMetadata,
  findMetadataView,
  giveMetadata,
  refreshMetadata,
} from '../../../src/sso/saml-connections/metadata.ts';
import { createTestDatabase } from '../../support/database.ts';
import { begin, post, reasonOf, signIn, tell } from '../saml-routes/support/flow.ts';
import { fieldsOfIdp, noon } from '../saml-routes/support/world.ts';
import { type Described, pem, writeMetadata } from './support/metadata.ts';
import { startMetadataWorld } from './support/metadata-world.ts';

const { world, web, mine, deps, connect, publish, refresh, view, states, actions } = await startMetadataWorld(
  await createTestDatabase(),
);
const { keys, clock, services } = world;
const { active: old, next: fresh, stranger, retired, signing: signer } = keys;
const hour = 3_600_000;

test('metadata is read by address, used at once for the first time, and people sign in by it', async () => {
  publish({ keys: [old] });
  const identity = await connect();
  const before = await begin(world, mine, identity);
  expect(before.requestXml).toBe('');
  const tries = await world.tries(mine);
  expect(tries).toMatchObject([{ reason: 'metadata_missing', outcome: 'failed_config' }]);
  const read = await refresh(identity.connectionId);
  expect(read).toMatchObject({
    current: { entityId: 'https://idp.example/entity' },
    difference: undefined,
    failure: null,
  });
  expect(read.refreshAt).toEqual(new Date(noon + 24 * hour));
  expect(await states(identity.connectionId)).toEqual({ active: 'active' });
  expect((await signIn(world, mine, identity)).ended.status).toBe(303);
});

test('what an address says later waits until somebody agrees to just that; until then the old certificate counts', async () => {
  publish({ keys: [old] });
  const { connectionId } = await connect();
  await refresh(connectionId);
  publish({ keys: [old, stranger], location: 'https://evil.example/sso' });
  const { difference } = await refresh(connectionId);
  expect(difference?.changes).toEqual([
    {
      kind: 'certificate_added',
      fingerprint: stranger.certificate.fingerprint,
      subject: 'CN=stranger',
      notAfter: new Date('2045-01-01'),
    },
    {
      kind: 'sign_on_address',
      before: ['redirect https://idp.example/sso'],
      after: ['redirect https://evil.example/sso'],
    },
  ]);
  expect(await states(connectionId)).toEqual({ active: 'active' });
  publish({ keys: [old, fresh] });
  const { difference: other } = await refresh(connectionId);
  await expect(
    acceptMetadata(deps, mine.tenantId, connectionId, difference!.name, world.by()),
  ).rejects.toMatchObject({
    code: 'metadata_difference_gone',
  });
  const used = await acceptMetadata(deps, mine.tenantId, connectionId, other!.name, world.by());
  expect(used).toMatchObject({ staged: null, difference: undefined });
  expect(await states(connectionId)).toEqual({ active: 'active', next: 'next' });
  await refresh(connectionId);
  await refresh(connectionId);
  expect(await actions(connectionId)).toEqual([
    'identity.connected',
    'identity.metadata_used',
    'identity.metadata_staged',
    'identity.metadata_staged',
    'identity.metadata_used',
  ]);
});

test('a difference that the address takes back waits no more', async () => {
  publish({ keys: [old] });
  const { connectionId } = await connect();
  await refresh(connectionId);
  publish({ keys: [fresh] });
  expect((await refresh(connectionId)).difference).toBeDefined();
  publish({ keys: [old] });
  expect((await refresh(connectionId)).difference).toBeUndefined();
});

test('signed metadata changes certificates by itself, and a sign-in by a removed one is refused at once', async () => {
  const source = { from: 'url', url: web.url, signer: pem(signer) };
  publish({ keys: [old], signer });
  const identity = await connect(source);
  const { connectionId } = identity;
  await refresh(connectionId);
  publish({ keys: [old, fresh], signer });
  expect((await refresh(connectionId)).difference).toBeUndefined();
  expect(await states(connectionId)).toEqual({ active: 'active', next: 'next' });
  const begun = await begin(world, mine, identity);
  publish({ keys: [fresh], signer });
  await refresh(connectionId);
  expect(await states(connectionId)).toEqual({ active: 'retired', next: 'active' });
  const form = { SAMLResponse: tell(world, begun.target), RelayState: begun.relayState };
  expect(reasonOf(await post(begun.visitor, begun.target, form))).toBe('certificate_retired');
});

test('a certificate that was retired comes back by nobody’s signature alone', async () => {
  const source = { from: 'url', url: web.url, signer: pem(signer) };
  publish({ keys: [old, retired], signer });
  const { connectionId } = await connect(source);
  await refresh(connectionId);
  publish({ keys: [old], signer });
  await refresh(connectionId);
  publish({ keys: [old, retired], signer });
  const { difference } = await refresh(connectionId);
  expect(difference?.changes).toMatchObject([{ kind: 'certificate_added' }]);
  expect(await states(connectionId)).toEqual({ active: 'active', retired: 'retired' });
});

test('metadata that the pinned key did not sign is not read, and what is in use stays', async () => {
  const source = { from: 'url', url: web.url, signer: pem(signer) };
  publish({ keys: [old], signer });
  const { connectionId } = await connect(source);
  await refresh(connectionId);
  for (const described of [{ keys: [stranger] }, { keys: [stranger], signer: stranger }]) {
    publish(described);
    await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'metadata_signature' });
  }
  expect(await view(connectionId)).toMatchObject({ failure: 'metadata_signature', difference: undefined });
  expect(await states(connectionId)).toEqual({ active: 'active' });
});

test('metadata of another entity is another identity provider, unless the settings name it; then somebody has to agree', async () => {
  publish({ keys: [old] });
  const { connectionId } = await connect();
  await refresh(connectionId);
  publish({ keys: [old], entityId: 'https://other.example' });
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'metadata_entity' });
  const settings = { metadata: { from: 'url', url: web.url, entityId: 'https://other.example' } };
  await updateIdentity(services, mine.tenantId, connectionId, { settings }, world.by());
  const { difference } = await refresh(connectionId);
  expect(difference?.changes).toMatchObject([{ kind: 'entity_id', after: 'https://other.example' }]);
});

test('a federation is asked for one entity by its id', async () => {
  const entityId = 'https://idp.example/entity';
  publish({ keys: [old], signer });
  const { connectionId } = await connect({ from: 'mdq', base: `${web.url}/`, entityId, signer: pem(signer) });
  await refresh(connectionId);
  expect(web.paths.at(-1)).toBe('/entities/https%3A%2F%2Fidp.example%2Fentity');
  publish({ keys: [old], entityId: 'https://other.example', signer });
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'metadata_entity' });
});

test('validUntil is obeyed: past it nobody signs in, until newer metadata is read', async () => {
  publish({ keys: [old], validUntil: '2026-11-21T13:00:00Z' });
  const tenant = await world.addTenant();
  const identity = await connect(undefined, tenant);
  const again = () => refreshMetadata(deps, tenant.tenantId, identity.connectionId, world.by());
  await again();
  clock.set(noon + hour - 60_000);
  const { visitor, target, relayState: RelayState } = await begin(world, tenant, identity);
  clock.set(noon + hour);
  // Its answer was on the way when the time was up.
  const SAMLResponse = tell(world, { ...target, now: clock.now() });
  expect(reasonOf(await post(visitor, target, { SAMLResponse, RelayState }))).toBe('metadata_expired');
  expect((await begin(world, tenant, identity)).requestXml).toBe('');
  await expect(again()).rejects.toMatchObject({ code: 'metadata_expired' });
  publish({ keys: [old], validUntil: '2026-11-21T15:00:00Z' });
  await again();
  expect((await signIn(world, tenant, identity)).ended.status).toBe(303);
  clock.set(noon);
});

test('a file is used for the first time, and shows its difference later', async () => {
  const { connectionId } = await connect({ from: 'file' });
  const give = (described: Described) =>
    giveMetadata(deps, mine.tenantId, connectionId, Buffer.from(writeMetadata(described)), world.by());
  expect(await give({ keys: [old] })).toMatchObject({ refreshAt: null, difference: undefined });
  const { difference } = await give({ keys: [fresh] });
  expect(difference?.changes.map(({ kind }) => kind)).toEqual(['certificate_added', 'certificate_removed']);
  await acceptMetadata(deps, mine.tenantId, connectionId, difference!.name, world.by());
  expect(await states(connectionId)).toEqual({ active: 'retired', next: 'active' });
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'metadata_not_fetched' });
});

test('what was typed in has no metadata', async () => {
  const { connectionId } = await connect(fieldsOfIdp);
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'metadata_not_fetched' });
  const given = giveMetadata(deps, mine.tenantId, connectionId, Buffer.from('x'), world.by());
  await expect(given).rejects.toMatchObject({ code: 'metadata_not_given' });
});

test('settings that change while metadata is read leave it unused', async () => {
  const { connectionId } = await connect();
  const text = writeMetadata({ keys: [old] });
  web.answerBy((_request, response) => {
    void updateIdentity(services, mine.tenantId, connectionId, { name: 'Other' }, world.by()).then(() =>
      response.end(text),
    );
  });
  await expect(refresh(connectionId)).rejects.toMatchObject({ code: 'identity_changed' });
  expect(await view(connectionId)).toBeUndefined();
});

test('the job refreshes what is due: a failure is noted, tried again in an hour, and stops no other', async () => {
  publish({ keys: [old] });
  const [good, bad] = [await connect(), await connect({ from: 'url', url: `${web.url}/bad` })];
  for (const { connectionId } of [good, bad]) await refresh(connectionId);
  clock.set(noon + 25 * hour);
  const text = writeMetadata({ keys: [old, fresh] });
  web.answerBy((request, response) =>
    request.url === '/bad' ? response.writeHead(503).end() : response.end(text),
  );
  await refreshDue(deps);
  expect((await view(good.connectionId))?.difference).toBeDefined();
  expect(await view(bad.connectionId)).toMatchObject({
    failure: 'metadata_unavailable',
    current: { entityId: 'https://idp.example/entity' },
    refreshAt: new Date(clock.now() + hour),
  });
  const asked = web.paths.length;
  await refreshDue(deps);
  expect(web.paths).toHaveLength(asked);
  clock.set(noon);
});

test('certificates are added and retired by hand, and a retired one counts no more in any copy', async () => {
  const other = await world.addCopy();
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant);
  const { connectionId } = identity;
  const { fingerprint } = old.certificate;
  const again = addCertificate(services, tenant.tenantId, connectionId, pem(old), world.by());
  await expect(again).rejects.toMatchObject({ code: 'certificate_known' });
  const begun = await begin(world, tenant, identity, { visitor: other.visitor() });
  const set = (state: 'active' | 'retired') =>
    setCertificateState(services, tenant.tenantId, connectionId, { fingerprint, state }, world.by());
  await set('retired');
  const form = { SAMLResponse: tell(world, begun.target), RelayState: begun.relayState };
  expect(reasonOf(await post(begun.visitor, begun.target, form))).toBe('certificate_retired');
  await set('active');
  expect((await signIn(world, tenant, identity)).ended.status).toBe(303);
});

test('nothing here is seen or changed from another tenant', async () => {
  publish({ keys: [old] });
  const { connectionId } = await connect();
  await refresh(connectionId);
  const stranger2 = await world.addTenant();
  const { tenantId } = stranger2;
  expect(await states(connectionId, stranger2)).toEqual({});
  const { fingerprint } = old.certificate;
  expect(await findMetadataView(deps, tenantId, connectionId)).toBeUndefined();
  const tries = [
    () => refreshMetadata(deps, tenantId, connectionId, world.by()),
    () => acceptMetadata(deps, tenantId, connectionId, 'x', world.by()),
    () => addCertificate(deps, tenantId, connectionId, pem(fresh), world.by()),
    () => setCertificateState(deps, tenantId, connectionId, { fingerprint, state: 'retired' }, world.by()),
  ];
  for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ code: 'identity_unknown' });
  expect(await states(connectionId)).toEqual({ active: 'active' });
});
