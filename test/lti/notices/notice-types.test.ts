import { expect, test } from 'vitest';
import { readTypes } from '../../../src/lti/notices/notice-types.ts';

test('types that the hub understands come first, each once, and what is no name is none', () => {
  const offered = [
    ...['XNotice', 'LtiContextCopyNotice', 'XNotice', 'LtiHelloWorldNotice'],
    ...['', ' X', 'a b', '<script>', `X${'y'.repeat(255)}`, '7Notice', 'https://lms.example/notice'],
  ];
  expect(readTypes(offered)).toEqual([
    ...['LtiHelloWorldNotice', 'LtiContextCopyNotice'],
    ...['XNotice', 'https://lms.example/notice'],
  ]);
  expect(readTypes(Array.from({ length: 1_000 }, (_, at) => `X${at}`))).toHaveLength(50);
  expect(readTypes([])).toEqual([]);
});
