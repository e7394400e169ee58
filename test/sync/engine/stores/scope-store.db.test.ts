import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, type Given, smallRoster } from '../world.ts';

const database = await createTestDatabase();

/** The small roster, its first school under another id. */
function renamed(id: string): ReturnType<typeof smallRoster> {
  return JSON.parse(JSON.stringify(smallRoster()).replaceAll('"s1"', JSON.stringify(id)));
}

const referring = ['e1', 'e2', 'r1', 'r2'];

test('white space around what says where a row belongs does not take it out of the shared schools', async () => {
  const school = await createSchool(database, 'padded-scope');
  const roster = smallRoster();
  for (const row of roster.enrollments) row.schoolSourcedId = `s1\t`;
  for (const row of roster.roles)
    Object.assign(row, { orgSourcedId: ' s1', userSourcedId: `${row.userSourcedId} ` });
  for (const row of roster.classes) Object.assign(row, { schoolSourcedId: 's1 ', courseSourcedId: ' c1' });
  for (const row of roster.lineItems) row.classSourcedId = 'k1 ';
  for (const row of roster.results) row.lineItemSourcedId = 'l1 ';
  const changes = { schools: ['s1'] };
  const first = await school.sync(roster, changes);
  const whole = await createSchool(database, 'padded-whole');
  await whole.sync(smallRoster(), changes);
  for (const entity of [
    'courses',
    'classes',
    'users',
    'roles',
    'enrollments',
    'lineItems',
    'results',
  ] as const)
    expect(await school.ids(entity)).toEqual(await whole.ids(entity));
  expect(first.findings.map(({ severity }) => severity)).not.toContain('error');
  expect((await school.sync(smallRoster(), changes)).applied).toMatchObject({ created: 0, removed: 0 });
  expect((await school.sync(roster, changes)).applied).toMatchObject({ removed: 0 });
});

test('a school whose references have lost their zeros is meant where no other is called so', async () => {
  const roster = renamed('0017');
  for (const row of [...roster.enrollments, ...roster.classes]) row.schoolSourcedId = '17';
  for (const row of roster.roles) row.orgSourcedId = '17';
  const school = await createSchool(database, 'zeros-scope');
  await school.sync(roster, { schools: ['0017'] });
  const kept = [...(await school.ids('enrollments')), ...(await school.ids('roles'))];
  expect(kept).toEqual(referring);
  // With changes alone nobody can tell, but what the roster has is not another school's.
  const { orgs: _, ...rest } = roster;
  const { applied } = await school.sync(rest, { schools: ['0017'], mode: 'delta' });
  expect(applied).toMatchObject({ changed: 0, removed: 0 });
  const other = await createSchool(database, 'zeros-other');
  const orgs = [...roster.orgs, { sourcedId: '17', name: 'West', type: 'school' }];
  await other.sync({ ...roster, orgs }, { schools: ['0017'] });
  expect([await other.ids('enrollments'), await other.ids('roles')]).toEqual([[], []]);
});

test('a school whose references have other capitals is meant where no other is called so', async () => {
  const roster = smallRoster();
  for (const row of [...roster.enrollments, ...roster.classes]) row.schoolSourcedId = 'S1';
  for (const row of roster.roles) row.orgSourcedId = 'S1 ';
  const school = await createSchool(database, 'capitals-scope');
  const { findings } = await school.sync(roster, { schools: ['s1'] });
  const kept = [...(await school.ids('enrollments')), ...(await school.ids('roles'))];
  expect(kept).toEqual(referring);
  expect(findings.map(({ severity }) => severity)).not.toContain('error');
  // With changes alone a school of that name may be yet to come: they are told, and not left out as another school's.
  const { orgs: _, ...rest } = roster;
  const changes = await school.sync(rest, { schools: ['s1'], mode: 'delta' });
  const missing = changes.findings.filter(({ code }) => code === 'reference_missing');
  expect(missing.map(({ sourcedId }) => sourcedId)).toEqual(expect.arrayContaining(['k1', ...referring]));
  const other = await createSchool(database, 'capitals-other');
  const orgs = [...roster.orgs, { sourcedId: 'S1', name: 'West', type: 'school' }];
  await other.sync({ ...roster, orgs }, { schools: ['s1'] });
  expect([await other.ids('enrollments'), await other.ids('roles')]).toEqual([[], []]);
  const both = await createSchool(database, 'capitals-both');
  await both.sync({ ...roster, orgs }, { schools: ['s1', 'S1'] });
  expect(await both.ids('classes')).toEqual(['k1']);
});

test.each([
  ['s1', 'S1', 'delta'],
  ['0017', '17', 'delta'],
  ['s1', 'S1', 'full'],
  ['0017', '17', 'full'],
] as const)(
  'without orgs nobody comes of a school called alike that is not shared: %s, %s, %s',
  async (id, alike, mode) => {
    const school = await createSchool(database, `alike-${id}-${mode}`);
    const roster = renamed(id);
    const orgs = [...roster.orgs, { sourcedId: alike, name: 'West', type: 'school' }];
    await school.sync({ ...roster, orgs }, { schools: [id] });
    const west = JSON.parse(JSON.stringify(renamed(alike)).replace(/"([kerulm])([12])"/g, '"$1$29"'));
    const { orgs: _, academicSessions: _y, courses: _c, ...others } = west;
    const { findings } = await school.sync(others, { schools: [id], mode });
    for (const entity of ['users', 'classes', 'enrollments'] as const)
      expect(await school.ids(entity)).not.toContainEqual(expect.stringContaining('9'));
    if (mode === 'delta') expect(findings).toEqual([]);
  },
);

test('a row that names nothing there is is wrong and stays, one that names another school has left', async () => {
  const school = await createSchool(database, 'nowhere');
  await school.sync(smallRoster(), { schools: ['s1'] });
  const roster = smallRoster();
  Object.assign(roster.enrollments[0] as Given, { schoolSourcedId: 'S-1' });
  Object.assign(roster.enrollments[1] as Given, { schoolSourcedId: 's2' });
  Object.assign(roster.roles[0] as Given, { userSourcedId: 'u-1' });
  Object.assign(roster.results[0] as Given, { lineItemSourcedId: 'l-1' });
  const { applied, findings } = await school.sync(roster, { schools: ['s1'] });
  expect(applied).toMatchObject({ removed: 1 });
  expect([await school.ids('enrollments'), await school.ids('roles'), await school.ids('results')]).toEqual([
    ['e1'],
    ['r1', 'r2'],
    ['m1'],
  ]);
  const lost = findings.filter(({ code }) => code.startsWith('reference_')).map(({ sourcedId }) => sourcedId);
  expect(lost).toEqual(expect.arrayContaining(['e1', 'r1', 'm1']));
});

test.each(['full', 'delta'] as const)('a class that another school has now has left: %s', async (mode) => {
  const school = await createSchool(database, `moved-${mode}`);
  await school.sync(smallRoster(), { schools: ['s1'] });
  const roster = smallRoster();
  const orgs = [...roster.orgs, { sourcedId: 's3', name: 'West', type: 'school' }];
  for (const row of [...roster.classes, ...roster.enrollments, ...roster.lineItems])
    row.schoolSourcedId = 's3 ';
  const { findings } = await school.sync({ ...roster, orgs }, { schools: ['s1'], mode });
  expect(findings.map(({ severity }) => severity)).not.toContain('error');
  const left = [await school.ids('classes'), await school.ids('enrollments'), await school.ids('courses')];
  expect(left).toEqual([[], [], ['c1']]);
  // One that names no school there is has not left.
  const other = await createSchool(database, `lost-${mode}`);
  await other.sync(smallRoster(), { schools: ['s1'] });
  await other.sync(roster, { schools: ['s1'], mode });
  expect(await other.ids('classes')).toEqual(['k1']);
});

test('a shared school that the source does not have is told', async () => {
  const school = await createSchool(database, 'unknown-school');
  const { findings } = await school.sync(smallRoster(), { schools: ['S1', 's2'] });
  expect(findings).toMatchObject([{ code: 'shared_school_unknown', severity: 'warning', sourcedId: 'S1' }]);
});

test('who answers for somebody in the shared schools is shared, whatever parts their ids', async () => {
  const { users, ...rest } = smallRoster();
  const parents = ['g1', 'g2'].map((sourcedId) => ({
    ...{ sourcedId, enabledUser: 'true', username: sourcedId },
    ...{ givenName: 'Di', familyName: 'Orr' },
  }));
  for (const [i, agentSourcedIds] of ['g1,g2', 'g1;g2', 'g1 ; g2'].entries()) {
    const school = await createSchool(database, `agents-${i}`);
    const [first, second] = users;
    const given = [first as Given, { ...second, agentSourcedIds }, ...parents];
    await school.sync({ ...rest, users: given }, { schools: ['s1'] });
    expect(await school.ids('users')).toEqual(['g1', 'g2', 'u1', 'u2']);
    expect((await school.rows('users'))[3]).toMatchObject({ agent_sourced_ids: ['g1', 'g2'] });
  }
});
