import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, type Given, smallRoster } from './world.ts';

const database = await createTestDatabase();

const word = fc.constantFrom('a', 'b', 'Ärö', "O'Neil", 'x, "y"', 'line\\.', '%_$1', '🎒');
const user = fc.record({
  sourcedId: fc.integer({ min: 1, max: 25 }).map((n) => `p${n}`),
  enabledUser: fc.constantFrom('true', 'false'),
  username: fc.uuid(),
  givenName: word,
  familyName: word,
  middleName: fc.option(word, { nil: undefined }),
  grades: fc.constantFrom(undefined, '09', '09,10'),
});
const night = fc.uniqueArray(user, { selector: ({ sourcedId }) => sourcedId, minLength: 1, maxLength: 25 });

test('after any sequence of full reads the roster is what the source said last', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(night, { minLength: 2, maxLength: 4 }), async (nights) => {
      const school = await createSchool(database, `nights-${++count}`);
      for (const users of nights) {
        const roster = { ...smallRoster(), users: [...smallRoster().users, ...users] as Given[] };
        const { applied, plan } = await school.sync(roster);
        const planned = plan.counts.reduce(
          (sum, each) => sum + each.created + each.changed + each.removed + each.restored,
          0,
        );
        expect(applied.created + applied.changed + applied.removed + applied.restored).toBe(planned);
        const rows = (await school.rows('users')).filter((row) => (row.sourced_id as string).startsWith('p'));
        const expected = users
          .toSorted((a, b) => (a.sourcedId < b.sourcedId ? -1 : 1))
          .map((one) => ({
            sourced_id: one.sourcedId,
            enabled_user: one.enabledUser === 'true',
            username: one.username,
            given_name: one.givenName,
            family_name: one.familyName,
            middle_name: one.middleName ?? null,
            grades: one.grades?.split(',') ?? null,
          }));
        expect(rows).toMatchObject(expected);
        expect(rows).toHaveLength(expected.length);
      }
    }),
    // Looking for a smaller example takes longer than the test may.
    { numRuns: 6, endOnFailure: true },
  );
  // A dozen and more whole runs, on a machine that may be busy.
}, 120_000);
