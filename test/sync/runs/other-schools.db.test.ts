import { expect, test } from 'vitest';
import { approveRun, updateRoster } from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type Roster, schoolOf } from './sync-world.ts';

const testDatabase = await createTestDatabase();

/** Ten pupils in one school and eight in another. */
function twoSchools(): Required<Pick<Roster, 'orgs' | 'courses' | 'users'>> {
  const { orgs = [], courses = [], users = [] } = schoolOf(10);
  const others = (schoolOf(8, 100).users ?? []).map((user) => ({ ...user, primaryOrgSourcedId: 's2' }));
  return {
    orgs: [...orgs, { sourcedId: 's2', name: 'South', type: 'school' }],
    courses,
    users: [...users, ...others],
  };
}

test.each([
  ['more', ['s1'], null],
  ['less', null, ['s1']],
])('a run of changes in between does not let %s be shared without a word', async (slug, before, after) => {
  const world = await createSyncWorld(testDatabase, slug, { roster: { schools: before } });
  const { sis, tenantId, connectionId } = world;
  sis.roster = twoSchools();
  expect(await world.sync()).toMatchObject({ state: 'applied' });
  const people = await world.ids('users');

  await updateRoster(world.deps, tenantId, connectionId, { schools: after }, world.by());
  sis.roster = {};
  expect(await world.sync({ mode: 'delta' })).toMatchObject({ mode: 'delta', state: 'applied', holds: [] });

  sis.roster = twoSchools();
  const held = await world.sync();
  expect(held).toMatchObject({ mode: 'full', state: 'held', reason: 'sharing_changed' });
  expect(await world.ids('users')).toEqual(people);

  await approveRun(world.deps, tenantId, held.runId, world.by());
  await world.work(held.runId);
  expect(await world.ids('users')).not.toEqual(people);
  // Once agreed to it is what there was.
  sis.roster.users?.pop();
  expect(await world.sync()).toMatchObject({ state: 'applied' });
});
