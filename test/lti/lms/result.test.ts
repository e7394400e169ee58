import { expect, test } from 'vitest';
import { readResult } from '../../../src/lti/lms/result.ts';

test('a result of a person whose id is a number is that of the person whom launches name by it', () => {
  expect(readResult({ userId: 7, resultScore: '4.5' })).toMatchObject({ subject: '7', resultScore: 4.5 });
});

test.each([undefined, null, '', 0, 1.5, 2 ** 53, {}])('a result of %s is nobody’s', (userId) => {
  expect(readResult({ userId, resultScore: 1 })).toBeUndefined();
});
