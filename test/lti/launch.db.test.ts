import { expect, test } from 'vitest';
import { readFact } from '../demo/support/user-agent.ts';
import { createTestDatabase } from '../support/database.ts';
import { startHubWorld } from '../support/hub.ts';
import { answerLogin, openTool, postLaunch } from '../support/launch.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);

test('a pupil clicks a link in the LMS and stands in the tool', async () => {
  const answered = await answerLogin(world);
  const launched = await postLaunch(world, answered);
  expect(launched.status).toBe(303);
  const page = await openTool(world, launched, answered.cookies);
  expect(page.status).toBe(200);
  expect(readFact(page.body, 'deployment')).not.toBe('');
});
