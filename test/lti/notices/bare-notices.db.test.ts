import { beforeEach, describe, expect, test } from 'vitest';
import { opaqueId } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import { noteSource } from '../../../src/lti/notices/source-store.ts';
import { switchToolOn } from '../../../src/lti/notices/switch-on.ts';
import { disableToolForTenant } from '../../../src/tools/enablement.ts';
import { claimsToldTo, verifyToken } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { serviceUrl, startNoticeWorld, submitted } from './support.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const notices = await startNoticeWorld(testDatabase);
const { world, fakeTool, fakeLms, work, callAsTool, noticeClaims, post, tenantId, connectionId } = notices;
const handler = `${new URL(world.tool.targetLinkUri).origin}/notices`;
const original = opaqueId('course', 'ns-biology-9b');
const told = await claimsToldTo(world);
const course = (told[claim.context] as { id: string }).id;
const source = {
  ...{ connectionId, deploymentId: notices.deploymentId, serviceUrl },
  noticeTypes: ['LtiHelloWorldNotice', 'LtiContextCopyNotice', submitted],
};
const note = (noted: typeof source) =>
  database.withTenant(tenantId, (tx) => noteSource(tx, noted, new Date(world.clock.now())));
await note(source);
await work();

const rows = async () =>
  (await superuser.query('select state, content from lti_notice order by notice_id')).rows;

beforeEach(async () => {
  await superuser.query('delete from lti_notice');
  fakeTool.received.length = 0;
});

test('the hub asks an LMS for what it does not understand only once a tool wants it', async () => {
  const types = () => fakeLms.handlers.map((each) => (each as { type: string }).type);
  fakeLms.handlers.length = 0;
  await callAsTool('PUT', { notice_type: submitted, handler });
  await work();
  expect(types()).toEqual(['LtiHelloWorldNotice', 'LtiContextCopyNotice', submitted]);
  await work();
  expect(types()).toHaveLength(3);
  // Said again, be it with another address of its own, it is nothing new to any LMS.
  for (const again of [handler, `${handler}/again`]) {
    await callAsTool('PUT', { notice_type: submitted, handler: again });
  }
  await work();
  expect(types()).toHaveLength(3);
  await callAsTool('PUT', { notice_type: submitted, handler: '' });
});

test('a tool that wants it while the hub is registering is not forgotten', async () => {
  fakeLms.handlers.length = 0;
  await callAsTool('PUT', { notice_type: submitted, handler });
  fakeLms.meanwhile = async () => {
    fakeLms.meanwhile = undefined;
    await callAsTool('PUT', { notice_type: submitted, handler: '' });
    await callAsTool('PUT', { notice_type: submitted, handler });
  };
  await work();
  expect((await superuser.query('select state from lti_notice_source')).rows).toEqual([{ state: 'waiting' }]);
  await work();
  expect((await superuser.query('select state from lti_notice_source')).rows).toEqual([
    { state: 'registered' },
  ]);
  await callAsTool('PUT', { notice_type: submitted, handler: '' });
});

test('a tool that is switched on again has what it wanted from an LMS that is registered anew meanwhile', async () => {
  const { toolId } = world.tool;
  const staff = { ...by(), now: world.clock.now() };
  await callAsTool('PUT', { notice_type: submitted, handler });
  await work();
  await database.withTenant(tenantId, (tx) => disableToolForTenant(tx, toolId, staff));
  const anew = { ...source, serviceUrl: `${serviceUrl}/anew` };
  await note(anew);
  fakeLms.handlers.length = 0;
  await work();
  expect(fakeLms.handlers).not.toContainEqual(expect.objectContaining({ type: submitted }));
  await database.withTenant(tenantId, (tx) => switchToolOn(tx, { toolId }, staff));
  await work();
  expect(fakeLms.handlers).toContainEqual(
    expect.objectContaining({ type: submitted, serviceUrl: anew.serviceUrl }),
  );
  await note(source);
  await callAsTool('PUT', { notice_type: submitted, handler: '' });
});

test('a tool that says again what it wants has an LMS asked that had refused for good', async () => {
  await callAsTool('PUT', { notice_type: submitted, handler });
  await superuser.query(`update lti_notice_source set state = 'dead', due_at = null`);
  await callAsTool('PUT', { notice_type: submitted, handler });
  await work();
  expect((await superuser.query('select state from lti_notice_source')).rows).toEqual([
    { state: 'registered' },
  ]);
  await callAsTool('PUT', { notice_type: submitted, handler: '' });
});

describe('a notice that the hub does not understand', () => {
  /** With all that is in one of Canvas's: addresses of the LMS, its ids, and a person. */
  const submission = (changes: Record<string, unknown> = {}) =>
    world.lms.signIdToken(
      noticeClaims({
        [claim.notice]: { id: crypto.randomUUID(), timestamp: '2026-11-21T08:00:00Z', type: submitted },
        [claim.context]: { id: original, title: 'Secret title' },
        [claim.forUser]: { user_id: 'lms-user-7', name: 'Secret name', email: 'secret@school.example' },
        [claim.custom]: { user: 'secret-custom' },
        [claim.lis]: { person_sourcedid: 'secret-sis' },
        'https://purl.imsglobal.org/spec/lti/claim/submission': { id: 'secret-submission' },
        'https://purl.imsglobal.org/spec/lti/claim/activity': {
          id: 'secret-activity',
          title: 'Secret essay',
        },
        'https://purl.imsglobal.org/spec/lti/claim/assetservice': {
          assets: [{ asset_id: 'secret-asset', url: 'https://lms.example/secret', filename: 'secret.pdf' }],
        },
        sub: 'lms-user-7',
        email: 'secret@school.example',
        ...changes,
      }),
    );
  const sentPayloads = async () => {
    await work();
    const jwts = fakeTool.received.map(({ body }) => JSON.parse(String(body)).notices[0].jwt as string);
    return Promise.all(jwts.map((jwt) => verifyToken(world, jwt)));
  };
  beforeEach(() => callAsTool('PUT', { notice_type: submitted, handler }));

  test('goes to tools of its course as what, when and where, and nothing else of it leaves', async () => {
    expect((await post(await submission())).status).toBe(202);
    const [payload, ...others] = await sentPayloads();
    expect(others).toEqual([]);
    expect(payload).toEqual({
      ...{ iss: world.hubUrl, aud: world.tool.clientId, nonce: expect.any(String) },
      ...{ iat: expect.any(Number), exp: expect.any(Number) },
      [claim.version]: '1.3.0',
      [claim.deploymentId]: notices.enablement.deploymentId,
      [claim.notice]: { id: expect.any(String), timestamp: '2026-11-21T08:00:00.000Z', type: submitted },
      [claim.context]: { id: course },
    });
    expect(JSON.stringify(await rows())).not.toMatch(/secret|lms-user/i);
  });

  test('names the tool’s own link, and is nothing to a tool where it is about another one', async () => {
    const link = opaqueId('link', 'ns-cell-lab');
    await post(await submission({ [claim.resourceLink]: { id: link, title: 'Secret link' } }));
    expect(await sentPayloads()).toMatchObject([
      { [claim.resourceLink]: { id: (told[claim.resourceLink] as { id: string }).id } },
    ]);
    await post(await submission({ [claim.resourceLink]: { id: 'never-seen' } }));
    await post(await submission({ [claim.context]: { id: 'never-seen' } }));
    expect(await rows()).toHaveLength(1);
  });

  test('of no course concerns every tool that wants it, of one that cannot be read none', async () => {
    await post(await submission({ [claim.context]: undefined }));
    expect(await rows()).toMatchObject([{ content: {} }]);
    for (const unreadable of [{ id: 7.5 }, { id: 'x'.repeat(256) }, 'course', null]) {
      const answer = await post(await submission({ [claim.context]: unreadable }));
      expect(answer).toMatchObject({ status: 400, json: { code: 'notice_refused' } });
    }
    expect(await rows()).toHaveLength(1);
  });

  test('is nothing to a tool that does not want it any more', async () => {
    await callAsTool('PUT', { notice_type: submitted, handler: '' });
    expect((await post(await submission())).status).toBe(202);
    expect(await rows()).toEqual([]);
  });
});
