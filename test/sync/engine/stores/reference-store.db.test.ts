import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, type Given, smallRoster } from '../world.ts';

const database = await createTestDatabase();

const [ada] = smallRoster().users as [Given];
const user = (sourcedId: string, more: Given = {}): Given => ({
  ...{ sourcedId, enabledUser: 'true', username: sourcedId, givenName: 'Cleo', familyName: 'Diaz' },
  ...{ primaryOrgSourcedId: 's1', ...more },
});
const enrolled = (sourcedId: string, userSourcedId: string, classSourcedId = 'k1'): Given => ({
  ...{ sourcedId, classSourcedId, schoolSourcedId: 's1', userSourcedId, role: 'student' },
});

test('what a night brings may name who stays and who comes, and not who leaves or is another tenant’s', async () => {
  const [ours, theirs] = [await createSchool(database, 'ours'), await createSchool(database, 'theirs')];
  await ours.sync({ ...smallRoster(), users: [...smallRoster().users, user('u3')] });
  const away = { ...smallRoster().classes[0], sourcedId: 'k9' };
  await theirs.sync({ ...smallRoster(), classes: [...smallRoster().classes, away] });
  const { findings } = await ours.sync({
    ...smallRoster(),
    // u2 leaves, u3 changes and u4 comes.
    users: [ada, user('u3', { givenName: 'Zoe' }), user('u4', { agentSourcedIds: 'u2,u3,u4' })],
    enrollments: [
      smallRoster().enrollments[0] as Given,
      enrolled('e3', 'u3'),
      enrolled('e4', 'u4'),
      enrolled('e5', 'u2'),
      enrolled('e6', 'u4', 'k9'),
    ],
  });
  const said = findings.map(
    ({ code, entity, column, sourcedId }) => `${code} ${entity} ${column} ${sourcedId}`,
  );
  expect(said.filter((each) => each.startsWith('reference_'))).toEqual([
    'reference_emptied users agentSourcedIds u4',
    'reference_missing enrollments classSourcedId e6',
    'reference_missing enrollments userSourcedId e5',
    'reference_lost roles userSourcedId r2',
  ]);
  expect(await ours.ids('enrollments')).toEqual(['e1', 'e3', 'e4']);
});
