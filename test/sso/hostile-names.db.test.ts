import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { startDirectory } from './ldap/directory-server.ts';
import { directory, person, reader } from './ldap/world.ts';
import { signInAt, startSignInWorld } from './support/world.ts';

const world = await startSignInWorld(await createTestDatabase());

test('names that are filters, other names of entries, or of two people, bind as nobody', async () => {
  const twins = directory(person('ada'), person('bo', { mail: 'twin@school.example' }), {
    ...person('cy', { mail: 'twin@school.example' }),
  });
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: twins });
  const address = signInAt(tenant, await world.connect(tenant, [server]));
  const names = [
    ['ada)(uid=*', 'user_unknown'],
    ['*)(|(uid=ada', 'user_unknown'],
    ['uid=ada,OU=People,DC=school,DC=example', 'user_unknown'],
    ['EXTERNAL', 'user_unknown'],
    ['twin@school.example', 'user_ambiguous'],
  ] as const;
  for (const [name] of names) {
    const answer = await world.first.visitor().signIn(address, name, 'ada-password');
    expect([name, answer.location]).toEqual([name, undefined]);
  }
  expect((await world.tries(tenant)).map(({ reason }) => reason)).toEqual(names.map(([, reason]) => reason));
  // Binds of people: none but the service account's.
  expect(server.binds.filter(({ dn }) => dn !== reader.dn)).toEqual([]);
});
