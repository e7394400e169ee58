import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, type Given, type Roster, smallRoster } from '../world.ts';

const database = await createTestDatabase();

const classOf = (sourcedId: string, title: string): Given => ({
  ...smallRoster().classes[0],
  sourcedId,
  title,
});
const enrolled = (sourcedId: string, classSourcedId: string, role: string): Given => ({
  sourcedId,
  classSourcedId,
  schoolSourcedId: 's1',
  userSourcedId: role === 'teacher' ? 'u1' : 'u2',
  role,
});
/** What the classes stand on, and who teaches them. */
const entities = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'roles', 'enrollments'] as const;
const ids = ['k1', 'k2', 'k3', 'k4'];

function rosterOf(title: string, enrollments: Given[]): Roster {
  const classes = ids.map((id) => classOf(id, title));
  return { ...smallRoster(), classes, enrollments };
}

test('of classes that differ, those are told whose teachers are gone or teach no more, another tenant’s beside', async () => {
  const [ours, theirs] = [await createSchool(database, 'ours'), await createSchool(database, 'theirs')];
  const taught = ids.map((id) => enrolled(`t-${id}`, id, 'teacher'));
  for (const school of [ours, theirs]) {
    expect((await school.sync(rosterOf('Before', taught), { entities })).findings).toEqual([]);
  }
  // k1 keeps its teacher, k2 loses it, k3 has another one, and k4 a student in its place.
  const [stays] = taught as [Given];
  const next = [stays, enrolled('new', 'k3', 'teacher'), enrolled('t-k4', 'k4', 'student')];
  const { findings } = await ours.sync(rosterOf('After', next), { entities });
  expect(findings.map(({ code, sourcedId, line }) => [code, sourcedId, line])).toEqual([
    ['class_without_teacher', 'k2', 3],
    ['class_without_teacher', 'k4', 5],
  ]);
  // A teacher who is gone, and comes back to another class.
  const back = await ours.sync(rosterOf('Later', [stays, enrolled('t-k2', 'k4', 'teacher')]), { entities });
  expect(back.findings.map(({ sourcedId }) => sourcedId)).toEqual(['k2', 'k3']);
});
