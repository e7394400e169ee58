import { beforeEach, expect, test } from 'vitest';
import { type ConnectionId, type MergeId, newId, type PersonId, type ToolId } from '../../contracts/ids.ts';
import { listMerges, mergePeople, unmergePeople } from '../../src/people/merges.ts';
import { findPersonByPseudonym } from '../../src/privacy/pseudonyms.ts';
import { createDeliveryWorld, type DeliveryWorld } from '../grades/world.ts';
import { createTestDatabase } from '../support/database.ts';
import { readPeopleTables } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
let number = 0;
let world: DeliveryWorld;
let home: ConnectionId;
let visitor: PersonId;

/** The first two persons of the school are known to its LMS; the visitor comes from another one. */
beforeEach(async () => {
  world = await createDeliveryWorld(testDatabase, `school-${++number}`);
  home = newId<ConnectionId>();
  await superuser.query(
    `insert into connection (tenant_id, connection_id, kind, partner, name, created_at)
     values ($1, $2, 'lms', 'x', 'x', now())`,
    [world.school.tenantId, home],
  );
  visitor = newId<PersonId>();
  await superuser.query(
    `insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())`,
    [world.school.tenantId, visitor],
  );
  await superuser.query(
    `insert into person_link (tenant_id, connection_id, subject, person_id, created_at) values ($1, $2, 'v', $3, now())`,
    [world.school.tenantId, home, visitor],
  );
});

const pupil = () => world.school.people[0]!;
const tx = <T>(work: Parameters<typeof database.withTenant<T>>[1]) =>
  database.withTenant(world.school.tenantId, work);
const merge = (keptId: PersonId, absorbedId: PersonId, retireNames = false) =>
  tx((it) => mergePeople(it, { keptId, absorbedId, retireNames }, world.by()));
const unmerge = (mergeId: MergeId) => tx((it) => unmergePeople(it, mergeId, world.by()));
const read = () => readPeopleTables(testDatabase, world.school.tenantId);
const name = (personId: PersonId, sub: string, toolId: ToolId = world.school.toolId) =>
  superuser.query(
    'insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at) values ($1, $2, $3, $4, now())',
    [world.school.tenantId, toolId, personId, sub],
  );

test('the tool keeps the name it knows, and scores reach the LMS as before', async () => {
  await world.accept(1);
  await merge(visitor, pupil().personId);
  expect(await tx((it) => findPersonByPseudonym(it, world.school.toolId, pupil().sub))).toBe(visitor);
  await world.accept(2);
  expect(await world.lines()).toMatchObject([{ person_id: visitor, pending: 2 }]);
  await world.drain();
  expect(await world.states()).toEqual(['superseded', 'delivered']);
  expect(world.lms.stored).toMatchObject([{ scoreGiven: 2 }]);
});

test('a tool that has known both is given another name only if somebody says so, and may go on using the old one', async () => {
  await name(visitor, 'visitor');
  await expect(merge(visitor, pupil().personId)).rejects.toMatchObject({
    kind: 'conflict',
    code: 'tools_know_both',
    details: { tools: [world.school.toolId] },
  });
  const { mergeId } = await merge(visitor, pupil().personId, true);
  await world.accept(1);
  expect(await world.lines()).toMatchObject([{ person_id: visitor }]);
  await world.drain();
  expect(await world.states()).toEqual(['delivered']);
  await unmerge(mergeId);
  expect(await world.lines()).toMatchObject([{ person_id: pupil().personId }]);
  await world.accept(2);
  await world.drain();
  expect(await world.states()).toEqual(['delivered', 'delivered']);
});

test('what came since goes back to whom it is about', async () => {
  const { mergeId } = await merge(visitor, pupil().personId);
  await world.accept(1);
  await world.accept(1, { item: 1 });
  await unmerge(mergeId);
  expect(await world.lines()).toMatchObject([
    { person_id: pupil().personId },
    { person_id: pupil().personId },
  ]);
  await world.drain();
  expect(await world.states()).toEqual(['delivered', 'delivered']);
});

test('a score that was accepted in the very moment is delivered all the same', async () => {
  await world.accept(1);
  const gate = Promise.withResolvers<void>();
  const merged = Promise.withResolvers<void>();
  const merging = tx(async (it) => {
    await mergePeople(it, { keptId: visitor, absorbedId: pupil().personId }, world.by());
    merged.resolve();
    await gate.promise;
  });
  await merged.promise;
  // Another line item: its line is written under the person as they were.
  await world.accept(1, { item: 1 });
  gate.resolve();
  await merging;
  await world.drain();
  expect(await world.states()).toEqual(['delivered', 'delivered']);
});

test('while a score is being sent nobody is merged', async () => {
  await world.accept(1);
  await superuser.query(
    `update grade_line set lease_token = gen_random_uuid(), lease_until = now() + interval '1 minute' where tenant_id = $1`,
    [world.school.tenantId],
  );
  const before = await read();
  await expect(merge(visitor, pupil().personId)).rejects.toMatchObject({ code: 'grades_being_sent' });
  expect(await read()).toEqual(before);
});

test('two whom one LMS tells apart stay two, and nobody is merged with themselves', async () => {
  const [first, second] = world.school.people;
  await expect(merge(first!.personId, second!.personId)).rejects.toMatchObject({ code: 'same_lms' });
  await expect(merge(visitor, visitor)).rejects.toMatchObject({ code: 'same_person' });
  await expect(merge(visitor, newId<PersonId>())).rejects.toMatchObject({
    kind: 'not_found',
    code: 'person_unknown',
  });
});

test('merges are undone from the last on, once', async () => {
  const third = newId<PersonId>();
  await superuser.query(
    `insert into person (tenant_id, person_id, created_at, changed_at) values ($1, $2, now(), now())`,
    [world.school.tenantId, third],
  );
  const before = await read();
  const one = await merge(visitor, pupil().personId);
  world.pass(1_000);
  const two = await merge(third, visitor);
  await expect(merge(third, pupil().personId)).rejects.toMatchObject({ code: 'person_merged' });
  await expect(unmerge(one.mergeId)).rejects.toMatchObject({ code: 'merge_not_last' });
  expect(await tx((it) => findPersonByPseudonym(it, world.school.toolId, pupil().sub))).toBe(third);
  await unmerge(two.mergeId);
  await unmerge(one.mergeId);
  await expect(unmerge(one.mergeId)).rejects.toMatchObject({ code: 'merge_undone' });
  expect(await read()).toEqual(before);
});

test('what cannot be put back exactly stays, and says so', async () => {
  const { mergeId } = await merge(visitor, pupil().personId);
  await superuser.query('delete from person_link where tenant_id = $1 and subject = $2', [
    world.school.tenantId,
    pupil().subject,
  ]);
  const before = await read();
  await expect(unmerge(mergeId)).rejects.toMatchObject({ kind: 'conflict', code: 'merge_overtaken' });
  expect(await read()).toEqual(before);
});

test('of two merges at once that exclude each other one is done', async () => {
  const results = await Promise.allSettled([
    merge(visitor, pupil().personId),
    merge(pupil().personId, visitor),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'person_merged' },
  });
  const { rows } = await superuser.query(
    'select 1 from person where tenant_id = $1 and merged_into is not null',
    [world.school.tenantId],
  );
  expect(rows).toHaveLength(1);
});

test('both a merge and its end are on record, without what the persons are called', async () => {
  const { mergeId } = await merge(visitor, pupil().personId);
  await unmerge(mergeId);
  const { rows } = await superuser.query(
    `select e.action, e.subject, v.after from audit_event e join audit_value v using (tenant_id, sequence)
     where tenant_id = $1 and action like 'person.%' order by sequence`,
    [world.school.tenantId],
  );
  const after = { mergeId, absorbedId: pupil().personId, links: 1, tools: 1, retired: 0 };
  expect(rows).toEqual([
    { action: 'person.merged', subject: `person:${visitor}`, after },
    { action: 'person.unmerged', subject: `person:${visitor}`, after },
  ]);
});

test('another tenant’s people and merges are out of reach', async () => {
  const { mergeId } = await merge(visitor, pupil().personId);
  const other = await createDeliveryWorld(testDatabase, `other-${number}`);
  const theirs = other.school.people[0]!.personId;
  await expect(merge(theirs, visitor)).rejects.toMatchObject({ code: 'person_unknown' });
  await database.withTenant(other.school.tenantId, async (it) => {
    expect(await listMerges(it, { limit: 10 })).toEqual([]);
    await expect(unmergePeople(it, mergeId, world.by())).rejects.toMatchObject({ code: 'merge_unknown' });
  });
});
