import { beforeEach, expect, test } from 'vitest';
import { createTestKey } from '../sso/saml/support/keys.ts';
import { pem, writeMetadata } from '../sso/saml-connections/support/metadata.ts';
import { createTestDatabase } from '../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from './support/api-world.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const [first, second] = [await createTestKey('first'), await createTestKey('second')];
const fingerprint = first.certificate.fingerprint;
let school: Awaited<ReturnType<typeof world.addSchool>>;
let call: (name: EndpointName, sent?: Sent) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

beforeEach(async () => {
  school = await world.addSchool();
  const { slug, token, samlId: connectionId } = school;
  const opened = await world.open();
  call = (name, { params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug, connectionId, ...params } });
});

const give = (...keys: (typeof first)[]) =>
  call('giveMetadata', { body: Buffer.from(writeMetadata({ keys })) });
const states = async () => {
  const { theirs } = (await call('listCertificates')).body;
  return Object.fromEntries(
    theirs.map((each: { subject: string; state: string }) => [each.subject, each.state]),
  );
};

test('metadata is handed over, and what a later document changes waits for somebody to agree', async () => {
  expect(await call('showMetadata')).toMatchObject({ status: 404, body: { code: 'metadata_missing' } });
  const { body, text } = await give(first);
  expect(body.metadata).toMatchObject({
    ...{ entityId: 'https://idp.example/entity', difference: null, refreshAt: null, failure: null },
    singleSignOn: [{ binding: 'redirect', location: 'https://idp.example/sso' }],
  });
  expect(text).not.toContain(first.certificate.base64);
  const { difference } = (await give(second)).body.metadata;
  expect(difference.changes).toMatchObject([
    { kind: 'certificate_added', certificate: { fingerprint: second.certificate.fingerprint } },
    { kind: 'certificate_removed', certificate: { fingerprint } },
  ]);
  expect((await call('showMetadata')).body.metadata.difference).toEqual(difference);
  const stale = await call('acceptMetadata', { body: { difference: '0123456789abcdef' } });
  expect(stale).toMatchObject({ status: 409, body: { code: 'metadata_difference_gone' } });
  const agreed = await call('acceptMetadata', { body: { difference: difference.name, reason: 'Compared' } });
  expect(agreed.body.metadata.difference).toBeNull();
  expect(await states()).toEqual({ 'CN=first': 'retired', 'CN=second': 'active' });
});

test('a connection is shown with its certificates that end soon, wherever it is shown', async () => {
  const soon = await createTestKey('soon', new Date(world.clock.now() + 20 * 86_400_000));
  await give(first);
  await call('addCertificate', { body: { certificate: pem(soon) } });
  const { subject, validTo, fingerprint: known } = soon.certificate;
  const warning = { whose: 'theirs', kind: 'expires', days: 30, term: null, subject, fingerprint: known };
  const warnings = [{ ...warning, validTo: validTo.toISOString() }];
  expect((await call('showIdentity')).body.identity.warnings).toEqual(warnings);
  expect((await call('pauseIdentity', { body: {} })).body.identity.warnings).toEqual(warnings);
  const { identities } = (await call('listIdentities')).body;
  const counts = identities.map((each: { protocol: string; warnings: unknown[] }) => [
    each.protocol,
    each.warnings.length,
  ]);
  expect(Object.fromEntries(counts)).toMatchObject({ saml: 1, ldap: 0 });
});

test('certificates are added, activated and retired by hand', async () => {
  await give(first);
  const added = await call('addCertificate', { body: { certificate: pem(second), reason: 'Announced' } });
  expect(added).toMatchObject({
    status: 201,
    body: { certificate: { state: 'next', subject: 'CN=second' } },
  });
  const again = await call('addCertificate', { body: { certificate: pem(second) } });
  expect(again).toMatchObject({ status: 409, body: { code: 'certificate_known' } });
  const retired = await call('retireCertificate', { params: { fingerprint: fingerprint.toUpperCase() } });
  expect(retired.body.certificate).toMatchObject({ fingerprint, state: 'retired' });
  await call('activateCertificate', { params: { fingerprint: second.certificate.fingerprint } });
  expect(await states()).toEqual({ 'CN=first': 'retired', 'CN=second': 'active' });
});

test('our key is changed in two steps, and the private half is never shown', async () => {
  const { body } = await call('addNextKey');
  expect(body.certificate.state).toBe('next');
  expect(await call('addNextKey')).toMatchObject({ status: 409, body: { code: 'key_next_exists' } });
  const active = await call('activateNextKey', { body: { reason: 'They know it' } });
  expect(active.body.certificate).toEqual({ ...body.certificate, state: 'active' });
  expect(await call('activateNextKey')).toMatchObject({ status: 409, body: { code: 'key_next_missing' } });
  const params = { fingerprint: body.certificate.fingerprint };
  expect(await call('removeKey', { params })).toMatchObject({ status: 409, body: { code: 'key_signs' } });
  await call('addNextKey');
  await call('activateNextKey');
  expect((await call('removeKey', { params, query: { reason: 'Over' } })).body).toEqual(params);
  const listed = await call('listCertificates');
  expect(listed.body.ours).toMatchObject([{ state: 'active' }]);
  expect(listed.text).not.toMatch(/private|BEGIN/i);
});

test.each([
  ['showMetadata', {}],
  ['listCertificates', {}],
  ['refreshMetadata', {}],
  ['giveMetadata', { body: Buffer.from('<x/>') }],
  ['addCertificate', { body: { certificate: pem(first) } }],
  ['retireCertificate', {}],
  ['addNextKey', {}],
  ['removeKey', {}],
] as const)('%s is refused for a directory, which has none of it', async (name, sent) => {
  const params = { connectionId: school.identityId, fingerprint };
  const refused = await call(name, { ...sent, params });
  expect(refused).toMatchObject({ status: 400, body: { code: 'identity_protocol' } });
});

test.each([
  ['giveMetadata', { body: Buffer.from('no document') }, 400, 'metadata_unreadable'],
  ['giveMetadata', { body: Buffer.from(writeMetadata({ keys: [] })) }, 400, 'metadata_incomplete'],
  ['giveMetadata', { body: Buffer.alloc(4_194_305, 32) }, 413, 'body_too_large'],
  ['refreshMetadata', {}, 409, 'metadata_not_fetched'],
  ['addCertificate', { body: { certificate: 'none' } }, 400, 'certificate_unreadable'],
  ['addCertificate', { body: {} }, 400, 'request_invalid'],
  ['retireCertificate', { params: { fingerprint: 'ab:cd' } }, 400, 'request_invalid'],
  ['retireCertificate', { params: { fingerprint } }, 404, 'certificate_unknown'],
  ['acceptMetadata', { body: {} }, 400, 'request_invalid'],
  ['removeKey', { params: { fingerprint } }, 404, 'key_unknown'],
] as const)('%s with something wrong is refused, and nothing is kept', async (name, sent, status, code) => {
  expect(await call(name, sent)).toMatchObject({ status, body: { code } });
  expect((await call('listCertificates')).body).toEqual({ theirs: [], ours: [] });
});
