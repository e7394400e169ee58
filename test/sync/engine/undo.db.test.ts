import { expect, test } from 'vitest';
import { clearOverride, overrideField } from '../../../src/sync/sources/overrides.ts';
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

test('a run whose rows those of a later run refer to is not undone before that one', async () => {
  const later = {
    user: (roster: ReturnType<typeof smallRoster>) => {
      roster.enrollments.push({ ...roster.enrollments[1], sourcedId: 'e3' });
    },
    agent: (roster: ReturnType<typeof smallRoster>) => {
      roster.users.push({ ...roster.users[0], sourcedId: 'u3', agentSourcedIds: 'u1,u2' });
    },
  };
  for (const [name, add] of Object.entries(later)) {
    const school = await createSchool(database, `undo-below-${name}`);
    const first = await school.sync(smallRoster());
    const roster = smallRoster();
    add(roster);
    const second = await school.sync(roster);
    await expect(school.engine.undo(first.run, new Date())).rejects.toMatchObject({ code: 'run_overtaken' });
    expect(await school.ids('users')).toContain('u2');
    await school.engine.undo(second.run, new Date());
    expect(await school.engine.undo(first.run, new Date())).toMatchObject({ removed: 17 });
  }
});

test('a run beside which a later one brought rows of their own is undone', async () => {
  const school = await createSchool(database, 'undo-beside');
  const first = await school.sync(smallRoster());
  await school.sync({
    ...smallRoster(),
    categories: [...smallRoster().categories, { sourcedId: 'g2', title: 'Tests' }],
  });
  await school.engine.undo(first.run, new Date());
  expect([await school.ids('users'), await school.ids('categories')]).toEqual([[], ['g2']]);
});

test('the first run undone leaves nobody, and the next one brings all back', async () => {
  const school = await createSchool(database, 'undo-first');
  const { run } = await school.sync(smallRoster());
  expect(await school.engine.undo(run, new Date())).toMatchObject({ removed: 17 });
  expect(await school.ids('users')).toEqual([]);
  expect((await school.sync(smallRoster())).applied).toMatchObject({ created: 0, restored: 17 });
});

test('what is set by hand after a run outlives its undoing, and what is given up after it does not come back', async () => {
  const school = await createSchool(database, 'undo-by-hand');
  const { tenantId, connectionId } = school;
  const deps = { db: database.database };
  const by = { actor: 'test', now: Date.now() };
  const email = (sourcedId: string) => ({ entity: 'users' as const, sourcedId, column: 'email' });
  const set = (sourcedId: string, value: string) =>
    overrideField(deps, tenantId, connectionId, { ...email(sourcedId), value }, by);
  const seen = async () => (await school.rows('users')).map((row) => `${row.given_name} ${row.email}`);
  await school.sync(smallRoster());
  await set('u2', 'given-up@example.org');
  const changed = smallRoster();
  for (const user of changed.users) user.givenName = 'Changed';
  const { run } = await school.sync(changed);
  await set('u1', 'by-hand@example.org');
  await clearOverride(deps, tenantId, connectionId, email('u2'), by);
  await school.engine.undo(run, new Date());
  expect(await seen()).toEqual(['Ada by-hand@example.org', 'Ben given-up@example.org']);
  await school.sync(smallRoster());
  expect(await seen()).toEqual(['Ada by-hand@example.org', 'Ben ben@example.org']);
  await clearOverride(deps, tenantId, connectionId, email('u1'), by);
  await school.sync(smallRoster());
  expect(await seen()).toEqual(['Ada ada@example.org', 'Ben ben@example.org']);
});
