import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, type Given, smallRoster } from './world.ts';

const database = await createTestDatabase();
const nothing = { created: 0, changed: 0, removed: 0, restored: 0 };

test('an id with white space around it is the id without, whatever is said of its row', async () => {
  const school = await createSchool(database, 'padded');
  await school.sync(smallRoster());
  const padded = (row: Given | undefined, more: Given = {}): Given => ({
    ...row,
    sourcedId: ` ${row?.sourcedId as string} `,
    ...more,
  });
  const [ada, ben] = smallRoster().users;
  const again = await school.sync({ ...smallRoster(), users: [padded(ada), ben ?? {}] });
  expect(again.applied).toEqual(nothing);
  const twice = await school.planned({
    ...smallRoster(),
    users: [padded(ada), { ...ada, email: 'x@y.org' }, ben ?? {}],
  });
  expect(twice.plan.samples).toEqual([{ entity: 'users', action: 'change', sourcedIds: ['u1'] }]);
  expect(await school.listFindings(twice.run)).toMatchObject([
    { code: 'sourced_id_twice', sourcedId: 'u1', line: 2 },
  ]);
  await school.end(twice.run);
  const gone = await school.sync(
    { results: [padded(smallRoster().results[0], { status: ' ToBeDeleted ' })] },
    { mode: 'delta', deletes: 'explicit' },
  );
  expect(gone.applied).toEqual({ ...nothing, removed: 1 });
});

test('tabs and no-break spaces are cut off ids as they are off references to them', async () => {
  const school = await createSchool(database, 'tabbed');
  const tabbed = smallRoster();
  Object.assign(tabbed.users[0] as Given, { sourcedId: 'u1\t' });
  Object.assign(tabbed.users[1] as Given, { sourcedId: '\u00a0u2' });
  Object.assign(tabbed.enrollments[1] as Given, { userSourcedId: 'u2\t' });
  await school.sync(tabbed);
  expect([await school.ids('users'), await school.ids('enrollments')]).toEqual([
    ['u1', 'u2'],
    ['e1', 'e2'],
  ]);
  expect((await school.sync(smallRoster())).applied).toEqual(nothing);
  expect((await school.sync(tabbed)).applied).toEqual(nothing);
});
