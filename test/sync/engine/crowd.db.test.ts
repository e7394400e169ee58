import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, type Given, smallRoster } from './world.ts';

const database = await createTestDatabase();

const crowd = (prefix: string, count = 12_000): Given[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ sourcedId: `${prefix}${i}`, enabledUser: 'true', username: 'x', givenName: 'Student' },
    ...{ familyName: 'Test', email: 'x@example.org', primaryOrgSourcedId: 's1' },
  }));
const few = { entities: ['orgs', 'users', 'roles'] as const };

/** Each row with each other would be 144 million pairs. */
async function soon<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  expect(performance.now() - started).toBeLessThan(5_000);
  return result;
}

test('thousands of people of one name who all get other ids are compared soon, and prove nothing', async () => {
  const school = await createSchool(database, 'crowd');
  const { orgs } = smallRoster();
  await soon(() => school.sync({ orgs, users: crowd('a') }, few));
  const { findings } = await soon(() => school.sync({ orgs, users: crowd('b') }, few));
  const codes = new Set(findings.map(({ code }) => code));
  expect([codes.has('username_shared'), codes.has('sourced_id_replaced')]).toEqual([true, false]);
});

test('thousands of primary roles of one person at one school are looked at soon, and told', async () => {
  const school = await createSchool(database, 'roles');
  const { orgs, users, roles } = smallRoster();
  const many = (roleType: string) =>
    Array.from({ length: 12_000 }, (_, i) => ({ ...roles[1], sourcedId: `x${i}`, roleType }));
  await school.sync({ orgs, users, roles: [...roles, ...many('secondary')] }, few);
  const { findings } = await soon(() =>
    school.sync({ orgs, users, roles: [...roles, ...many('primary')] }, few),
  );
  expect(findings.filter(({ code }) => code === 'two_primary_roles')).toHaveLength(1_001);
});
