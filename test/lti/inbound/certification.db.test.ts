import { expect, test } from 'vitest';
import { knownBadLaunches } from '../../../src/demo/lms/tampering.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, openTool, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchSentOn, openLogins } from '../../support/launch-rows.ts';
import { launchesOf, people } from './accepted-launches.ts';
import { brokenRules } from './broken-rules.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { tenantId } = world.tenants.northside;

async function countHints(): Promise<number> {
  const { rows } = await testDatabase.superuser.query('select count(*)::int as count from lti_hint');
  return rows[0].count;
}

test('of every launch that is refused the rule it breaks is known', () => {
  expect(Object.keys(brokenRules).sort()).toEqual(Object.keys(knownBadLaunches).sort());
});

test.each(Object.entries(knownBadLaunches))('a launch is refused: %s', async (name, tampering) => {
  const answered = await answerLogin(world, { tampering });
  const hints = await countHints();
  const refused = await postLaunch(world, answered);
  await expectRefused(testDatabase, refused, brokenRules[name]!, tenantId);
  expect(await openLogins(testDatabase, answered)).toBe(0);
  expect(await countHints()).toBe(hints);
});

test('a login that a bad token used up takes no good token after it', async () => {
  const answered = await answerLogin(world);
  await postLaunch(world, answered, { fields: { id_token: 'not.a.token' } });
  await expectRefused(testDatabase, await postLaunch(world, answered), 'state_unknown', tenantId);
});

test.each(launchesOf(people))('a launch of $who opens the tool: $name', async ({ person, tampering }) => {
  const answered = await answerLogin(world, { person, tampering });
  const launched = await postLaunch(world, answered);
  const row = await launchSentOn(testDatabase, launched);
  expect(row).toMatchObject({ tenant_id: tenantId, state: 'started', reason: null, binding: 'cookie' });
  expect(row.trace.warnings).toEqual([]);
  expect((await openTool(world, launched, answered.cookies)).status).toBe(200);
  const { rows } = await testDatabase.superuser.query(
    'select state, outcome from launch where launch_id = $1',
    [row.launch_id],
  );
  expect(rows).toEqual([{ state: 'opened', outcome: 'success' }]);
  expect(await openLogins(testDatabase, answered)).toBe(0);
});
