import { expect, test } from 'vitest';
import type { TenantId } from '../../../contracts/ids.ts';
import { opaqueId } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import {
  deleteHandler,
  listConcerned,
  listHandlers,
  listWantedTypes,
  saveHandler,
} from '../../../src/lti/notices/handler-store.ts';
import { claimNotice, settleNotice } from '../../../src/lti/notices/notice-store.ts';
import { listNotices, replayNotices } from '../../../src/lti/notices/notices.ts';
import {
  askSourcesAgain,
  claimSource,
  listOfferedTypes,
  noteSource,
  settleSource,
} from '../../../src/lti/notices/source-store.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { startNoticeWorld } from './support.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const notices = await startNoticeWorld(testDatabase);
const { world, fakeTool, work, callAsTool, noticeClaims, post, tenantId, connectionId } = notices;
const handler = `${new URL(world.tool.targetLinkUri).origin}/notices`;
const copies = { notice_type: 'LtiContextCopyNotice', handler };
const serviceUrl = 'https://lms.example/notice-handlers/7';
await claimsToldTo(world);
await callAsTool('PUT', copies);
await database.withTenant(tenantId, (tx) =>
  noteSource(
    tx,
    { connectionId, deploymentId: notices.deploymentId, serviceUrl, noticeTypes: ['LtiContextCopyNotice'] },
    new Date(world.clock.now() + 7 * 86_400_000),
  ),
);
const copyOf = () =>
  world.lms.signIdToken(noticeClaims({ [claim.originContexts]: [opaqueId('course', 'ns-biology-9b')] }));
const rows = async () =>
  (await superuser.query('select state, tries from lti_notice order by notice_id desc limit 1')).rows;

test('one tenant neither lists nor replays the notices of another', async () => {
  await post(await copyOf());
  fakeTool.status = 410;
  await work();
  const { riverbend } = world.tenants;
  await database.withTenant(riverbend.tenantId, async (tx) => {
    expect(await listNotices(tx, { limit: 10 })).toEqual([]);
    expect(await replayNotices(tx, undefined, by())).toBe(0);
  });
  expect(await rows()).toMatchObject([{ state: 'dead' }]);
});

test('one tenant neither takes nor settles the LMSs of another, nor takes its notices or addresses', async () => {
  await post(await copyOf());
  const { riverbend } = world.tenants;
  const now = new Date(world.clock.now() + 86_400_000);
  const lease = { now, until: now };
  const place = { connectionId, deploymentId: notices.deploymentId };
  await superuser.query("update lti_notice_source set due_at = $1, state = 'waiting'", [now]);
  const [{ notice_id }] = (
    await superuser.query('select notice_id from lti_notice order by notice_id desc limit 1')
  ).rows;
  await database.withTenant(riverbend.tenantId, async (tx) => {
    expect(await claimSource(tx, place, lease)).toBeUndefined();
    await settleSource(
      tx,
      { ...place, serviceUrl, until: now },
      { state: 'dead', dueAt: null, failure: 'x', now },
    );
    expect(await claimNotice(tx, notice_id, lease)).toBeUndefined();
    await settleNotice(tx, notice_id, { state: 'dead', dueAt: null, failure: 'x', now });
    expect(await listHandlers(tx, world.tool.toolId)).toEqual([]);
    expect(await listOfferedTypes(tx)).toEqual([]);
    expect(await listWantedTypes(tx)).toEqual([]);
    await askSourcesAgain(tx, [copies.notice_type], { which: 'all', now: new Date(0) });
    await deleteHandler(tx, world.tool.toolId, copies.notice_type);
  });
  expect(await rows()).toMatchObject([{ state: 'waiting', tries: 0 }]);
  expect((await superuser.query('select state, due_at from lti_notice_source')).rows).toEqual([
    { state: 'waiting', due_at: now },
  ]);
  const kept = await database.withTenant(tenantId, (tx) => listHandlers(tx, world.tool.toolId));
  expect(kept).toContainEqual({ type: copies.notice_type, url: handler });
});

test('a notice of one tenant concerns no tool at another, though it wants the same', async () => {
  const lmsContextId = opaqueId('course', 'ns-biology-9b');
  const place = { connectionId, deploymentId: notices.deploymentId, lmsContextId, lmsLinkId: undefined };
  const handlerOf = { type: 'Other', url: handler };
  const concerned = (id: TenantId) =>
    database.withTenant(id, async (tx) => {
      await saveHandler(tx, world.tool.toolId, handlerOf, new Date(world.clock.now()));
      return listConcerned(tx, place, 'Other');
    });
  expect(await concerned(world.tenants.riverbend.tenantId)).toEqual([]);
  expect(await concerned(tenantId)).toMatchObject([{ toolId: world.tool.toolId }]);
});
