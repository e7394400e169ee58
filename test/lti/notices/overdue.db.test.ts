import { expect, test } from 'vitest';
import { noticeWorkers } from '../../../src/lti/notices/jobs.ts';
import { insertNotice } from '../../../src/lti/notices/notice-store.ts';
import { giveUpOverdue } from '../../../src/lti/notices/overdue-store.ts';
import { hashSecret, newSecret } from '../../../src/platform/handle.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startNoticeWorld } from './support.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const { world, tenantId } = await startNoticeWorld(testDatabase);
const { toolId } = world.tool;
const dayMs = 86_400_000;

/** A notice made and due so many days ago. */
async function put(owner: typeof tenantId, made: number, due: number): Promise<void> {
  const at = (days: number) => new Date(world.clock.now() - days * dayMs);
  const notice = {
    toolId,
    source: undefined,
    type: 'LtiHelloWorldNotice',
    content: {},
    occurredAt: at(made),
  };
  const sourceHash = hashSecret(newSecret());
  await database.withTenant(owner, (tx) => insertNotice(tx, { ...notice, sourceHash }, at(made)));
  await superuser.query('update lti_notice set due_at = $1 where source_hash = $2', [at(due), sourceHash]);
}

const states = async () =>
  (await superuser.query('select state, failure from lti_notice order by notice_id')).rows.map(
    ({ state, failure }) => `${state} ${failure}`,
  );

test('a notice whose turn has not come for a day is dead after a week, and counted as its tool’s failure', async () => {
  await put(tenantId, 9, 2);
  await put(tenantId, 8, 0.5);
  await put(tenantId, 3, 2);
  const [, daily] = noticeWorkers(world.first.lti.noticeWork);
  await daily!.run({}, { jobId: 'test', signal: new AbortController().signal });
  expect(await states()).toEqual(['dead overdue', 'waiting null', 'waiting null']);
  expect(world.first.calls).toMatchObject([
    { kind: 'webhook', outcome: 'failed_partner', reason: 'overdue', tenantId, toolId },
  ]);
});

test('one tenant gives up no notice of another', async () => {
  await put(tenantId, 9, 2);
  const before = await states();
  const now = new Date(world.clock.now());
  const which = { madeBefore: now, dueBefore: now, now, most: 10 };
  const other = world.tenants.riverbend.tenantId;
  expect(await database.withTenant(other, (tx) => giveUpOverdue(tx, which))).toEqual([]);
  expect(await states()).toEqual(before);
});
