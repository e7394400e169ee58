import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, smallRoster } from './world.ts';

const database = await createTestDatabase();

test('a roster in order comes in whole, without a finding', async () => {
  const school = await createSchool(database, 'in-order');
  const { plan, applied, findings } = await school.sync(smallRoster());
  expect(findings).toEqual([]);
  expect(applied).toEqual({ created: 17, changed: 0, removed: 0, restored: 0 });
  expect(plan.offered).toBe(17);
  expect(plan.rejected).toBe(0);
  expect(plan.counts).toContainEqual({
    entity: 'enrollments',
    school: 's1',
    present: 0,
    created: 2,
    changed: 0,
    removed: 0,
    restored: 0,
  });
  const [row] = await school.rows('lineItems');
  expect(row).toMatchObject({
    title: 'Essay',
    result_value_max: '10',
    created_run: 1,
    changed_run: 1,
    part: 10,
    line: 2,
  });
  expect((await school.rows('courses'))[0]).toMatchObject({ grades: ['09', '10'] });
});

test('the same roster again changes nothing', async () => {
  const school = await createSchool(database, 'again');
  await school.sync(smallRoster());
  const { plan, applied, findings } = await school.sync(smallRoster());
  expect(applied).toEqual({ created: 0, changed: 0, removed: 0, restored: 0 });
  expect(findings).toEqual([]);
  expect(plan.samples).toEqual([]);
});
