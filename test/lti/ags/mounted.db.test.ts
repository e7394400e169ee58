import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { createLoopbackFetch } from '../../../src/demo/loopback-fetch.ts';
import { claim } from '../../../src/lti/claims.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);

test('what a launch tells a tool is all it needs to send a score for who was launched', async () => {
  const endpoint = {
    scope: [agsScope.score],
    lineitems: 'https://lms.example/items',
    lineitem: 'https://lms.example/items/1?type_id=2',
  };
  const tampering = {
    claims: (claims: Record<string, unknown>) => ({ ...claims, [claim.agsEndpoint]: endpoint }),
  };
  const told = await claimsToldTo(world, { tampering });
  const { scope, lineitem } = told[claim.agsEndpoint] as { scope: string[]; lineitem: string };
  const { toolId, clientId } = world.tool;
  const { token } = await world.first.lti.accessTokens.issue({
    toolId,
    clientId,
    scopes: scope,
    deploymentId: String(told[claim.deploymentId]),
  });
  const reply = await createLoopbackFetch()(`${lineitem}/scores`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/vnd.ims.lis.v1.score+json' },
    body: JSON.stringify({
      userId: told.sub,
      scoreGiven: 0,
      scoreMaximum: 1,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      timestamp: '2026-03-01T08:15:30.123Z',
    }),
  });
  expect(reply.status).toBe(200);
  const { rows } = await testDatabase.superuser.query(
    'select d.state, i.lms_url from grade_delivery d join line_item i using (tenant_id, line_item_id)',
  );
  expect(rows).toEqual([{ state: 'pending', lms_url: endpoint.lineitem }]);
});
