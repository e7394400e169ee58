import { expect, test } from 'vitest';
import { readMember } from '../../../src/lti/lms/member.ts';

test('a member whose id is a number is the person whom launches name by it', () => {
  expect(readMember({ user_id: 5, roles: ['Learner'] })).toMatchObject({ subject: '5' });
});

test('the number of a person at the school is taken as its text', () => {
  const member = { user_id: 'u', roles: [], lis_person_sourcedid: 4711 };
  expect(readMember(member)).toMatchObject({ personSourcedId: '4711' });
});

test.each([undefined, null, '', 0, 1.5, 2 ** 53, {}])(
  'a member by the id %s cannot be told apart',
  (user_id) => {
    expect(readMember({ user_id, roles: ['Learner'] })).toBeUndefined();
  },
);
