import { expect, test } from 'vitest';
import { groupScope } from '../../../contracts/scopes.ts';
import { claim } from '../../../src/lti/claims.ts';
import { claimsToldTo } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const groups = {
  scope: [groupScope],
  context_groups_url: 'https://lms.example/7/groups',
  context_group_sets_url: 'https://lms.example/7/sets',
  service_versions: ['1.0'],
};
const told = async (given: unknown) =>
  claimsToldTo(world, {
    tampering: { claims: (claims: Record<string, unknown>) => ({ ...claims, [claim.groupsService]: given }) },
  });
const kept = async () =>
  (await testDatabase.superuser.query('select groups_url, group_sets_url from lti_context')).rows;

test('a launch opens the groups at the hub’s own address, and the hub remembers the LMS’s', async () => {
  const claims = await told(groups);
  const { id } = claims[claim.context] as { id: string };
  const root = `${world.hubUrl}/t/northside/groups/${id}`;
  expect(claims[claim.groupsService]).toEqual({
    scope: [groupScope],
    context_groups_url: `${root}/groups`,
    context_group_sets_url: `${root}/sets`,
    service_versions: ['1.0'],
  });
  expect(await kept()).toEqual([
    { groups_url: groups.context_groups_url, group_sets_url: groups.context_group_sets_url },
  ]);
});

test('an address that changes is remembered, one that is left out is not forgotten', async () => {
  const moved = {
    ...groups,
    context_groups_url: 'https://lms.example/7/moved',
    context_group_sets_url: undefined,
  };
  expect((await told(moved))[claim.groupsService]).not.toHaveProperty('context_group_sets_url');
  await told(undefined);
  expect(await kept()).toEqual([
    { groups_url: moved.context_groups_url, group_sets_url: groups.context_group_sets_url },
  ]);
});

test.each([undefined, null, {}, { context_groups_url: 'javascript:x' }, { context_groups_url: 7 }, []])(
  'where the LMS opens nothing that can be called there is no claim: %j',
  async (given) => {
    expect(await told(given)).not.toHaveProperty(claim.groupsService);
  },
);
