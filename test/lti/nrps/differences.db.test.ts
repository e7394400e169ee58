import { expect, test } from 'vitest';
import { setPolicy } from '../../../src/privacy/policies.ts';
import { templates } from '../../../src/privacy/templates.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import { pupil, startNrpsWorld } from './support.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startNrpsWorld(testDatabase);
const { memberships, open, pathOf, readAll, otherTool } = world;
const { course: north } = await world.addSchool('north');
let made = 0;

/** A class of its own, read once, and how it goes on. */
async function startClass(members: Record<string, unknown>[], limit?: string) {
  made += 1;
  const course = await world.addCourse(north, `class-${made}`);
  await world.addLink(course, `other-${made}`, otherTool);
  const url = await open(course, members);
  const first = await readAll(pathOf(course, limit === undefined ? {} : { limit }));
  let at = String(first.differences);
  return {
    course,
    first: first.members,
    idOf: (name: string) => first.members.find((member) => member.name === `Name ${name}`)?.user_id,
    set: (next: Record<string, unknown>[]) => memberships.lists.set(url, next),
    /** What has changed since the last reading. */
    differences: async () => {
      world.clock.advance(1_000);
      const read = await readAll(at);
      at = String(read.differences);
      return read.members;
    },
  };
}

const states = (members: { status: string; name?: string; user_id: string }[]) =>
  members.map(({ status, name }) => `${status} ${name ?? ''}`.trim()).sort();

test('where nothing has changed, nothing is told', async () => {
  const group = await startClass([pupil('a'), pupil('b')]);
  expect(group.first).toHaveLength(2);
  expect(await group.differences()).toEqual([]);
  expect(await group.differences()).toEqual([]);
});

test('who came, who changed and who has gone is told once', async () => {
  const group = await startClass([pupil('a'), pupil('b'), pupil('c')]);
  group.set([pupil('a'), pupil('b', { status: 'Inactive' }), pupil('d')]);
  const changed = await group.differences();
  expect(states(changed)).toEqual(['Active Name d', 'Deleted', 'Inactive Name b']);
  const gone = changed.find(({ status }) => status === 'Deleted');
  expect(gone).toEqual({ status: 'Deleted', user_id: group.idOf('c'), roles: [] });
  expect(await group.differences()).toEqual([]);
  group.set([pupil('a'), pupil('b'), pupil('c'), pupil('d')]);
  expect(states(await group.differences())).toEqual(['Active Name b', 'Active Name c']);
});

test('a member whom the LMS itself calls deleted is gone, and told as such once', async () => {
  const group = await startClass([pupil('a'), pupil('b')]);
  group.set([pupil('a'), pupil('b', { status: 'Deleted' })]);
  expect(states(await group.differences())).toEqual(['Deleted']);
  expect(await group.differences()).toEqual([]);
  group.set([pupil('a')]);
  expect(await group.differences()).toEqual([]);
});

test('an empty list is not believed: it tells of nobody’s going', async () => {
  const group = await startClass([pupil('a'), pupil('b')]);
  group.set([]);
  expect(await group.differences()).toEqual([]);
  group.set([pupil('a')]);
  expect(states(await group.differences())).toEqual(['Deleted']);
});

test('over many pages the same is told, and nobody goes before the last page', async () => {
  const many = Array.from({ length: 11 }, (_, index) => pupil(`m${String(index).padStart(2, '0')}`));
  const group = await startClass(many, '3');
  group.set([...many.slice(1), pupil('new')]);
  expect(states(await group.differences())).toEqual(['Active Name new', 'Deleted']);
});

test('a reading that was broken off lets nobody go', async () => {
  const many = Array.from({ length: 6 }, (_, index) => pupil(`k${index}`));
  const group = await startClass(many, '2');
  world.clock.advance(1_000);
  const { next } = await world.read(pathOf(group.course, { limit: '2' }));
  expect(next).toBeDefined();
  expect(await group.differences()).toEqual([]);
});

test('what a tool may not see is no change to it; what it may see from now on is one', async () => {
  const group = await startClass([pupil('a'), pupil('b')]);
  const asOther = { tool: otherTool };
  const policy = (rules: Parameters<typeof setPolicy>[2]) =>
    database.withTenant(north.tenantId, (tx) => setPolicy(tx, otherTool.toolId, rules, by()));
  await policy(templates.anonymous);
  let { differences } = await readAll(pathOf(group.course), asOther);
  const next = async () => {
    world.clock.advance(1_000);
    const read = await readAll(String(differences), asOther);
    differences = read.differences;
    return read.members;
  };
  group.set([pupil('a', { email: 'new@school.example' }), pupil('b')]);
  expect(await next()).toEqual([]);
  await policy(templates.names);
  expect(states(await next())).toEqual(['Active Name a', 'Active Name b']);
});

test('two readings at once end alike', async () => {
  const group = await startClass([pupil('a'), pupil('b'), pupil('c')]);
  group.set([pupil('b'), pupil('c'), pupil('d')]);
  world.clock.advance(1_000);
  await Promise.all([readAll(pathOf(group.course)), readAll(pathOf(group.course))]);
  expect(states(await group.differences())).toEqual(['Active Name d', 'Deleted']);
});

test('what a slow reading meets is told to the reading that was quicker', async () => {
  const group = await startClass([pupil('a'), pupil('b'), pupil('c')], '2');
  world.clock.advance(1_000);
  const slow = await world.read(pathOf(group.course, { limit: '2' }));
  expect(await group.differences()).toEqual([]);
  group.set([pupil('a'), pupil('b'), pupil('c', { status: 'Inactive' }), pupil('d')]);
  await readAll(String(slow.next));
  expect(states(await group.differences())).toEqual(['Active Name d', 'Inactive Name c']);
});

test('what was longer ago than is remembered is refused, so that the tool reads all again', async () => {
  const group = await startClass([pupil('a')]);
  world.clock.advance(401 * 86_400_000);
  await expect(group.differences()).rejects.toThrow('query_invalid');
});

test('two accounts of one person are one member, who has gone when both have', async () => {
  const group = await startClass([pupil('first'), pupil('second'), pupil('third')]);
  const { tenantId } = north;
  await testDatabase.superuser.query(
    `update person_link set person_id = (select person_id from person_link where tenant_id = $1 and subject = 'first')
     where tenant_id = $1 and subject = 'second'`,
    [tenantId],
  );
  const { members } = await readAll(pathOf(group.course));
  expect(new Set(members.map(({ user_id }) => user_id)).size).toBe(2);
  expect(members).toHaveLength(2);
  group.set([pupil('second'), pupil('third')]);
  expect(states(await group.differences()).filter((state) => state === 'Deleted')).toEqual([]);
  group.set([pupil('third')]);
  expect(states(await group.differences())).toEqual(['Deleted']);
});
