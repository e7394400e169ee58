import { expect, test } from 'vitest';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { openIncident } from '../support/health-work-rows.ts';

const testDatabase = await createTestDatabase();
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();
const now = world.clock.now();

const item = (externalId: string, minutes: number, integration = 'existing') => ({
  ...{ externalId, integration, partner: 'canvas', minutes },
  doneAt: new Date(now - 86_400_000).toISOString(),
});

test('work that is handed over, one by one or as a list, is the share that only keeps integrations going', async () => {
  const { call } = await world.open();
  const items = [item('A-1', 60), item('A-2', 30, 'new')];
  expect((await call('addWork', { token, body: { items } })).body).toEqual({ count: 2 });
  // What is known by its id is replaced.
  await call('addWork', { token, body: { items: [item('A-1', 90)] } });
  const list = 'id,integration,partner,minutes,done\r\nB-1,existing,,60,2026-11-18\r\n';
  const imported = await call('importWork', { token, body: Buffer.from(list) });
  expect(imported.body).toEqual({ count: 1 });
  const { month, toil } = (await call('showBurden', { token })).body;
  expect(month.total).toEqual({ existing: 150, created: 30, share: 150 / 180 });
  expect(month.partners).toContainEqual({ partner: 'canvas', existing: 90, created: 30, share: 0.75 });
  expect(month.partners).toContainEqual({ partner: null, existing: 60, created: 0, share: 1 });
  expect(toil).toEqual([]);
  const wrong = await call('importWork', { token, body: Buffer.from('id,minutes\r\n1,2\r\n') });
  expect(wrong).toMatchObject({ status: 400, body: { code: 'work_list_invalid' } });
  expect((await call('listWorkSources', { token })).body.sources).toEqual([]);
});

test('what the hub makes people do is counted by partner and month', async () => {
  const { call } = await world.open();
  await openIncident(testDatabase.database, HUB_TENANT, now - 3_600_000);
  const { toil } = (await call('showBurden', { token, query: { months: '1' } })).body;
  expect(toil).toContainEqual({
    month: expect.stringMatching(/^2026-11-01/),
    partner: 'canvas',
    kind: 'incidents',
    count: 1,
  });
});
