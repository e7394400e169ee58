import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mapRow } from '../connector/map.ts';

/** A page as the source gives it, with made-up people. */
const recorded = JSON.parse(readFileSync(new URL('./recorded-users.json', import.meta.url), 'utf8')) as {
  users: { id: string }[];
};

test('a record becomes a row of the roster; what is not said is absent', () => {
  expect(recorded.users.map((record) => mapRow('users', record))).toEqual([
    {
      sourcedId: 'u-1',
      dateLastModified: '2026-08-01T06:00:00.000Z',
      values: {
        enabledUser: 'true',
        username: 'amara.n',
        givenName: 'Amara',
        familyName: 'Nwosu',
        email: 'amara@school.example',
        grades: '09,10',
        primaryOrgSourcedId: 's-1',
      },
    },
    {
      sourcedId: 'u-2',
      dateLastModified: undefined,
      values: { enabledUser: 'false', username: 'kofi.a', givenName: 'Kofi', familyName: 'Adu' },
    },
  ]);
});
