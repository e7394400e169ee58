import { beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld, type PeopleWorld } from './world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
let number = 0;
let world: PeopleWorld;

beforeEach(async () => {
  world = await createPeopleWorld(testDatabase, `school-${++number}`);
});

const ada = { givenName: 'Ada', familyName: 'Byron' };
const reasons = async () => (await world.reviews()).map(({ reason }) => reason).sort();

test('every user of a run gets a person, once', async () => {
  await world.addUser('u1', { ...ada, email: 'ada@school.example' });
  await world.addUser('u2');
  expect(await world.link(1)).toEqual({ seen: 2, created: 2, joined: 0, reviews: 0 });
  const person = await world.personOf('u1');
  expect(person).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/);
  const { rows } = await superuser.query('select name, given_name, email from person where person_id = $1', [
    person,
  ]);
  expect(rows).toEqual([{ name: 'Ada Byron', given_name: 'Ada', email: 'ada@school.example' }]);
  expect(await world.link(1)).toEqual({ seen: 0, created: 0, joined: 0, reviews: 0 });
  expect(await world.link()).toEqual({ seen: 2, created: 0, joined: 0, reviews: 0 });
  expect(await world.personOf('u1')).toBe(person);
});

test('a run that was never linked is caught up with by the next, and what a run left alone is not visited', async () => {
  await world.addUser('u1', { run: 1 });
  await world.addUser('u2', { run: 2 });
  expect((await world.link(2)).created).toBe(2);
  await world.addUser('u3', { run: 3 });
  expect((await world.link(3)).seen).toBe(1);
});

test('a user who was removed keeps the link, and has the same person when they come back', async () => {
  await world.addUser('u1');
  await world.link(1);
  const person = await world.personOf('u1');
  await superuser.query('update roster_user set removed_at = now(), changed_run = 2 where tenant_id = $1', [
    world.tenantId,
  ]);
  expect((await world.link(2)).seen).toBe(0);
  await superuser.query('update roster_user set removed_at = null, changed_run = 3 where tenant_id = $1', [
    world.tenantId,
  ]);
  expect(await world.link(3)).toMatchObject({ seen: 1, created: 0 });
  expect(await world.personOf('u1')).toBe(person);
});

test('without a rule nobody is joined', async () => {
  await world.addLaunched('s1', { claimedId: '100', ...ada });
  await world.addUser('u1', { identifier: '100', ...ada });
  expect(await world.link(1)).toMatchObject({ created: 1, joined: 0, reviews: 0 });
});

test.each([
  ['sourcedId', 'lisPersonSourcedId', { claimedId: 'u1' }, {}],
  ['identifier', 'lisPersonSourcedId', { claimedId: '0100' }, { identifier: '0100' }],
  ['username', 'lisPersonSourcedId', { claimedId: 'ada' }, { username: 'ada' }],
  ['userIds:LDAP', 'lisPersonSourcedId', { claimedId: '77' }, { userIds: ['{sis:9}', '{ldap:77}'] }],
  ['identifier', 'subject', {}, { identifier: 's1' }],
])('a user is who an LMS says has the same %s by %s', async (column, field, launched, user) => {
  await world.setRule(column, field);
  const person = await world.addLaunched('s1', launched);
  await world.addUser('u1', user);
  expect(await world.link(1)).toEqual({ seen: 1, created: 0, joined: 1, reviews: 0 });
  expect(await world.personOf('u1')).toBe(person);
});

test('a leading zero makes another identifier', async () => {
  await world.setRule('identifier');
  await world.addLaunched('s1', { claimedId: '0100' });
  await world.addUser('u1', { identifier: '100' });
  expect(await world.link(1)).toMatchObject({ created: 1, joined: 0, reviews: 0 });
});

test('a rule that comes later joins who stand apart, and can be undone', async () => {
  const person = await world.addLaunched('s1', { claimedId: '100', ...ada });
  await world.addUser('u1', { identifier: '100', ...ada });
  await world.link(1);
  expect(await world.personOf('u1')).not.toBe(person);
  expect(await world.setRule('identifier')).toEqual({ joined: 1, reviews: 0 });
  expect(await world.personOf('u1')).toBe(person);
});

test('somebody whom a launch has met since is found by the next linking, though the run left the user alone', async () => {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100', run: 1 });
  await world.link(1);
  const person = await world.addLaunched('s1', { claimedId: '100' });
  expect(await world.link(2)).toMatchObject({ joined: 1 });
  expect(await world.personOf('u1')).toBe(person);
  expect((await world.link(3)).seen).toBe(0);
});

test('e-mail alone is for somebody to look at, and says so once', async () => {
  const person = await world.addLaunched('s1', { email: 'Ada@school.example', ...ada });
  await world.addUser('u1', { email: 'ada@school.example ', ...ada });
  expect(await world.link(1)).toMatchObject({ created: 1, joined: 0, reviews: 1 });
  expect(await world.reviews()).toMatchObject([
    {
      reason: 'email_only',
      state: 'open',
      sourcedId: 'u1',
      otherId: person,
      agree: ['given', 'family', 'email'],
      differ: [],
    },
  ]);
  expect((await world.link()).reviews).toBe(0);
});

test('an address that several have says nothing', async () => {
  await world.addLaunched('s1', { email: 'family@home.example' });
  await world.addLaunched('s2', { email: 'family@home.example' });
  await world.addUser('u1', { email: 'family@home.example' });
  expect((await world.link(1)).reviews).toBe(0);
});

test('two hits join nobody', async () => {
  await world.setRule('identifier');
  const other = await world.connect('lms');
  const persons = [
    await world.addLaunched('s1', { claimedId: '100' }),
    await world.addLaunched('s2', { claimedId: '100' }, other),
  ];
  await world.addUser('u1', { identifier: '100' });
  expect(await world.link(1)).toMatchObject({ created: 1, joined: 0, reviews: 2 });
  expect(await reasons()).toEqual(['several_hits', 'several_hits']);
  expect((await world.reviews()).map(({ otherId }) => otherId).sort()).toEqual(persons.sort());
});

test('two users with one identifier are not joined, in the same run or later', async () => {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100', ...ada });
  await world.addUser('u2', { identifier: '100', ...ada });
  expect(await world.link(1)).toMatchObject({ created: 2, reviews: 1 });
  await world.addUser('u3', { identifier: '100', ...ada, run: 2 });
  expect(await world.link(2)).toMatchObject({ created: 1, reviews: 2 });
  expect(await reasons()).toEqual(['same_connection', 'several_hits', 'several_hits']);
  expect(new Set(await world.personsOf('u1', 'u2', 'u3')).size).toBe(3);
});

test('two users of a run who lead to one person by different ways are not joined', async () => {
  await world.setRule('identifier');
  const other = await world.connect('lms');
  const person = await world.addLaunched('s1', { claimedId: '100' });
  await superuser.query(
    `insert into person_link (tenant_id, connection_id, subject, person_id, claimed_id, match_value, created_at)
     values ($1, $2, 's2', $3, '200', '200', now())`,
    [world.tenantId, other, person],
  );
  await world.addUser('u1', { identifier: '100' });
  await world.addUser('u2', { identifier: '200' });
  expect(await world.link(1)).toMatchObject({ created: 2, joined: 0, reviews: 2 });
  expect(await reasons()).toEqual(['same_connection', 'same_connection']);
});

test('a student and a teacher share an identifier', async () => {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100', role: 'student' });
  await world.addUser('u2', { identifier: '100', role: 'teacher' });
  await world.link(1);
  expect(await world.reviews()).toMatchObject([
    { reason: 'student_and_adult', agree: ['identifier'], differ: ['kind'] },
  ]);
});

test.each([
  ['another name', { givenName: 'Mary', familyName: 'Somerville' }, ['given', 'family']],
  ['another birth date', { ...ada, birthDate: '2012-02-02' }, ['birth']],
])('an identifier that comes back with %s is not the same person', async (_what, second, differ) => {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100', ...ada, birthDate: '2001-01-01' });
  await world.link(1);
  await superuser.query('update roster_user set removed_at = now() where tenant_id = $1', [world.tenantId]);
  await world.addUser('u2', { identifier: '100', ...second, run: 2 });
  expect(await world.link(2)).toMatchObject({ created: 1, joined: 0, reviews: 1 });
  expect(await world.reviews()).toMatchObject([{ reason: 'recycled_identifier', differ }]);
});

test('a sourcedId that comes back under another name altogether is looked at, and the person keeps their name', async () => {
  await world.addUser('u1', ada);
  await world.link(1);
  await world.addUser('u1', { givenName: 'Ada', familyName: 'Lovelace', run: 2 });
  expect((await world.link(2)).reviews).toBe(0);
  await world.addUser('u1', { givenName: 'Mary', familyName: 'Somerville', run: 3 });
  await world.link(3);
  expect(await world.reviews()).toMatchObject([
    { reason: 'recycled_sourced_id', agree: ['sourcedId'], differ: ['given', 'family'] },
  ]);
  const { rows } = await superuser.query('select name from person where tenant_id = $1', [world.tenantId]);
  expect(rows).toEqual([{ name: 'Ada Lovelace' }]);
});

test('two whom tools know both are not joined by the rule', async () => {
  await world.setRule('identifier');
  await world.addUser('u1', { identifier: '100', run: 1 });
  await world.link(1);
  const other = await world.connect('lms');
  await superuser.query(
    `insert into person_link (tenant_id, connection_id, subject, person_id, created_at) values ($1, $2, 's9', $3, now())`,
    [world.tenantId, other, await world.personOf('u1')],
  );
  await world.addLaunched('s1', { claimedId: '100' });
  expect(await world.link(2)).toMatchObject({ joined: 0, reviews: 1 });
  expect(await reasons()).toEqual(['both_known']);
});

test('two rosters meet by an identifier of the person, and never by a sourcedId', async () => {
  const second = await world.connect('roster');
  await world.setRule('sourcedId');
  await world.addUser('u1', { identifier: '100' });
  await world.addUser('u1', { identifier: '100' }, second);
  await world.link(1);
  expect(await world.link(1, second)).toMatchObject({ created: 1, joined: 0, reviews: 0 });
  expect(await world.setRule('identifier')).toEqual({ joined: 1, reviews: 0 });
  expect(await world.personOf('u1', second)).toBe(await world.personOf('u1'));
});

test('a school’s people are found by its own rosters only', async () => {
  const other = await createPeopleWorld(testDatabase, `other-${number}`);
  await world.setRule('identifier');
  await other.setRule('identifier');
  await other.addLaunched('s1', { claimedId: '100', email: 'ada@school.example' });
  await other.addUser('u1', { identifier: '100' });
  await world.addUser('u1', { identifier: '100', email: 'ada@school.example' });
  expect(await world.link(1)).toEqual({ seen: 1, created: 1, joined: 0, reviews: 0 });
  const { rows } = await superuser.query('select 1 from person_link where tenant_id = $1', [other.tenantId]);
  expect(rows).toHaveLength(1);
  const before = await world.personOf('u1');
  await other.link(1);
  expect(await world.personOf('u1')).toBe(before);
});

test('ten thousand users are linked in a few statements, half of them to people known from launches', async () => {
  await world.setRule('identifier');
  const { tenantId, sis, lms } = world;
  await superuser.query(
    `insert into roster_user (tenant_id, connection_id, sourced_id, given_name, family_name, identifier, email, content_hash,
       created_run, changed_run, part, line, changed_at)
     select $1, $2, 'u' || n, 'G' || n, 'F' || n, 'id' || n, n || '@school.example', 0, 1, 1, 0, 0, now()
     from generate_series(1, 10000) n`,
    [tenantId, sis],
  );
  await superuser.query(
    `with p as (insert into person (tenant_id, person_id, given_name, created_at, changed_at)
       select $1, uuid_v7(now()), 'G' || n, now(), now() from generate_series(1, 5000) n returning person_id, given_name)
     insert into person_link (tenant_id, connection_id, subject, person_id, claimed_id, match_value, created_at)
     select $1, $2, given_name, person_id, 'id' || substr(given_name, 2), 'id' || substr(given_name, 2), now() from p`,
    [tenantId, lms],
  );
  const began = performance.now();
  expect(await world.link(1)).toEqual({ seen: 10_000, created: 5_000, joined: 5_000, reviews: 0 });
  expect(performance.now() - began).toBeLessThan(4_000);
  const { rows } = await superuser.query('select from person_newcomer');
  expect(rows).toEqual([]);
});
