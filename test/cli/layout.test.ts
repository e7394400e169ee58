import { expect, test } from 'vitest';
import { facts, table, visible, visibleLines } from '../../src/cli/layout.ts';

test.each([
  ['\u001b[31mred', '\\u001b[31mred'],
  ['\u009b2J', '\\u009b2J'],
  ['a\rb\nc\td\u007f\0', 'a\\u000db\\u000ac\\u0009d\\u007f\\u0000'],
  ['\u202eevil\u2066\u200f\u061c', '\\u202eevil\\u2066\\u200f\\u061c'],
  ['line\u2028line', 'line\\u2028line'],
])('%j cannot steer a terminal', (text, expected) => {
  expect(visible(text)).toBe(expected);
});

test('letters of every script stay as they are', () => {
  const text = 'Žofie · 学校 · مدرسة · 👩‍🏫 – “x”';
  expect(visible(text)).toBe(text);
});

test('a value cannot pretend to be another row or fact', () => {
  expect(table(['NAME'], [['a\nADMIN']], 'none')).toBe('NAME\na\\u000aADMIN');
  expect(facts({ name: 'a\nstatus: active' })).toBe('name:  a\\u000astatus: active');
});

test('lines of an answer stay lines', () => {
  expect(visibleLines('a\nb\u0007')).toBe('a\nb\\u0007');
});

test('JSON means the same afterwards', () => {
  const value = { name: 'a\u0085\u202e\u001b\n' };
  expect(JSON.parse(visibleLines(JSON.stringify(value, null, 2)))).toEqual(value);
});
