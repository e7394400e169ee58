import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { startAgsWorld } from './support/ags-world.ts';

const testDatabase = await createTestDatabase();
const world = await startAgsWorld(testDatabase, { limit: { perSecond: 0.5, burst: 2 } });
const { call, pathOf, clock } = world;
const { course: north } = await world.addSchool('north');
const { course: south } = await world.addSchool('south');

test('past its limit a tool is told 429 and when to come back; other tools and schools go on', async () => {
  expect((await call(pathOf(north), { token: 'none' })).headers.get('ratelimit')).toBeNull();
  const first = await call(pathOf(north));
  expect([first.status, first.headers.get('ratelimit')]).toEqual([200, '"tool";r=1;t=0']);
  expect(first.headers.get('ratelimit-policy')).toBe('"tool";q=2;w=4');
  await call(pathOf(north));
  const { status, json, headers } = await call(pathOf(north));
  expect([status, json.code, headers.get('retry-after')]).toEqual([429, 'too_many_requests', '2']);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect((await call(pathOf(north, `/${crypto.randomUUID()}/scores`), { method: 'POST' })).status).toBe(429);
  expect((await call(pathOf(south))).status).toBe(200);
  expect((await call(pathOf(north), { tool: world.otherTool })).headers.get('ratelimit')).toBe(
    '"tool";r=1;t=0',
  );
  clock.advance(2_000);
  expect((await call(pathOf(north))).status).toBe(200);
});
