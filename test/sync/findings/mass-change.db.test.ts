import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { smallRoster } from '../engine/world.ts';
import { type Cells, createPackageWorld, packageOf, type Tables } from './package-world.ts';

const database = await createTestDatabase();
let schools = 0;

/** A school of thirty people, and what a second reading of them comes to. */
async function afterwards(
  change: (roster: Required<Pick<Tables, 'users' | 'roles'>>) => void,
  emailOf = (id: string) => `${id}@x.example`,
) {
  const { bring } = await createPackageWorld(database, `mass-${++schools}`);
  const roster = { ...smallRoster(), users: [] as Cells[], roles: [] as Cells[], enrollments: [] };
  for (let i = 0; i < 30; i++) {
    const sourcedId = `p${i}`;
    roster.users.push({
      ...{ sourcedId, enabledUser: 'true', username: `n${i}`, email: emailOf(sourcedId) },
      ...{ givenName: `Given ${i}`, familyName: `Family ${i}`, primaryOrgSourcedId: 's1' },
    });
    roster.roles.push({
      ...{ sourcedId: `r${i}`, userSourcedId: sourcedId, roleType: 'primary' },
      ...{ role: 'student', orgSourcedId: 's1' },
    });
  }
  await bring(packageOf(roster));
  change(roster);
  return (await bring(packageOf(roster))).run;
}

test('a column that is emptied everywhere waits for somebody', async () => {
  const run = await afterwards(({ users }) => {
    for (const user of users) user.email = '';
  });
  expect(run).toMatchObject({
    state: 'held',
    holds: [{ code: 'column_emptied', entity: 'users', count: 30, total: 30, allowed: 14 }],
    plan: { massChanges: [{ kind: 'emptied', entity: 'users', column: 'email', count: 30, had: 30 }] },
  });
});

test('a column that some lose does not', async () => {
  const run = await afterwards(({ users }) => {
    for (const user of users.slice(0, 14)) user.email = '';
  });
  expect(run).toMatchObject({ state: 'applied', applied: { changed: 14 } });
});

test('everybody as an administrator waits for somebody', async () => {
  const run = await afterwards(({ roles }) => {
    for (const role of roles) role.role = 'districtAdministrator';
  });
  expect(run).toMatchObject({
    state: 'held',
    holds: [{ code: 'administrators', entity: 'roles', count: 30, total: 0, allowed: 10 }],
  });
});

const nobodyHasOne = () => '';

test.each([
  ['with their e-mail', undefined],
  ['where nobody has an e-mail', nobodyHasOne],
])('everybody under the id of another waits for somebody, %s', async (_how, emailOf) => {
  const run = await afterwards(({ users }) => {
    const ids = users.map(({ sourcedId }) => sourcedId);
    for (const [i, user] of users.entries()) user.sourcedId = ids[(i + 1) % ids.length];
  }, emailOf);
  expect(run).toMatchObject({ state: 'held', reason: 'ids_recycled' });
});
