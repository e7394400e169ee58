import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Identity } from '../../../src/sso/identities/identity.ts';
import type { SamlConnection } from '../../../src/sso/saml/connection.ts';
import { answerLogout, receiveLogout, startLogout } from '../../../src/sso/saml/logout/logout.ts';
import type { Outgoing } from '../../../src/sso/saml/message.ts';
import { writeQuery } from '../../../src/sso/saml/signature/query.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { own, type TestKey } from '../saml/support/keys.ts';
import { reasonOf, signIn } from './support/flow.ts';
import { bring, mirrorOf } from './support/logout.ts';
import { fieldsOfIdp, startSamlWorld } from './support/world.ts';

const world = await startSamlWorld(await createTestDatabase());
const { first, keys, clock } = world;
const other = await world.addCopy();
const now = clock.now();

/** A connection, and the same seen from the other side: what we receive there, it sends. */
async function connect(settings: Record<string, unknown> = {}) {
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant, settings);
  return { tenant, identity, mirror: await mirrorOf(world, tenant, identity) };
}

const amara = { nameId: 'amara-7f3c', sessionIndex: 's-1' };
const byPost = (mirror: SamlConnection): SamlConnection => {
  const { identityProvider } = mirror;
  const singleLogout = identityProvider.singleLogout.map((each) => ({ ...each, binding: 'post' as const }));
  return { ...mirror, identityProvider: { ...identityProvider, singleLogout } };
};

test.each(['redirect', 'post'] as const)(
  'a signed logout over %s ends the session it names, and is answered',
  async (how) => {
    const { tenant, identity, mirror } = await connect();
    await signIn(world, tenant, identity);
    const theirs = startLogout(how === 'post' ? byPost(mirror) : mirror, amara, {
      now,
      relayState: 'of theirs',
    })!;
    const answered = await bring(first.visitor(), theirs.outgoing);
    expect(await world.sessions(tenant)).toEqual([]);
    const { rows } = await world.database.superuser.query(
      'select ended_by from session where tenant_id = $1',
      [tenant.tenantId],
    );
    expect(rows).toEqual([{ ended_by: 'partner' }]);
    const query = new URL(answered.location!).search.slice(1);
    const received = receiveLogout({ binding: 'redirect', query }, mirror, theirs.stored, now);
    expect(received).toMatchObject({
      accepted: true,
      kind: 'response',
      complete: true,
      relayState: 'of theirs',
    });
  },
);

test('a logout ends the sessions that it names and no others', async () => {
  const { tenant, identity, mirror } = await connect();
  const elsewhere = await world.connect(tenant);
  await signIn(world, tenant, identity, { nameId: 'another' });
  await signIn(world, tenant, elsewhere);
  const subjects = async () => (await world.sessions(tenant)).map(({ subject }) => subject);
  const wrongIndex = startLogout(mirror, { ...amara, sessionIndex: 's-2' }, { now })!;
  await signIn(world, tenant, identity);
  await bring(first.visitor(), wrongIndex.outgoing);
  expect(await subjects()).toHaveLength(3);
  // Without an index: every session of that name, at this connection.
  await bring(first.visitor(), startLogout(mirror, { nameId: amara.nameId }, { now })!.outgoing);
  expect((await subjects()).sort()).toEqual(['amara-7f3c', 'another']);
  const [left] = (await world.sessions(tenant)).filter(({ subject }) => subject === 'amara-7f3c');
  expect(left?.connection_id).toBe(elsewhere.connectionId);
});

test('a logout at another tenant’s address ends nothing there', async () => {
  const here = await connect();
  const there = await connect();
  await signIn(world, there.tenant, there.identity);
  const ours = startLogout(here.mirror, amara, { now })!.outgoing;
  const target = new URL(there.mirror.identityProvider.singleLogout[0]!.location);
  const refused = await bring(first.visitor(), {
    ...ours,
    url: `${target}${new URL(ours.url).search}`,
  } as Outgoing);
  expect(reasonOf(refused)).toBe('destination');
  expect(await world.sessions(there.tenant)).toHaveLength(1);
});

test('a logout that nobody signed, that a stranger signed, or a retired key, ends nothing', async () => {
  const { tenant, identity } = await connect();
  await signIn(world, tenant, identity);
  const signedBy = async (key: TestKey) =>
    startLogout(await mirrorOf(world, tenant, identity, key), amara, { now })!.outgoing;
  const honest = await signedBy(keys.active);
  const unsigned = { ...honest, url: honest.url.replace(/&SigAlg=.*/, '') };
  const posted = startLogout(byPost(await mirrorOf(world, tenant, identity)), amara, { now })!.outgoing;
  const fields = posted.binding === 'post' ? posted.fields : {};
  const xml = Buffer.from(fields.SAMLRequest!, 'base64')
    .toString()
    .replace(/<ds:Signature.*<\/ds:Signature>/s, '');
  const unsignedForm = {
    ...posted,
    fields: { SAMLRequest: Buffer.from(xml).toString('base64') },
  } as Outgoing;
  const tries = [unsigned, unsignedForm, await signedBy(keys.stranger), await signedBy(keys.retired)];
  const reasons = [];
  for (const each of tries) reasons.push(reasonOf(await bring(first.visitor(), each)));
  expect(reasons).toEqual(['signature_missing', 'signature_missing', 'signature', 'certificate_retired']);
  expect(await world.sessions(tenant)).toHaveLength(1);
});

test('a logout is good for one time, at two copies too', async () => {
  const { tenant, identity, mirror } = await connect();
  const { outgoing } = startLogout(mirror, amara, { now })!;
  await bring(first.visitor(), outgoing);
  await signIn(world, tenant, identity);
  const { search, pathname } = new URL(outgoing.url);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? first : other).visitor().open(pathname + search),
    ),
  );
  expect(answers.map(reasonOf)).toEqual(Array(10).fill('replay'));
  expect(await world.sessions(tenant)).toHaveLength(1);
});

test('a message that inflates to a great deal is given up', async () => {
  const { mirror } = await connect();
  const bomb = deflateRawSync(Buffer.alloc(8_000_000, ' ')).toString('base64');
  const query = writeQuery('SAMLRequest', bomb, undefined, own(keys.active, 'active'));
  const url = `${mirror.identityProvider.singleLogout[0]!.location}?${query}`;
  expect(reasonOf(await bring(first.visitor(), { binding: 'redirect', url }))).toBe('message_too_large');
});

test('an identity provider that takes no answer leaves the person on our page', async () => {
  const { tenant, identity } = await connect({ metadata: { ...fieldsOfIdp, singleLogout: [] } });
  const mirror = await mirrorOf(world, tenant, identity);
  await signIn(world, tenant, identity);
  const answered = await bring(first.visitor(), startLogout(mirror, amara, { now })!.outgoing);
  expect(answered).toMatchObject({ status: 303, location: `/t/${tenant.slug}/signed-out` });
  expect(await world.sessions(tenant)).toEqual([]);
});

/** Signs out in a browser that is signed in, and is sent on to the identity provider where it wants that. */
async function leave(tenant: Tenant, identity: Identity) {
  const { visitor } = await signIn(world, tenant, identity);
  const { status, location = '' } = await visitor.post(`/t/${tenant.slug}/sign-out`, {});
  expect([status, visitor.session, await world.sessions(tenant)]).toEqual([303, undefined, []]);
  return { visitor, location };
}

test('our own logout names the session as it was named to us, and its answer counts in this browser alone', async () => {
  const { tenant, identity, mirror } = await connect();
  const { visitor, location } = await leave(tenant, identity);
  const query = new URL(location).search.slice(1);
  const there = receiveLogout({ binding: 'redirect', query }, mirror, undefined, now);
  if (!there.accepted || there.kind !== 'request') throw new Error('refused there');
  expect(there).toMatchObject({
    nameId: { value: 'amara-7f3c', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
    sessionIndexes: ['s-1'],
  });
  const answer = answerLogout(mirror, there, 'ended', now)!;
  expect(reasonOf(await bring(first.visitor(), answer))).toBe('in_response_to');
  // Its handle was shown by another browser, so that it is used up.
  expect(reasonOf(await bring(visitor, answer))).toBe('in_response_to');
  const again = await leave(tenant, identity);
  const query2 = new URL(again.location).search.slice(1);
  const request = receiveLogout({ binding: 'redirect', query: query2 }, mirror, undefined, now);
  if (!request.accepted || request.kind !== 'request') throw new Error('refused there');
  const taken = await bring(again.visitor, answerLogout(mirror, request, 'ended', now)!);
  expect(taken).toMatchObject({ status: 303, location: `/t/${tenant.slug}/signed-out` });
});

test('there is no logout of ours where the identity provider offers none', async () => {
  const { tenant, identity } = await connect({ metadata: { ...fieldsOfIdp, singleLogout: [] } });
  expect((await leave(tenant, identity)).location).toBe(`/t/${tenant.slug}/signed-out`);
});

test('the answer to a sign-in is no answer to a logout, and the other way round', async () => {
  const { tenant, identity, mirror } = await connect();
  const { visitor, location } = await leave(tenant, identity);
  const RelayState = new URL(location).searchParams.get('RelayState')!;
  const acs = new URL(mirror.serviceProvider.acsUrl).pathname;
  expect(reasonOf(await visitor.post(acs, { SAMLResponse: 'x', RelayState }))).toBe('request_unknown');
});

test('our metadata shows the key that signs our messages, under the address that is our entity id', async () => {
  const { tenant, identity, mirror } = await connect();
  const { pathname } = new URL(mirror.identityProvider.entityId);
  const shown = await first.visitor().open(pathname);
  expect(shown.headers['content-type']).toContain('application/samlmetadata+xml');
  const opened = await first.saml.open(tenant, identity);
  const { certificate } = opened.own.serviceProvider.signingKeys[0]!;
  expect(shown.body).toContain(`entityID="${mirror.identityProvider.entityId}"`);
  expect(shown.body.match(/<ds:X509Certificate>([^<]+)/g)).toEqual(
    Array(2).fill(`<ds:X509Certificate>${certificate.base64}`),
  );
});
