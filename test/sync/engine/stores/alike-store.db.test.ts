import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../support/database.ts';
import { createSchool, type Given, smallRoster } from '../world.ts';

const database = await createTestDatabase();

const [ada, ben] = smallRoster().users as [Given, Given];
const user = (sourcedId: string, more: Given = {}): Given => ({
  ...{ sourcedId, enabledUser: 'true', username: sourcedId, givenName: 'Cleo', familyName: 'Diaz' },
  ...{ primaryOrgSourcedId: 's1', ...more },
});
const said = (findings: { code: string; sourcedId: string | null }[]) =>
  findings.map(({ code, sourcedId }) => `${code} ${sourcedId}`).sort();

test('newcomers of a night are told who share a name or address with somebody who stays as he is', async () => {
  const [ours, theirs] = [await createSchool(database, 'ours'), await createSchool(database, 'theirs')];
  const first = { ...smallRoster(), users: [ada, ben, user('u6', { username: 'zoe' })] };
  await ours.sync(first);
  await theirs.sync({ ...smallRoster(), users: [ada, ben, user('t1', { email: 'only@there.example' })] });
  const { findings } = await ours.sync({
    ...smallRoster(),
    users: [
      ada,
      ben,
      // Whose name another one takes over has another now.
      user('u6', { username: 'zoe-ann' }),
      user('u3', { username: 'Zoe' }),
      user('u4', { username: String(ada.username).toUpperCase(), email: 'only@there.example' }),
      user('u5', { email: String(ben.email) }),
      user('U1'),
    ],
  });
  expect(said(findings)).toEqual(['email_shared u5', 'sourced_id_capitals U1', 'username_shared u4']);
});

test('what somebody who leaves had is free, and what somebody who is restored had is not', async () => {
  const school = await createSchool(database, 'free');
  const cleo = user('u3', { username: 'cleo', email: 'cleo@school.example' });
  await school.sync({ ...smallRoster(), users: [ada, ben, cleo] });
  const heir = user('u4', { username: 'CLEO', email: 'cleo@school.example' });
  const without = await school.sync({ ...smallRoster(), users: [ada, ben, heir] });
  // It is told that she may be who has left under another id, and nothing else.
  expect(said(without.findings).filter((each) => each.includes('_shared'))).toEqual([]);
  const again = await school.sync({ ...smallRoster(), users: [ada, ben, heir, cleo] });
  expect(said(again.findings)).toEqual(['email_shared u3', 'username_shared u3']);
});
