import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, smallRoster } from './world.ts';

const database = await createTestDatabase();

function nextYear() {
  const roster = smallRoster();
  roster.users[0]!.givenName = 'Adele';
  roster.classes[0]!.termSourcedIds = 'y1';
  roster.results = [];
  roster.categories.push({ sourcedId: 'g2', title: 'Tests' });
  return roster;
}

test('undoing a run puts rows back, takes back what was new, and can be asked for twice', async () => {
  const school = await createSchool(database, 'undo');
  await school.sync(smallRoster());
  const before = await school.rows('users');
  const { run, applied } = await school.sync(nextYear());
  expect(applied).toEqual({ created: 1, changed: 2, removed: 1, restored: 0 });
  const now = new Date();
  expect(await school.engine.undo(run, now)).toEqual({ created: 0, changed: 2, removed: 1, restored: 1 });
  expect(await school.rows('users')).toEqual(
    before.map((row) => (row.sourced_id === 'u1' ? { ...row, changed_at: now } : row)),
  );
  expect(await school.ids('results')).toEqual(['m1']);
  expect(await school.ids('categories')).toEqual(['g1']);
  expect(await school.engine.undo(run, now)).toEqual({ created: 0, changed: 0, removed: 0, restored: 0 });
  const again = await school.sync(nextYear());
  expect(again.applied).toEqual({ created: 0, changed: 2, removed: 1, restored: 1 });
});

test('a run that a later one has overtaken is not undone', async () => {
  const school = await createSchool(database, 'undo-overtaken');
  await school.sync(smallRoster());
  const second = await school.sync(nextYear());
  const roster = nextYear();
  roster.users[0]!.givenName = 'Adriana';
  const third = await school.sync(roster);
  await expect(school.engine.undo(second.run, new Date())).rejects.toMatchObject({
    kind: 'conflict',
    code: 'run_overtaken',
  });
  expect((await school.rows('users'))[0]).toMatchObject({ given_name: 'Adriana' });
  await school.engine.undo(third.run, new Date());
  await school.engine.undo(second.run, new Date());
  expect((await school.rows('users'))[0]).toMatchObject({ given_name: 'Ada' });
});

test('the first run undone leaves nobody, and the next one brings all back', async () => {
  const school = await createSchool(database, 'undo-first');
  const { run } = await school.sync(smallRoster());
  expect(await school.engine.undo(run, new Date())).toMatchObject({ removed: 17 });
  expect(await school.ids('users')).toEqual([]);
  expect((await school.sync(smallRoster())).applied).toMatchObject({ created: 0, restored: 17 });
});
