import { expect, test } from 'vitest';
import { decidePassword } from '../../../src/operators/passwords/weakness.ts';

const person = { name: 'Ada Lovelace', email: 'ada.lovelace@company.example' };

test.each([
  'aaaaaaaaaaaaaaaa',
  '123456789012345',
  'abcdefghijklmnop',
  'Password12345',
  'gatehouse2026!',
  'lovelace-2026-ada',
  'ada.lovelace@company.example',
  'PasswordPassword1',
])('%s is guessable', (password) => {
  expect(decidePassword(password, person)).toBe('guessable');
});

test.each([
  'correct horse battery staple',
  'tr0ub4dor&3 on a bike',
  'пять слов без связи',
  '7351 9402 6617 2080',
])('%s is good', (password) => {
  expect(decidePassword(password, person)).toBe('good');
});
