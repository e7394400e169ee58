import { expect, test } from 'vitest';
import { findNextPage } from '../../../src/lti/lms/link-header.ts';

const base = 'https://lms.example/items?page=1';
const next = 'https://lms.example/items?page=2';

test.each([
  `<${next}>; rel="next"`,
  `<${next}>;rel=next`,
  `<https://lms.example/items?page=1>; rel="current",<${next}>; rel="next",<https://lms.example/9>; rel="last"`,
  `<${next}>; title="a, b; rel=last"; rel="next"`,
  `<${next}>; REL="prefetch Next"`,
  '</items?page=2>; rel="next"',
  '<?page=2>; rel="next"',
  // Moodle's quotes, as their bytes come out of the header
  `<${next}>; rel=\u00e2\u0080\u009cnext\u00e2\u0080\u009d`,
  `<${next}>; rel=“next”`,
])('the next page is found in %s', (header) => {
  expect(findNextPage(header, base)).toBe(next);
});

test('an address escaped as in HTML is read as it is meant', () => {
  const header = '<https://m.example/l?type_id=1&amp;limit=2&amp;from=2>; rel="next"';
  expect(findNextPage(header, base)).toBe('https://m.example/l?type_id=1&limit=2&from=2');
});

test.each([
  undefined,
  '',
  `<${next}>; rel="last"`,
  `<${next}>`,
  `<${next}>; title="next"`,
  '<https://>; rel="next"',
])('there is no next page in %s', (header) => {
  expect(findNextPage(header, base)).toBeUndefined();
});

test('a header longer than any real one is not read', () => {
  expect(findNextPage(`<${'a'.repeat(9_000)}>; rel="next"`, base)).toBeUndefined();
});

test('a header made to be slow is read in no time', () => {
  const started = performance.now();
  findNextPage('<'.repeat(7_999), base);
  findNextPage(`<a>${'; '.repeat(3_990)}`, base);
  findNextPage(`<a>;${' '.repeat(7_990)}`, base);
  findNextPage(`<a>;a="${'\\\\'.repeat(3_990)}`, base);
  findNextPage(`<a>${';a= '.repeat(1_990)}`, base);
  expect(performance.now() - started).toBeLessThan(200);
});
