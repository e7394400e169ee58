import { expect, test } from 'vitest';
import { parseForm, refuseDeepJson } from '../../../src/platform/http/body.ts';

const deep = (levels: number) => Buffer.from('['.repeat(levels) + ']'.repeat(levels));

test('JSON may nest as deep as the limit and no deeper', () => {
  expect(() => refuseDeepJson(deep(20), 20)).not.toThrow();
  expect(() => refuseDeepJson(deep(21), 20)).toThrow(expect.objectContaining({ code: 'body_too_deep' }));
});

test('brackets inside texts do not count', () => {
  const text = Buffer.from(JSON.stringify({ a: '[[[[', 'b"\\': '{{{{' }));
  expect(() => refuseDeepJson(text, 1)).not.toThrow();
});

test('siblings do not add up', () => {
  expect(() => refuseDeepJson(Buffer.from('[[],[],[],{}]'), 2)).not.toThrow();
});

test('a repeated field becomes an array and none reaches a prototype', () => {
  const form = parseForm('a=1&a=2&__proto__=x&b=%C3%BC+y&constructor=z', 10);
  expect(form.a).toEqual(['1', '2']);
  expect(form.b).toBe('ü y');
  expect(Object.getPrototypeOf(form)).toBeNull();
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('more fields than the limit are refused', () => {
  expect(() => parseForm('a=1&b=2&c=3', 2)).toThrow(expect.objectContaining({ code: 'too_many_fields' }));
});
