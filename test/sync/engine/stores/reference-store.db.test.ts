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

test('a reference is never taken for somebody else’s where the one it names was known', async () => {
  const users = [...smallRoster().users, user('STDabC'), user('STDabc')];
  const school = await createSchool(database, 'known');
  await school.sync({ ...smallRoster(), users });
  const { findings } = await school.sync({
    ...smallRoster(),
    // STDabC leaves; nobody was ever called 00042, Std2 or 777.
    users: [...smallRoster().users, ...[user('STDabc'), user('0777'), user('STD2'), user('42')]],
    enrollments: [
      ...smallRoster().enrollments,
      ...[enrolled('e3', 'STDabC'), enrolled('e4', '00042'), enrolled('e5', 'Std2'), enrolled('e6', '777')],
    ],
  });
  const mended = findings
    .filter(({ code }) => code === 'reference_spelling')
    .map(({ sourcedId }) => sourcedId);
  expect(mended).toEqual(['e5', 'e6']);
  expect(await school.ids('enrollments')).toEqual(['e1', 'e2', 'e5', 'e6']);
});

test('a reference to a row that is rejected goes with it, and not to one alike', async () => {
  const school = await createSchool(database, 'rejected-alike');
  const of = (sourcedId: string, courseSourcedId: string) => ({
    ...smallRoster().classes[0],
    sourcedId,
    courseSourcedId,
  });
  await school.sync({
    ...smallRoster(),
    classes: [...smallRoster().classes, of('0123', 'c1'), of('123', 'none')],
    enrollments: [enrolled('e3', 'u2', '123'), enrolled('e4', 'u2', '0123')],
  });
  expect(await school.ids('enrollments')).toEqual(['e4']);
});

test('in a delta a reference of other capitals waits for the row it names', async () => {
  const school = await createSchool(database, 'delta-capitals');
  await school.sync({ ...smallRoster(), users: [...smallRoster().users, user('abC'), user('007')] });
  const enrollments = [enrolled('e3', 'ABc'), enrolled('e4', '7')];
  await school.sync({ enrollments }, { mode: 'delta', deletes: 'explicit' });
  expect(await school.ids('enrollments')).toEqual(['e1', 'e2', 'e4']);
});
