import { expect, test } from 'vitest';
import { defined, readEntered } from '../../../src/console/parts/fields.ts';

test('texts are trimmed, what was left empty is not given, and lines without text are passed over', () => {
  const form = new FormData();
  form.append('name', '  Ada ');
  form.append('reason', ' ');
  form.append('hosts', 'one.example\n\n two.example \n');
  const entered = readEntered(form);
  expect(entered.text('name')).toBe('Ada');
  expect(entered.given('reason')).toBeUndefined();
  expect(entered.given('missing')).toBeUndefined();
  expect(entered.lines('hosts')).toEqual(['one.example', 'two.example']);
});

test('a secret is read as it was entered, since spaces may be part of it', () => {
  const form = new FormData();
  form.append('password', ' correct horse ');
  const entered = readEntered(form);
  expect(entered.secret('password')).toBe(' correct horse ');
  expect(entered.secret('missing')).toBe('');
});

test('of several boxes with one name, those that are ticked are read', () => {
  const form = new FormData();
  form.append('scopes', 'a');
  form.append('scopes', 'b');
  const entered = readEntered(form);
  expect(entered.all('scopes')).toEqual(['a', 'b']);
  expect(entered.has('scopes')).toBe(true);
  expect(entered.has('allowAnonymous')).toBe(false);
});

test('members without a value are left out, null is a value', () => {
  expect(defined({ one: 1, none: undefined, nothing: null })).toEqual({ one: 1, nothing: null });
});
