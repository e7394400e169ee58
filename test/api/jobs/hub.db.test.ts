import { expect, test } from 'vitest';
import { z } from 'zod';
import { migrateJobs } from '../../../src/platform/jobs/migrate-jobs.ts';
import { defineQueue } from '../../../src/platform/jobs/queue.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const greet = defineQueue({ name: 'greet', payload: z.object({}) });
const sweep = defineQueue({ name: 'sweep', payload: z.object({}), schedule: '5 3 * * *' });
await migrateJobs(testDatabase.url, [greet, sweep]);
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();

test('queues are counted as they are now', async () => {
  for (const [state, startAfter] of [
    ['created', '-1 hour'],
    ['retry', '-5 minutes'],
    ['created', '1 hour'],
    ['active', '0'],
    ['failed', '0'],
    ['completed', '0'],
  ]) {
    await superuser.query(
      `insert into pgboss.job (name, state, start_after, completed_on, policy)
       values ('greet', $1::pgboss.job_state, now() + $2::interval,
         case when $1 in ('failed', 'completed') then now() end, 'standard')`,
      [state, startAfter],
    );
  }
  const { call } = await world.open();
  const { queues } = (await call('listQueues', { token })).body;
  expect(queues).toMatchObject([
    {
      ...{ queue: 'greet', schedule: null, waiting: 2, later: 1, active: 1, failed: 1 },
      ...{ lastDoneAt: expect.any(String), lastFailedAt: expect.any(String) },
    },
    { queue: 'sweep', schedule: '5 3 * * *', waiting: 0, oldestWaiting: null },
  ]);
  const waited = Date.now() - Date.parse(queues[0].oldestWaiting);
  expect(Math.round(waited / 60_000)).toBe(60);
});

test('signing keys are listed without their private halves, rotated and revoked, each on record', async () => {
  const { call } = await world.open();
  const made = (await call('rotateKeys', { token, body: { immediately: true, reason: 'Yearly' } })).body;
  expect(made.changes).toContainEqual({ kid: expect.any(String), from: null, to: 'signing' });
  const listed = await call('listKeys', { token });
  expect(listed.text).not.toMatch(/private|sealed|"d":/);
  const { kid } = listed.body.keys[0];
  const revoked = (await call('revokeKey', { token, params: { kid }, body: { reason: 'Leaked' } })).body;
  expect(revoked.changes).toContainEqual({ kid, from: 'signing', to: 'revoked' });
  const { events } = (await call('listHubAudit', { token, query: { subject: kid } })).body;
  expect(events[0]).toMatchObject({ action: 'signing_key.revoked', values: { reason: 'Leaked' } });
  const unknown = await call('revokeKey', { token, params: { kid: 'nothing' } });
  expect(unknown).toMatchObject({ status: 404, body: { code: 'signing_key_not_found' } });
});

test('settings are shown as they were given', async () => {
  const { call } = await world.open();
  expect((await call('showSettings', { token })).body).toEqual({ version: '1.2.3', settings: [] });
});
