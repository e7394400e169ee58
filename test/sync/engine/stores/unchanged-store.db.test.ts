import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, type Roster, smallRoster } from '../world.ts';

const database = await createTestDatabase();

test('what another tenant has under the same ids neither hides nor makes a finding', async () => {
  const [ours, theirs] = [await createSchool(database, 'ours'), await createSchool(database, 'theirs')];
  const taughtTwice = smallRoster();
  taughtTwice.enrollments.push({ ...taughtTwice.enrollments[0], sourcedId: 'e9' });
  taughtTwice.roles[1] = { ...taughtTwice.roles[1], role: 'teacher' };
  await ours.sync(smallRoster());
  await theirs.sync(taughtTwice);
  const next: Roster = smallRoster();
  next.users = smallRoster().users.slice(1);
  next.roles = [
    ...smallRoster().roles,
    { sourcedId: 'r3', userSourcedId: 'u2', roleType: 'secondary', role: 'aide', orgSourcedId: 's1' },
  ];
  next.enrollments = smallRoster().enrollments.slice(1);
  const { findings } = await ours.sync(next);
  expect(findings.map(({ code, sourcedId }) => `${code} ${sourcedId}`).sort()).toEqual([
    'class_without_teacher k1',
    'reference_lost r1',
  ]);
});
