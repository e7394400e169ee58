import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../../src/platform/http/json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));

test('what is JSON is parsed as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      fc.pre(!JSON.stringify(value).includes('__proto__'));
      expect(JSON.stringify(parse(JSON.stringify(value)))).toBe(JSON.stringify(value));
    }),
  );
});

test.each(['', '{', '{"a":1', '{a:1}', "{'a':1}", '[1,]', 'NaN', '{"a":1}{}', '\u0000'])(
  'what is no JSON is refused without quoting it: %j',
  (text) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'json_malformed', message: 'The body is not JSON.' }),
    );
  },
);

test.each([[[0x22, 0xff, 0x22]], [[0x22, 0xed, 0xa0, 0x80, 0x22]], [[0xfe, 0xff, 0, 0x31]]])(
  'bytes that are not UTF-8 are refused: %j',
  (bytes) => {
    expect(() => parseJson(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'json_malformed', message: 'The body is not UTF-8.' }),
    );
  },
);

test('a byte order mark is no part of the text', () => {
  expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
});

const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;

test('nesting has a limit, which brackets in a text do not count for', () => {
  expect(() => parse(nested(34))).toThrow(expect.objectContaining({ code: 'json_too_deep' }));
  expect(parse(nested(32))).toBeDefined();
  expect(parse(JSON.stringify({ comment: '[{"'.repeat(1000), quote: '\\"[' }))).toHaveProperty('comment');
  expect(parse(`[${Array(100).fill('[]').join(',')}]`)).toHaveLength(100);
  expect(() => parse('['.repeat(500_000))).toThrow(expect.objectContaining({ code: 'json_too_deep' }));
});

test('no member becomes a prototype, however its name is written', () => {
  for (const name of ['__proto__', '\\u005f_proto__', '__pr\\u006fto__']) {
    const value = parse(`{"a":{"${name}":{"admin":true}},"b":"\\u00fc"}`) as { a: object };
    expect(Object.keys(value.a)).toEqual([]);
    expect(({ ...value.a } as { admin?: boolean }).admin).toBeUndefined();
    expect(value).toHaveProperty('b', 'ü');
  }
});

test.each(['"\\u0000"', '["a\\ud800b"]', '{"a":{"\\udc00":1}}', '{"\\u0000":1}', '"\\ude00\\ud83d"'])(
  'a text that PostgreSQL could not read again is refused: %s',
  (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'json_text_refused' }));
  },
);

test('escapes of whole characters, and what only looks like an escape, are taken', () => {
  expect(parse('["\\ud83d\\ude00","\\\\u0000","\\u00e4"]')).toEqual(['😀', '\\u0000', 'ä']);
});

test('of a repeated name the last one counts', () => {
  expect(parse('{"a":1,"a":2}')).toEqual({ a: 2 });
});
