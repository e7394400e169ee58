import { expect, test } from 'vitest';
import { createLmsTurns } from '../../src/lti/lms-turns.ts';

test('a tool whose calls are too many is told that the LMS is busy, and to come back', async () => {
  const turns = createLmsTurns({ most: 1, mostWaiting: 0, longestWaitMs: 1_000 });
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = turns.take('connection', () => promise);
  await expect(turns.take('connection', async () => 'second')).rejects.toMatchObject({
    kind: 'upstream',
    code: 'lms_unavailable',
    message: expect.stringContaining('Try again'),
  });
  resolve('first');
  expect(await first).toBe('first');
});
