import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, type Given, hooks, pageOf, type Roster, smallRoster, untilDone } from './world.ts';

const database = await createTestDatabase();
const { superuser } = database;
const nothing = { created: 0, changed: 0, removed: 0, restored: 0 };

const user = (sourcedId: string, more: Given = {}): Given => ({
  sourcedId,
  enabledUser: 'true',
  username: sourcedId,
  givenName: 'Cleo',
  familyName: 'Diaz',
  primaryOrgSourcedId: 's1',
  ...more,
});

test('what a full read has no more is removed softly, and can come back', async () => {
  const school = await createSchool(database, 'comes-back');
  await school.sync(smallRoster());
  const without = { ...smallRoster(), results: [], lineItems: [] };
  const second = await school.sync(without);
  expect(second.applied).toEqual({ ...nothing, removed: 2 });
  expect(await school.ids('results')).toEqual([]);
  expect(await school.rows('results', true)).toMatchObject([
    { sourced_id: 'm1', changed_run: 2, created_run: 1 },
  ]);
  const third = await school.sync(smallRoster());
  expect(third.applied).toEqual({ ...nothing, restored: 2 });
  expect(third.plan.samples).toContainEqual({ entity: 'results', action: 'restore', sourcedIds: ['m1'] });
  expect(await school.rows('results')).toMatchObject([{ removed_at: null, changed_run: 3, created_run: 1 }]);
});

test('nothing is removed by absence without a seal, with a count that disagrees, or where absence tells nothing', async () => {
  const school = await createSchool(database, 'kept');
  await school.sync(smallRoster());
  const without: Roster = { ...smallRoster(), results: [] };
  const unsealed = await school.planned(without, {}, new Map());
  expect(unsealed.plan.sealed).toEqual([]);
  expect(unsealed.plan.counts.filter(({ removed }) => removed > 0)).toEqual([]);
  const wrong = new Map([['results' as const, { kind: 'seal' as const, expected: 1, state: undefined }]]);
  const disagreeing = await school.planned(without, {}, wrong);
  expect(disagreeing.plan.sealed).toEqual([]);
  expect(await school.listFindings(disagreeing.run)).toContainEqual(
    expect.objectContaining({ code: 'count_disagrees', entity: 'results', count: 1 }),
  );
  expect((await school.sync(without, { deletes: 'none' })).applied).toEqual(nothing);
  expect((await school.sync(without, { deletes: 'explicit' })).applied).toEqual(nothing);
});

test('a page that came twice does not hide a row that never came', async () => {
  const school = await createSchool(database, 'paged-twice');
  await school.sync(smallRoster());
  const [first] = smallRoster().users;
  const run = await school.request({ entities: ['users'] });
  await school.engine.begin(run);
  async function* source() {
    yield pageOf('users', [first!], { first: 1 });
    yield pageOf('users', [first!], { first: 2 });
    yield { kind: 'seal' as const, expected: 2, state: undefined };
  }
  const { rows, seal } = await school.engine.load(run, 'users', source(), hooks());
  expect(rows).toBe(2);
  const seals = new Map([['users' as const, seal!]]);
  await school.engine.validate(run, seals, untilDone());
  expect((await school.engine.plan(run, seals, untilDone())).sealed).toEqual([]);
});

test('a delta brings what it holds, removes what it says, and leaves the rest', async () => {
  const school = await createSchool(database, 'delta');
  await school.sync(smallRoster());
  const { applied, plan } = await school.sync(
    {
      users: [
        user('u3', { status: 'active', dateLastModified: '2026-09-01T00:00:00Z' }),
        { ...smallRoster().users[1], status: 'active', givenName: 'Benjamin' },
      ],
      results: [
        { sourcedId: 'm1', status: 'tobedeleted' },
        { sourcedId: 'unknown', status: 'tobedeleted' },
      ],
    },
    { mode: 'delta', deletes: 'explicit' },
  );
  expect(applied).toEqual({ created: 1, changed: 1, removed: 1, restored: 0 });
  expect(plan.sealed).toEqual([]);
  expect(await school.ids('users')).toEqual(['u1', 'u2', 'u3']);
  expect(await school.ids('results')).toEqual([]);
  expect(await school.ids('enrollments')).toEqual(['e1', 'e2']);
});

test('of several changes of a row in one delta the last decides whether it is there', async () => {
  const school = await createSchool(database, 'delta-twice');
  await school.sync(smallRoster());
  const [, ben] = smallRoster().users;
  await school.sync(
    {
      users: [
        { ...ben, status: 'tobedeleted', dateLastModified: '2026-09-01T00:00:00Z' },
        { ...ben, status: 'active', dateLastModified: '2026-09-02T00:00:00Z' },
        user('u5', { status: 'active', dateLastModified: '2026-09-01T00:00:00Z' }),
        user('u5', { status: 'tobedeleted', dateLastModified: '2026-09-02T00:00:00Z' }),
        {
          ...smallRoster().users[0],
          status: 'active',
          email: 'x@example.org',
          dateLastModified: '2026-09-01T00:00:00Z',
        },
        { ...smallRoster().users[0], status: 'tobedeleted', dateLastModified: '2026-09-02T00:00:00Z' },
      ],
    },
    { mode: 'delta', deletes: 'explicit' },
  );
  expect(await school.ids('users')).toEqual(['u2']);
});

test('a change of how rows are read changes no row that says the same', async () => {
  const school = await createSchool(database, 'reading');
  await school.sync(smallRoster());
  const { plan, applied } = await school.sync(smallRoster(), { reading: 'test 2' });
  expect(
    plan.counts.filter(({ created, changed, removed, restored }) => created + changed + removed + restored),
  ).toEqual([]);
  expect(applied).toEqual(nothing);
  expect((await school.rows('users')).map((row) => row.changed_run)).toEqual([1, 1]);
});

test('a reference that was emptied comes back when what it names has come', async () => {
  const school = await createSchool(database, 'mends-itself');
  const roster: Roster = {
    ...smallRoster(),
    users: [...smallRoster().users, user('u3', { agentSourcedIds: 'u4' })],
  };
  await school.sync(roster);
  const later = { ...roster, users: [...(roster.users ?? []), user('u4')] };
  const { applied } = await school.sync(later);
  expect(applied).toEqual({ ...nothing, created: 1, changed: 1 });
  expect((await school.rows('users'))[2]).toMatchObject({ sourced_id: 'u3', agent_sourced_ids: ['u4'] });
  expect((await school.sync(later)).applied).toEqual(nothing);
});

test('only what belongs to the shared schools comes in, and what is shared no more goes', async () => {
  const school = await createSchool(database, 'shared');
  const south = { schoolSourcedId: 's2', orgSourcedId: 's2' };
  const roster = smallRoster();
  roster.courses.push(
    { sourcedId: 'c2', title: 'Art', orgSourcedId: 'd1' },
    { sourcedId: 'c3', title: 'Gym', orgSourcedId: 'd1' },
  );
  roster.classes.push({
    sourcedId: 'k2',
    title: 'Art 1',
    courseSourcedId: 'c2',
    classType: 'scheduled',
    schoolSourcedId: 's2',
    termSourcedIds: 't1',
  });
  roster.users.push(
    user('u3', { primaryOrgSourcedId: 's2', agentSourcedIds: 'u4' }),
    user('u4', { primaryOrgSourcedId: undefined }),
  );
  roster.users.push(user('u5', { primaryOrgSourcedId: undefined }));
  roster.roles.push({
    sourcedId: 'r3',
    userSourcedId: 'u3',
    roleType: 'primary',
    role: 'teacher',
    orgSourcedId: south.orgSourcedId,
  });
  roster.enrollments.push({
    sourcedId: 'e3',
    classSourcedId: 'k2',
    schoolSourcedId: 's2',
    userSourcedId: 'u3',
    role: 'teacher',
  });
  const first = await school.sync(roster, { schools: ['s2'] });
  expect(first.findings).toEqual([]);
  expect(await school.ids('orgs')).toEqual(['d1', 's2']);
  expect(await school.ids('courses')).toEqual(['c2']);
  expect(await school.ids('users')).toEqual(['u3', 'u4']);
  expect([await school.ids('enrollments'), await school.ids('roles'), await school.ids('results')]).toEqual([
    ['e3'],
    ['r3'],
    [],
  ]);
  await school.sync(roster, { schools: ['s1'] });
  expect(await school.ids('enrollments')).toEqual(['e1', 'e2']);
  expect(await school.ids('users')).toEqual(['u1', 'u2']);
  expect(await school.ids('results')).toEqual(['m1']);
});

test('fields set by hand stand above the source, and rows they alone concern are not changed', async () => {
  const school = await createSchool(database, 'by-hand');
  await school.sync(smallRoster());
  await superuser.query(
    `insert into roster_override (tenant_id, connection_id, entity, sourced_id, column_name, value, set_by, set_at)
     values ($1, $2, 'users', 'u1', 'givenName', 'Adele', 'test', now()), ($1, $2, 'classes', 'k1', 'grades', '10,11', 'test', now())`,
    [school.tenantId, school.connectionId],
  );
  const roster = smallRoster();
  Object.assign(roster.users[0]!, { givenName: 'Adriana', familyName: 'Iton' });
  Object.assign(roster.classes[0]!, { title: 'Algebra I' });
  await school.sync(roster);
  expect((await school.rows('users'))[0]).toMatchObject({ given_name: 'Adele', family_name: 'Iton' });
  expect((await school.rows('classes'))[0]).toMatchObject({ title: 'Algebra I', grades: ['10', '11'] });
});

test('a row that is rejected leaves the roster as it was', async () => {
  const school = await createSchool(database, 'rejected');
  await school.sync(smallRoster());
  const roster = smallRoster();
  roster.enrollments[1]!.role = 'visitor';
  const { plan, applied } = await school.sync(roster);
  expect([plan.rejected, applied]).toEqual([1, nothing]);
  expect((await school.rows('enrollments'))[1]).toMatchObject({ role: 'student' });
});

test('the vendor’s own members are kept', async () => {
  const school = await createSchool(database, 'metadata');
  const roster = smallRoster();
  roster.users[0]!.metadata = { 'sis.locker': '12\u0000', nested: { a: 1 } };
  await school.sync(roster);
  expect((await school.rows('users'))[0]!.metadata).toEqual({ 'sis.locker': '12', nested: { a: 1 } });
});

test('removals that wait can follow what was applied without them', async () => {
  const school = await createSchool(database, 'in-part');
  await school.sync(smallRoster());
  const roster: Roster = { ...smallRoster(), results: [] };
  roster.users = [...(roster.users ?? []), user('u3')];
  const { run } = await school.planned(roster);
  const options = { now: new Date(), signal: untilDone() };
  expect(await school.engine.apply(run, { removals: false, ...options })).toEqual({ ...nothing, created: 1 });
  expect(await school.engine.apply(run, { removals: false, ...options })).toEqual({ ...nothing, created: 1 });
  const left = await school.engine.plan(run, new Map(), untilDone());
  const sum = (action: 'created' | 'removed') =>
    left.counts.reduce((total, counts) => total + counts[action], 0);
  expect([sum('created'), sum('removed')]).toEqual([0, 1]);
  expect(await school.engine.apply(run, { removals: true, ...options })).toEqual({
    ...nothing,
    created: 1,
    removed: 1,
  });
  expect(await school.ids('results')).toEqual([]);
});

test('a plan that is made again sees what has changed meanwhile', async () => {
  const school = await createSchool(database, 'overtaken');
  await school.sync(smallRoster());
  const roster = smallRoster();
  roster.users[0]!.givenName = 'Adele';
  const { run, plan } = await school.planned(roster);
  const changed = (counts: typeof plan.counts) => counts.reduce((total, each) => total + each.changed, 0);
  expect(changed(plan.counts)).toBe(1);
  await school.sync(roster);
  expect(changed((await school.engine.plan(run, new Map(), untilDone())).counts)).toBe(0);
});
