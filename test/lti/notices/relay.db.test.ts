import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { ToolId } from '../../../contracts/ids.ts';
import { saveHandler } from '../../../src/lti/notices/handler-store.ts';
import { insertNotice } from '../../../src/lti/notices/notice-store.ts';
import { relayNotices } from '../../../src/lti/notices/relay.ts';
import { noteSource } from '../../../src/lti/notices/source-store.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { hashSecret, newSecret } from '../../../src/platform/handle.ts';
import type { OutboundFetch, OutboundResponse } from '../../../src/platform/outbound/fetch.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { getTool, updateTool } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { loopbackAllowed } from '../../support/registrations.ts';
import { registerOtherTool } from '../../support/tool-login.ts';
import { startNoticeWorld } from './support.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const { world, fakeLms, work, tenantId, connectionId, deploymentId } = await startNoticeWorld(testDatabase);
const type = 'LtiContextCopyNotice';
const sample = { toolId: world.tool.toolId, url: `${new URL(world.tool.targetLinkUri).origin}/notices` };
const { toolId: otherId } = await registerOtherTool(testDatabase);
const other = { toolId: otherId, url: 'https://other.example/notices' };
await database.withTenant(tenantId, async (tx) => {
  await enableToolWithPolicy(tx, { toolId: other.toolId, template: 'anonymous' }, by());
  for (const { toolId, url } of [sample, other])
    await saveHandler(tx, toolId, { type, url }, new Date(world.clock.now()));
});

async function put(toolId: ToolId, count = 1): Promise<void> {
  const now = new Date(world.clock.now());
  const notice = { toolId, source: undefined, type, content: {}, occurredAt: now } as const;
  await database.withTenant(tenantId, async (tx) => {
    for (let i = 0; i < count; i += 1)
      await insertNotice(tx, { ...notice, sourceHash: hashSecret(newSecret()) }, now);
  });
}

const relay = (fetch: OutboundFetch, signal = new AbortController().signal) =>
  relayNotices({ ...world.first.lti.noticeWork, fetch, onFault: () => undefined }, signal);
const taken = { status: 200 } as OutboundResponse;

async function rows(toolId: ToolId = sample.toolId) {
  const { rows } = await superuser.query(
    'select state, tries, failure from lti_notice where tool_id = $1 order by notice_id',
    [toolId],
  );
  return rows;
}

beforeEach(async () => {
  await superuser.query('delete from lti_notice');
  world.first.lti.forgetAll();
});

test('a tool that does not answer keeps no other tool waiting', async () => {
  await put(sample.toolId, 3);
  await put(other.toolId);
  const { promise, resolve } = Promise.withResolvers<void>();
  await relay(async ({ url }) => {
    // Answers when the other tool has its notice, and not before.
    if (url === sample.url) await promise;
    else resolve();
    return taken;
  });
  expect(await rows()).toEqual(Array(3).fill({ state: 'delivered', tries: 1, failure: null }));
});

test('what one tool may take of a run is bounded, and the rest of its notices wait as they were', async () => {
  await put(sample.toolId, 5);
  await relay(async () => {
    world.clock.advance(20_000);
    return taken;
  });
  const states = (await rows()).map(({ state, tries }) => `${state} ${tries}`);
  expect(states.sort()).toEqual(['delivered 1', 'delivered 1', 'waiting 0', 'waiting 0', 'waiting 0']);
});

test('a notice that the hub itself fails with is put off like any other, and in the end dead', async () => {
  await put(sample.toolId);
  const broken: OutboundFetch = () => Promise.reject(new TypeError('a fault of the hub'));
  for (let tries = 0; tries < 12; tries += 1) {
    await relay(broken);
    world.clock.advance(40 * 3_600_000);
  }
  expect(await rows()).toEqual([{ state: 'dead', tries: 10, failure: 'internal' }]);
  expect(world.first.calls.at(-1)).toMatchObject({ outcome: 'failed_hub', reason: 'internal' });
});

test('a copy that stops while it sends blames nobody, and leaves the notice to the next', async () => {
  await put(sample.toolId);
  const calls = world.first.calls.length;
  const stopping = new AbortController();
  await relay(() => {
    stopping.abort();
    return Promise.reject(new DomainError('upstream', 'outbound_aborted', 'x'));
  }, stopping.signal);
  expect(await rows()).toEqual([{ state: 'waiting', tries: 1, failure: null }]);
  expect(world.first.calls).toHaveLength(calls);
  world.clock.advance(10 * 60_000);
  await relay(async () => taken);
  expect(await rows()).toMatchObject([{ state: 'delivered' }]);
});

test.each([
  ['has lost the right to notices', { scopes: [] }],
  [
    'has moved to another host',
    {
      targetLinkUri: 'https://new.example/',
      loginInitiationUrl: 'https://new.example/login',
      redirectUris: ['https://new.example/launch'],
    },
  ],
])('a tool that %s since it said where it wants notices is sent none', async (_what, changes) => {
  const { toolId, ...before } = await database.withHub((tx) => getTool(tx, other.toolId));
  const change = (to: Parameters<typeof updateTool>[2]) =>
    database.withHub((tx) => updateTool(tx, toolId, to, loopbackAllowed, by()));
  await change(changes);
  onTestFinished(async () => {
    const { scopes, targetLinkUri, loginInitiationUrl, redirectUris } = before;
    await change({ scopes, targetLinkUri, loginInitiationUrl, redirectUris });
  });
  world.first.lti.forgetAll();
  await put(toolId);
  await relay(() => Promise.reject(new TypeError('nothing is sent')));
  expect(await rows(toolId)).toEqual([{ state: 'dead', tries: 1, failure: 'handler_gone' }]);
});

test('a school that is paused sends nothing until it is on again', async () => {
  await put(sample.toolId);
  await superuser.query("update tenant set status = 'paused' where tenant_id = $1", [tenantId]);
  onTestFinished(async () => {
    await superuser.query("update tenant set status = 'active'");
  });
  world.first.lti.forgetAll();
  await relay(() => Promise.reject(new TypeError('nothing is sent')));
  expect(await rows()).toEqual([{ state: 'waiting', tries: 1, failure: 'tenant_paused' }]);
});

test('an LMS that refused for good is asked again a day later, when its launches still offer notices', async () => {
  const serviceUrl = 'https://lms.example/notice-handlers/8';
  const source = { connectionId, deploymentId, serviceUrl, noticeTypes: [type] };
  const note = () =>
    database.withTenant(tenantId, (tx) => noteSource(tx, source, new Date(world.clock.now())));
  const state = async () => (await superuser.query('select state from lti_notice_source')).rows;
  await note();
  await superuser.query("update lti_notice_source set state = 'dead', due_at = null");
  await note();
  expect(await state()).toEqual([{ state: 'dead' }]);
  world.clock.advance(86_400_001);
  await note();
  expect(await state()).toEqual([{ state: 'waiting' }]);
  await work();
  expect(fakeLms.handlers).toMatchObject([{ serviceUrl, type }]);
  expect(await state()).toEqual([{ state: 'registered' }]);
});
