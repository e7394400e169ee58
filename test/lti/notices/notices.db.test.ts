import { beforeEach, expect, test } from 'vitest';
import { membershipScope, noticeScope } from '../../../contracts/scopes.ts';
import { ltiClaim, opaqueId } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import { listNotices, replayNotices } from '../../../src/lti/notices/notices.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { claimsToldTo, verifyToken } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { offering, serviceUrl, startNoticeWorld, submitted } from './support.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const notices = await startNoticeWorld(testDatabase);
const { world, fakeTool, fakeLms, work, callAsTool, noticeClaims, post, postTo, tenantId, connectionId } =
  notices;
const toolUrl = new URL(world.tool.targetLinkUri).origin;
const handler = `${toolUrl}/notices`;
const copies = { notice_type: 'LtiContextCopyNotice', handler };
const original = opaqueId('course', 'ns-biology-9b');
const told = await claimsToldTo(world, offering);
const course = (told[claim.context] as { id: string }).id;
const copyOf = (changes: Record<string, unknown> = {}) =>
  world.lms.signIdToken(noticeClaims({ [claim.originContexts]: [original, 'never-seen'], ...changes }));

async function rows() {
  return (
    await superuser.query('select state, tries, failure, content, due_at from lti_notice order by notice_id')
  ).rows;
}

beforeEach(async () => {
  await superuser.query('delete from lti_notice');
  fakeTool.received.length = 0;
  fakeTool.status = 200;
  await callAsTool('PUT', copies);
});

test('a launch tells a tool where it can have notices at the hub, and of which kinds', () => {
  expect(told[claim.noticeService]).toEqual({
    service_versions: ['1.0'],
    scope: [noticeScope],
    platform_notification_service_url: `${world.hubUrl}/t/northside/notices/handlers`,
    notice_types_supported: ['LtiHelloWorldNotice', 'LtiContextCopyNotice', submitted],
  });
});

test('the hub registers itself at the LMS for what it relays, once, and tries again where the LMS fails', async () => {
  await expect.poll(async () => (await superuser.query('select from lti_notice_source')).rowCount).toBe(1);
  const state = async () =>
    (await superuser.query('select state, tries, failure from lti_notice_source')).rows[0];
  fakeLms.failure = new DomainError('upstream', 'lms_unavailable', 'x');
  await work();
  expect(await state()).toEqual({ state: 'waiting', tries: 1, failure: 'lms_unavailable' });
  fakeLms.failure = undefined;
  await work();
  expect(fakeLms.handlers).toEqual([]);
  world.clock.advance(2 * 60_000);
  await work();
  const url = `${world.hubUrl}/t/northside/lti/notices/${connectionId}`;
  const place = { deploymentId: notices.deploymentId, serviceUrl, url };
  expect(fakeLms.handlers).toEqual([
    { ...place, type: 'LtiHelloWorldNotice' },
    { ...place, type: 'LtiContextCopyNotice' },
  ]);
  expect(await state()).toMatchObject({ state: 'registered', failure: null });
  await claimsToldTo(world, offering);
  await work();
  expect(fakeLms.handlers).toHaveLength(2);
});

test('a notice of a copied course goes to the tool under the hub’s own ids, signed by the hub', async () => {
  expect((await post(await copyOf())).status).toBe(202);
  await work();
  const [sent] = fakeTool.received;
  expect(sent).toMatchObject({ url: handler, method: 'POST' });
  const { notices: list } = JSON.parse(String(sent!.body)) as { notices: { jwt: string }[] };
  const payload = await verifyToken(world, list[0]!.jwt);
  expect(payload).toMatchObject({
    iss: world.hubUrl,
    aud: world.tool.clientId,
    [claim.version]: '1.3.0',
    [claim.deploymentId]: notices.enablement.deploymentId,
    [claim.notice]: { type: 'LtiContextCopyNotice' },
    [claim.originContexts]: [course],
  });
  const copied = (payload[claim.context] as { id: string }).id;
  expect(copied).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.stringify(payload)).not.toMatch(/copy-|title|never-seen/);
  expect(await rows()).toMatchObject([{ state: 'delivered', tries: 1, failure: null, due_at: null }]);
  expect(world.first.calls.at(-1)).toMatchObject({
    kind: 'webhook',
    outcome: 'success',
    toolId: world.tool.toolId,
  });
  // Launched from later, the copy is the course the tool was told of.
  const [, number] = /copy-(\d+)/.exec(
    (await superuser.query('select lms_context_id from lti_context where context_id = $1', [copied])).rows[0]
      .lms_context_id,
  )!;
  const later = await claimsToldTo(world, {
    tampering: {
      claims: (claims) => ({
        ...claims,
        [ltiClaim('context')]: { id: `copy-${number}`, title: 'New' },
        [ltiClaim('resource_link')]: { id: 'link of the copy' },
      }),
    },
  });
  expect(later[claim.context]).toMatchObject({ id: copied });
});

test('a notice that comes again, twice at once or in one call, is relayed once', async () => {
  const jwt = await copyOf();
  const answers = await Promise.all([post(jwt), post(jwt, jwt)]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  expect((await post(jwt)).status).toBe(202);
  expect(await rows()).toHaveLength(1);
});

test('a tool hears nothing of courses it has no link in, nor what it has not asked for', async () => {
  await post(await copyOf({ [claim.originContexts]: ['never-seen'] }));
  await callAsTool('PUT', { ...copies, handler: '' });
  await post(await copyOf());
  expect(await rows()).toEqual([]);
});

test('a tool that fails is tried again later, and after the last try the notice is dead until it is replayed', async () => {
  await post(await copyOf());
  fakeTool.status = 503;
  await work();
  expect(await rows()).toMatchObject([{ state: 'waiting', tries: 1, failure: 'status_503' }]);
  await work();
  expect(fakeTool.received).toHaveLength(1);
  for (let tries = 0; tries < 12; tries += 1) {
    world.clock.advance(40 * 3_600_000);
    await work();
  }
  expect(await rows()).toMatchObject([{ state: 'dead', failure: 'status_503', due_at: null }]);
  const tried = fakeTool.received.length;
  expect(tried).toBe(10);
  const [dead] = await database.withTenant(tenantId, (tx) => listNotices(tx, { state: 'dead', limit: 10 }));
  const now = { actor: 'test', now: world.clock.now() };
  expect(await database.withTenant(tenantId, (tx) => replayNotices(tx, dead!.noticeId, now))).toBe(1);
  fakeTool.status = 200;
  await work();
  expect(await rows()).toMatchObject([{ state: 'delivered', tries: 1 }]);
  await expect(
    database.withTenant(tenantId, (tx) => replayNotices(tx, dead!.noticeId, now)),
  ).rejects.toMatchObject({ code: 'notice_unknown' });
  // Both were the same notice for the tool.
  const ids = await Promise.all(
    [fakeTool.received[0], fakeTool.received.at(-1)].map(async (request) => {
      const jwt = JSON.parse(String(request!.body)).notices[0].jwt as string;
      return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString())[claim.notice].id;
    }),
  );
  expect(new Set(ids).size).toBe(1);
});

test('copies that work at once send a notice once', async () => {
  await post(await copyOf());
  await Promise.all([work(), work(), work()]);
  expect(fakeTool.received).toHaveLength(1);
});

test('a tool that says it wants no more is not tried again, nor is one that is gone', async () => {
  await post(await copyOf());
  fakeTool.status = 410;
  await work();
  expect(await rows()).toMatchObject([{ state: 'dead', failure: 'status_410' }]);
  await superuser.query('delete from lti_notice');
  await post(await copyOf());
  await callAsTool('PUT', { ...copies, handler: '' });
  await work();
  expect(await rows()).toMatchObject([{ state: 'dead', failure: 'handler_gone' }]);
});

test.each<[string, () => string | Promise<string>, string]>([
  ['signed by nobody', () => 'not.a.token', 'token_malformed'],
  ['of another issuer', () => copyOf({ iss: 'https://other.example' }), 'issuer_mismatch'],
  ['for another client', () => copyOf({ aud: 'other' }), 'audience_mismatch'],
  ['that is over', () => copyOf({ exp: 1 }), 'token_expired'],
  ['without a nonce', () => copyOf({ nonce: undefined }), 'nonce_missing'],
  ['of no version', () => copyOf({ [claim.version]: undefined }), 'version_wrong'],
  [
    'of a deployment that is not known',
    () => copyOf({ [claim.deploymentId]: 'other' }),
    'deployment_unknown',
  ],
  ['that names nothing', () => copyOf({ [claim.notice]: {} }), 'notice_invalid'],
  ['without a course', () => copyOf({ [claim.context]: undefined }), 'notice_invalid'],
])('a notice %s is refused by name, and nothing of it is kept', async (_what, make, reason) => {
  const refused = await post(await make());
  expect(refused).toMatchObject({ status: 400, json: { code: 'notice_refused' } });
  expect(world.first.calls.at(-1)).toMatchObject({ kind: 'webhook', outcome: 'user_error', reason });
  expect(await rows()).toEqual([]);
});

test('a notice of one school is none at another, nor at a connection that is nobody’s', async () => {
  const jwt = await copyOf();
  for (const [slug, id] of [
    ['riverbend', connectionId],
    ['northside', crypto.randomUUID()],
  ] as const) {
    expect(await postTo(slug, id, jwt)).toMatchObject({ status: 400, json: { code: 'notice_refused' } });
  }
  expect(await postTo('nowhere', connectionId, jwt)).toMatchObject({ status: 404 });
  expect(await rows()).toEqual([]);
});

test('a tool sees and changes its own addresses, at its own hosts only', async () => {
  const shown = await callAsTool('GET');
  expect(shown.json).toEqual({
    client_id: world.tool.clientId,
    deployment_id: notices.enablement.deploymentId,
    notice_handlers: [
      { notice_type: 'LtiHelloWorldNotice', handler: '' },
      { notice_type: 'LtiContextCopyNotice', handler },
      { notice_type: submitted, handler: '' },
    ],
  });
  for (const wrong of [
    'https://other.example/x',
    'http://169.254.169.254/',
    'x',
    `${toolUrl}@other.example/`,
  ]) {
    const refused = await callAsTool('PUT', { ...copies, handler: wrong });
    expect(refused).toMatchObject({ status: 400, json: { code: 'notice_handler_invalid' } });
  }
  const unknown = await callAsTool('PUT', { notice_type: 'OfNoLmsNotice', handler });
  expect(unknown).toMatchObject({ status: 400, json: { code: 'notice_handler_invalid' } });
  const elsewhere = await callAsTool('GET', undefined, { slug: 'riverbend' });
  expect(elsewhere.json.notice_handlers.every(({ handler: url }: { handler: string }) => url === '')).toBe(
    true,
  );
  const lacking = await callAsTool('GET', undefined, { scopes: [membershipScope] });
  expect(lacking).toMatchObject({ status: 403, json: { code: 'insufficient_scope' } });
});

test('whoever registers for hello-world notices is sent one', async () => {
  await callAsTool('PUT', { notice_type: 'LtiHelloWorldNotice', handler });
  await work();
  const jwt = JSON.parse(String(fakeTool.received[0]!.body)).notices[0].jwt as string;
  expect(await verifyToken(world, jwt)).toMatchObject({ [claim.notice]: { type: 'LtiHelloWorldNotice' } });
});

test('of a call full of notices that nobody signed one refusal is counted', async () => {
  const before = world.first.calls.length;
  await post(...Array.from({ length: 100 }, () => 'not.a.token'));
  expect(world.first.calls.slice(before)).toMatchObject([
    { outcome: 'user_error', reason: 'token_malformed' },
  ]);
});

test('a tool that says again and again where it wants hello-world notices has one on its way', async () => {
  const hello = { notice_type: 'LtiHelloWorldNotice', handler };
  for (let times = 0; times < 3; times += 1) await callAsTool('PUT', hello);
  expect(await rows()).toHaveLength(1);
  await work();
  await callAsTool('PUT', hello);
  expect(await rows()).toMatchObject([{ state: 'delivered' }, { state: 'waiting' }]);
});
