import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, type Given, smallRoster } from './world.ts';

const database = await createTestDatabase();

const user = (sourcedId: string, more: Given): Given => ({
  ...{ sourcedId, enabledUser: 'true', username: sourcedId, givenName: 'Cleo', familyName: 'Diaz' },
  ...more,
});

test('the words of a list lose the white space around them, whatever parts them', async () => {
  const school = await createSchool(database, 'lists');
  const { users, ...rest } = smallRoster();
  const more = [
    user('u3', { agentSourcedIds: 'u1 , u2', grades: '09,\u00a010' }),
    user('u4', { agentSourcedIds: 'u1 ;\tu2' }),
    // One space behind a comma is how people write lists.
    user('u5', { agentSourcedIds: 'u1, u2', grades: '09,  10,11' }),
  ];
  const { findings } = await school.sync({ ...rest, users: [...users, ...more] });
  const said = findings.map(({ code, severity, column, sourcedId }) => [code, severity, column, sourcedId]);
  expect(said.filter(([code]) => code !== 'control_characters')).toEqual([
    ['text_trimmed', 'repaired', 'agentSourcedIds', 'u3'],
    ['list_semicolons', 'repaired', 'agentSourcedIds', 'u4'],
    ['text_trimmed', 'repaired', 'grades', 'u3'],
    ['text_trimmed', 'repaired', 'grades', 'u5'],
  ]);
  const rows = await school.rows('users');
  const kept = (id: string) => rows.find((row) => row.sourced_id === id);
  for (const id of ['u3', 'u4', 'u5']) expect(kept(id)).toMatchObject({ agent_sourced_ids: ['u1', 'u2'] });
  expect([kept('u3')?.grades, kept('u5')?.grades]).toEqual([
    ['09', '10'],
    ['09', '10', '11'],
  ]);
});
