import { expect, test } from 'vitest';
import { agsScopes, membershipScope } from '../../../contracts/scopes.ts';
import { inviteTool, listInvitations } from '../../../src/lti/registration/invitations.ts';
import { toolRegistrationLink } from '../../../src/lti/registration/links.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { getToolBySlug } from '../../../src/tools/tools.ts';
import { send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { openSession, readFacts } from './launch.ts';
import { startStrangeLtijs, worldWithLtijs } from './peer.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase, { world: worldWithLtijs });
const { origin } = await startStrangeLtijs();

/** An operator opens ltijs's own registration address, with what the hub adds to it. */
async function register(slug: string) {
  const input = { slug, presentation: 'redirect' } as const;
  const { token } = await database.withHub((tx) => inviteTool(tx, input, by()));
  return { token, answer: await send(toolRegistrationLink(world.hubUrl, `${origin}/register`, token)) };
}

test('ltijs registers itself at the hub and is launched', async () => {
  const { token, answer } = await register('ltijs');
  expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('org.imsglobal.lti.close')]);
  const tool = await database.withHub((tx) => getToolBySlug(tx, 'ltijs'));
  expect(tool).toMatchObject({
    name: 'Made with ltijs',
    loginInitiationUrl: `${origin}/login`,
    jwksUrl: `${origin}/keys`,
    presentation: 'redirect',
  });
  expect(tool.scopes.toSorted()).toEqual([...agsScopes, membershipScope].toSorted());
  await database.withTenant(world.tenants.northside.tenantId, (tx) =>
    enableToolWithPolicy(tx, { toolId: tool.toolId, template: 'names_and_email' }, by()),
  );
  // As the announcement of the change would, which these copies do not listen for.
  world.first.lti.forgetAll();
  const facts = await readFacts(await openSession(world, 'ns-nwosu', 'northside'));
  expect(facts).toMatchObject({ name: 'Amara Nwosu', course: 'Biology 9, Section B' });

  const again = await send(toolRegistrationLink(world.hubUrl, `${origin}/register`, token));
  expect(again.status).toBe(500);
  const [invitation] = await database.withHub((tx) => listInvitations(tx, 'tool'));
  expect(invitation).toMatchObject({ madeId: tool.toolId, attempts: 1, tries: [{ outcome: 'success' }] });
});
