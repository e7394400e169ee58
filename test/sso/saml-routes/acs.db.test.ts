import { expect, test } from 'vitest';
import { setIdentityStatus, updateIdentity } from '../../../src/sso/identities/identities.ts';
import { createTestDatabase } from '../../support/database.ts';
import { hostileMessages } from '../saml/support/hostile/corpus.ts';
import { instant } from '../saml/support/idp.ts';
import { begin, post, reasonOf, rowOf, signIn, targetOf, tell } from './support/flow.ts';
import { noon, startSamlWorld } from './support/world.ts';

const world = await startSamlWorld(await createTestDatabase());
const { first, keys, clock } = world;
const north = await world.addTenant();
const south = await world.addTenant();
const idp = await world.connect(north);
const second = await world.connect(north);
const southern = await world.connect(south);
const { own } = await first.saml.open(north, idp);

test('somebody signs in: a request goes out, its answer comes back, and a session starts in this browser', async () => {
  const portal = `/t/${north.slug}/portal`;
  const { visitor, requestXml, relayState, target } = await begin(world, north, idp, {
    query: `?returnTo=${portal}/classes`,
  });
  expect(requestXml).toContain(`AssertionConsumerServiceURL="${target.acsUrl}"`);
  expect(relayState).toMatch(/^[\w-]{32}$/);
  const ended = await post(visitor, target, {
    SAMLResponse: tell(world, target),
    RelayState: relayState,
  });
  expect(ended).toMatchObject({ status: 303, location: `${portal}/classes` });
  expect(visitor.session).toBeDefined();
  // The cookie that bound the request is gone.
  expect([...visitor.cookies.keys()].filter((name) => name.startsWith('__Host-gh-'))).toEqual([]);
  const [session] = await world.sessions(north);
  expect(session).toMatchObject({ connection_id: idp.connectionId, subject: 'amara-7f3c' });
  // SessionNotOnOrAfter by the identity provider's clock, which comes before the hub's own limit.
  expect(session?.ends_at).toEqual(new Date(noon + 8 * 3_600_000 + 60_000));
  expect(await world.tries(north)).toMatchObject([{ reason: null, outcome: 'success' }]);
});

test('the cookie of a request goes along with a form from another site, and the session’s does not', async () => {
  const visitor = first.visitor();
  const begun = await visitor.open(`/t/${north.slug}/sign-in/${idp.connectionId}`);
  expect(begun.setCookies).toEqual([expect.stringMatching(/^__Host-gh-.*Secure; HttpOnly; SameSite=None$/)]);
  const { ended } = await signIn(world, north, idp);
  expect(ended.setCookies.find((cookie) => cookie.startsWith('__Host-ghs-'))).toMatch(/SameSite=Lax$/);
});

test.each(hostileMessages)('hostile: $name', async ({ build, reason }) => {
  const before = await world.sessions(north);
  const { visitor, target, relayState: RelayState } = await begin(world, north, idp);
  const stage = {
    target,
    otherTarget: targetOf(world, south, southern, '_southern'),
    ...{ active: keys.active, retired: keys.retired, stranger: keys.stranger },
    decryption: own.serviceProvider.decryptionKeys[0]!.certificate.key,
  };
  const refused = await post(visitor, target, { SAMLResponse: build(stage), RelayState });
  expect(refused.status).toBe(400);
  expect(reasonOf(refused)).toBe(reason);
  expect(await rowOf(world, north, refused)).toMatchObject({ reason, is_test: false });
  expect(visitor.session).toBeUndefined();
  expect(await world.sessions(north)).toEqual(before);
});

test('what the identity provider encrypts with our published certificate is decrypted', async () => {
  const { visitor, target, relayState: RelayState } = await begin(world, north, idp);
  const { privateKey: key, certificate } = keys.active;
  const to = [own.serviceProvider.decryptionKeys[0]!.certificate.key];
  const SAMLResponse = tell(
    world,
    target,
    {},
    {
      signAssertion: { key, certificate: certificate.base64 },
      encrypt: { to },
    },
  );
  expect((await post(visitor, target, { SAMLResponse, RelayState })).status).toBe(303);
});

test('another tenant’s answer is refused here, and ours there', async () => {
  const here = await begin(world, north, idp);
  const there = await begin(world, south, southern, { visitor: here.visitor });
  const SAMLResponse = tell(world, there.target);
  const refused = await post(here.visitor, here.target, { SAMLResponse, RelayState: here.relayState });
  expect(reasonOf(refused)).toBe('destination');
  // The handle of one tenant's request is no request of another's.
  const crossed = await post(here.visitor, there.target, { SAMLResponse, RelayState: here.relayState });
  expect(reasonOf(crossed)).toBe('request_unknown');
  expect(await rowOf(world, south, crossed)).toMatchObject({ reason: 'request_unknown' });
});

test('an answer to another connection’s request is refused, whichever handle comes with it', async () => {
  const here = await begin(world, north, idp);
  const other = await begin(world, north, second, { visitor: here.visitor });
  const forged = tell(world, { ...here.target, requestId: other.target.requestId });
  const byOther = await post(here.visitor, here.target, {
    SAMLResponse: forged,
    RelayState: other.relayState,
  });
  expect(reasonOf(byOther)).toBe('request_unknown');
  const byOwn = await post(here.visitor, here.target, { SAMLResponse: forged, RelayState: here.relayState });
  expect(reasonOf(byOwn)).toBe('in_response_to');
});

test('a connection is not found below another tenant’s address', async () => {
  const { pathname } = new URL(targetOf(world, north, southern).acsUrl);
  const answered = await first.visitor().post(pathname, { SAMLResponse: 'x' });
  expect([answered.status, answered.body]).toEqual([404, expect.stringContaining('identity_unknown')]);
});

test('an answer counts only in the browser that asked, and a handle that another browser has is used up', async () => {
  const mine = await begin(world, north, idp);
  const theirs = await begin(world, north, idp);
  const form = { SAMLResponse: tell(world, mine.target), RelayState: mine.relayState };
  // Somebody is to be signed in as me: my answer in their browser, which has a request of its own.
  expect(reasonOf(await post(theirs.visitor, mine.target, form))).toBe('browser_changed');
  expect(theirs.visitor.session).toBeUndefined();
  expect(reasonOf(await post(mine.visitor, mine.target, form))).toBe('request_unknown');
  const fresh = await begin(world, north, idp);
  const noCookie = { SAMLResponse: tell(world, fresh.target), RelayState: fresh.relayState };
  expect(reasonOf(await post(first.visitor(), fresh.target, noCookie))).toBe('browser_changed');
});

test('a request lives fifteen minutes, and ends when the connection is changed', async () => {
  const late = await begin(world, north, idp);
  clock.set(noon + 15 * 60_000);
  const form = {
    SAMLResponse: tell(world, { ...late.target, now: clock.now() }),
    RelayState: late.relayState,
  };
  expect(reasonOf(await post(late.visitor, late.target, form))).toBe('request_unknown');
  clock.set(noon);
  const tenant = await world.addTenant();
  const changing = await world.connect(tenant);
  const begun = await begin(world, tenant, changing);
  await updateIdentity(
    world.services,
    tenant.tenantId,
    changing.connectionId,
    { name: 'New name' },
    world.by(),
  );
  const answer = { SAMLResponse: tell(world, begun.target), RelayState: begun.relayState };
  expect(reasonOf(await post(begun.visitor, begun.target, answer))).toBe('request_unknown');
});

test('a paused connection signs nobody in, also with an answer that was on its way', async () => {
  const tenant = await world.addTenant();
  const { connectionId } = await world.connect(tenant);
  const identity = await setIdentityStatus(
    world.services,
    tenant.tenantId,
    connectionId,
    'paused',
    world.by(),
  );
  const { ended, visitor } = await signIn(world, tenant, identity);
  expect(reasonOf(ended)).toBe('connection_closed');
  expect(visitor.session).toBeUndefined();
});

const seconds = (count: number) => instant(noon + count * 1000);

test.each([
  [{ notOnOrAfter: seconds(-60), confirmationNotOnOrAfter: seconds(300) }, 'not_on_or_after'],
  [{ notOnOrAfter: seconds(-59), confirmationNotOnOrAfter: seconds(300) }, undefined],
  [{ confirmationNotOnOrAfter: seconds(-60) }, 'not_on_or_after'],
  [{ confirmationNotOnOrAfter: seconds(-59) }, undefined],
  [{ notBefore: seconds(61) }, 'not_before'],
  [{ notBefore: seconds(60) }, undefined],
  [{ sessionNotOnOrAfter: seconds(-60) }, 'session_not_on_or_after'],
  [{ authnInstant: seconds(61) }, 'authn_instant'],
])('to the second, a minute’s skew: %o leads to %s', async (said, reason) => {
  const { ended } = await signIn(world, north, idp, said);
  expect(reasonOf(ended)).toBe(reason);
  expect(ended.status).toBe(reason === undefined ? 303 : 400);
});

test('who is accepted within the skew has a session, and is not sent back again and again', async () => {
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant);
  await signIn(world, tenant, identity, { sessionNotOnOrAfter: seconds(-59) });
  const [session] = await world.sessions(tenant);
  expect(session?.ends_at).toEqual(new Date(noon + 1_000));
});

test.each([
  '//evil.example',
  'https://evil.example/',
  '/\\evil.example',
  'javascript:alert(1)',
  '/t/other/portal',
])('an answer nobody asked for leads to the portal and not to %s', async (RelayState) => {
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant, { allowUnsolicited: true });
  const target = targetOf(world, tenant, identity);
  const visitor = first.visitor();
  const ended = await post(visitor, target, { SAMLResponse: tell(world, target), RelayState });
  expect(ended).toMatchObject({ status: 303, location: `/t/${tenant.slug}/portal` });
});

test('an answer nobody asked for is refused unless the connection allows it', async () => {
  const target = targetOf(world, north, idp);
  const visitor = first.visitor();
  const refused = await post(visitor, target, { SAMLResponse: tell(world, target) });
  expect(reasonOf(refused)).toBe('unsolicited');
  expect(visitor.session).toBeUndefined();
  // Anyone can post it: it says nothing about the identity provider.
  expect(await rowOf(world, north, refused)).toMatchObject({ reason: 'unsolicited', outcome: 'user_error' });
});

test('where answers nobody asked for are allowed, one to some request is still not one of those', async () => {
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant, { allowUnsolicited: true });
  const { target, visitor } = await begin(world, tenant, identity);
  const stolen = await post(visitor, target, { SAMLResponse: tell(world, target) });
  expect(reasonOf(stolen)).toBe('in_response_to');
});

test('what anyone can post leaves a bounded number of rows', async () => {
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant);
  const target = targetOf(world, tenant, identity);
  const visitor = first.visitor();
  for (let count = 0; count < 70; count += 1) {
    const refused = await post(visitor, target, { SAMLResponse: 'x' });
    expect(reasonOf(refused)).toBe('message_encoding');
  }
  expect(await world.tries(tenant)).toHaveLength(60);
});

test('a large body is given up before it is read', async () => {
  const { visitor, target, relayState: RelayState } = await begin(world, north, idp);
  const refused = await post(visitor, target, { SAMLResponse: 'A'.repeat(1_000_000), RelayState });
  expect([refused.status, refused.body]).toEqual([413, expect.stringContaining('body_too_large')]);
  const { pathname } = new URL(target.acsUrl);
  const other = await visitor.post(pathname, {}, { 'content-encoding': 'gzip' });
  expect(other.body).toContain('unsupported_media_type');
});

test('fields that come twice are none', async () => {
  const { visitor, target, relayState } = await begin(world, north, idp);
  const { pathname } = new URL(target.acsUrl);
  const message = encodeURIComponent(tell(world, target));
  const response = await fetch(new URL(pathname, visitor.origin).href.replace('hub.localhost', '127.0.0.1'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `SAMLResponse=${message}&SAMLResponse=${message}&RelayState=${relayState}&RelayState=${relayState}`,
  });
  expect(await response.text()).toContain('message_missing');
});

test('a test sign-in shows every rule and attribute, and changes nothing', async () => {
  const tenant = await world.addTenant();
  const identity = await world.connect(tenant);
  const { visitor, target, relayState: RelayState } = await begin(world, tenant, identity, { isTest: true });
  const shown = await post(visitor, target, { SAMLResponse: tell(world, target), RelayState });
  expect(shown.status).toBe(200);
  for (const text of [
    'Test sign-in: accepted',
    'not_on_or_after',
    'urn:oid:2.16.840.1.113730.3.1.241',
    'Amara',
  ]) {
    expect(shown.body).toContain(text);
  }
  expect(visitor.session).toBeUndefined();
  expect(await world.sessions(tenant)).toEqual([]);
  expect(await world.tries(tenant)).toMatchObject([{ is_test: true, outcome: 'suppressed' }]);
  const { rows } = await world.database.superuser.query('select from person where tenant_id = $1', [
    tenant.tenantId,
  ]);
  expect(rows).toEqual([]);
});

test('rows of tries hold rules and whether they held, and nothing that the identity provider said', async () => {
  const { ended } = await signIn(world, north, idp, { audiences: [['https://secret.example']] });
  const { traced } = (await rowOf(world, north, ended))!;
  expect(JSON.parse(traced)).toContainEqual({ rule: 'audience', passed: false });
  expect(traced).not.toMatch(/secret|amara/i);
});
