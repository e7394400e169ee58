import { expect, test } from 'vitest';
import type { ReviewId } from '../../contracts/ids.ts';
import { joinReview, keepApart } from '../../src/people/people.ts';
import type { TenantTx } from '../../src/platform/db.ts';
import type { ChangeBy } from '../../src/tenants/changes.ts';
import { createTestDatabase } from '../support/database.ts';
import { createPeopleWorld } from './world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;

test.each([
  ['join', (tx: TenantTx, id: ReviewId, by: ChangeBy) => joinReview(tx, id, {}, by)],
  ['keep-apart', keepApart],
] as const)('after %s a person goes by the names they prefer, as after any run', async (name, decide) => {
  const world = await createPeopleWorld(testDatabase, name);
  await world.addUser('u', { givenName: 'Ada', familyName: 'King' });
  await world.link();
  await world.addUser('u', { givenName: 'Wim', familyName: 'Jansen', email: 'mia@school.example', run: 2 });
  await superuser.query(`update roster_user set preferred_given_name = 'Mia' where tenant_id = $1`, [
    world.tenantId,
  ]);
  await world.link(2);
  const [review] = await world.reviews();
  await world.tx((tx) => decide(tx, review!.reviewId, world.by));
  const { rows } = await superuser.query(
    'select name, email from person where tenant_id = $1 and person_id = $2',
    [world.tenantId, await world.personOf('u')],
  );
  expect(rows).toEqual([{ name: 'Mia Jansen', email: 'mia@school.example' }]);
});
