import { expect, test } from 'vitest';
import { setLegacyKey } from '../../../src/lti/legacy/keys.ts';
import {
  authenticationRequest,
  claimsToldTo,
  reachTool,
  readPosted,
  sendAuthorize,
} from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);

test('a fault of the hub behind the hint leaves no launch that counts as opened', async () => {
  const key = { holder: 'tool', holderId: world.tool.toolId, consumerKey: 'key', secret: 'secret' } as const;
  await database.withTenant(world.tenants.northside.tenantId, (tx) =>
    setLegacyKey(tx, world.secrets, key, by()),
  );
  await claimsToldTo(world);
  await superuser.query(`update lti_legacy_key set sealed_secret = 'cannot be opened'`);
  const login = await reachTool(world);
  const answer = await sendAuthorize(world, authenticationRequest(world, login), login);
  expect(answer.status).toBe(500);
  expect(() => readPosted(answer)).toThrow();
  const { rows } = await superuser.query('select state, outcome, reason from launch order by launch_id');
  expect(rows).toEqual([
    { state: 'opened', outcome: 'success', reason: null },
    { state: 'refused', outcome: 'failed_hub', reason: 'internal' },
  ]);
});
