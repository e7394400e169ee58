import { expect, test } from 'vitest';
import { eraseShownMembers } from '../../../src/lti/nrps/erase.ts';
import { createTestDatabase } from '../../support/database.ts';
import { pupil, startNrpsWorld } from './support.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startNrpsWorld(testDatabase);
const { course: north } = await world.addSchool('north');
const { course: south } = await world.addSchool('south');

const shown = async () =>
  (
    await superuser.query(
      'select tenant_id, subject from lti_shown_member order by tenant_id = $1 desc, subject',
      [north.tenantId],
    )
  ).rows.map(({ tenant_id, subject }) => [tenant_id === north.tenantId ? 'north' : 'south', subject]);

test('what is kept of a person in class lists goes with their account, at their school only', async () => {
  for (const course of [north, south]) {
    await world.open(course, [pupil('ada'), pupil('ben')]);
    await world.read(world.pathOf(course));
  }
  const links = [
    { connectionId: north.connectionId, subject: 'ada' },
    { connectionId: south.connectionId, subject: 'ben' },
  ];
  expect(await database.withTenant(north.tenantId, (tx) => eraseShownMembers(tx, links))).toBe(1);
  expect(await shown()).toEqual([
    ['north', 'ben'],
    ['south', 'ada'],
    ['south', 'ben'],
  ]);
  expect(await database.withTenant(north.tenantId, (tx) => eraseShownMembers(tx, []))).toBe(0);
});
