import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import { claim } from '../../../src/lti/claims.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { registerTool } from '../../../src/tools/tools.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { launchSentOn } from '../../support/launch-rows.ts';
import { loopbackAllowed } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const toolUrl = new URL(world.tool.targetLinkUri).origin;
const quiz = await database.withHub((tx) =>
  registerTool(
    tx,
    {
      slug: 'quiz-tool',
      name: 'Quiz tool',
      loginInitiationUrl: `${toolUrl}/login`,
      targetLinkUri: `${toolUrl}/quiz`,
      redirectUris: [`${toolUrl}/launch`],
    },
    loopbackAllowed,
    by(),
  ),
);
await database.withTenant(world.tenants.northside.tenantId, (tx) =>
  enableToolWithPolicy(tx, { toolId: quiz.toolId }, by()),
);
world.first.lti.forgetAll();

const lms = 'https://lms.example/courses/7';

/** Launches a link of the course that the LMS has pointed at a tool. */
async function launch(slug: string, link: string, lineitem: string) {
  const changes = {
    [ltiClaim('target_link_uri')]: `${world.hubUrl}/t/northside/open/${slug}`,
    [claim.agsEndpoint]: { scope: [agsScope.score], lineitem },
    [ltiClaim('resource_link')]: { id: link, title: 'Quiz' },
    [ltiClaim('context')]: { id: 'course', title: 'Course' },
  };
  const tampering = { claims: (claims: Record<string, unknown>) => ({ ...claims, ...changes }) };
  return launchSentOn(testDatabase, await postLaunch(world, await answerLogin(world, { tampering })));
}

/** What each tool's record of a line item says. */
async function statuses(lmsUrl: string) {
  const { rows } = await superuser.query(
    'select t.slug, i.status from line_item i join tool t using (tool_id) where lms_url = $1',
    [lmsUrl],
  );
  return Object.fromEntries(rows.map((row) => [row.slug, row.status]));
}

test('a line item goes with its link to another tool, and comes back with it', async () => {
  const url = `${lms}/items/1`;
  await launch('sample-tool', 'moved', url);
  expect(await statuses(url)).toEqual({ 'sample-tool': 'active' });
  await launch('quiz-tool', 'moved', url);
  expect(await statuses(url)).toEqual({ 'sample-tool': 'deleted', 'quiz-tool': 'active' });
  await launch('sample-tool', 'moved', url);
  expect(await statuses(url)).toEqual({ 'sample-tool': 'active', 'quiz-tool': 'deleted' });
});

test('one line item behind links of two tools is each one’s', async () => {
  const url = `${lms}/items/2`;
  await launch('sample-tool', 'shared-1', url);
  await launch('quiz-tool', 'shared-2', url);
  expect(await statuses(url)).toEqual({ 'sample-tool': 'active', 'quiz-tool': 'active' });
});

test('the other line items of a tool stay its own', async () => {
  const [own, moving] = [`${lms}/items/3`, `${lms}/items/4`];
  await launch('sample-tool', 'stays', own);
  await launch('sample-tool', 'moves', moving);
  await launch('quiz-tool', 'moves', moving);
  expect(await statuses(own)).toEqual({ 'sample-tool': 'active' });
});
