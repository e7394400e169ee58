import { expect, test } from 'vitest';
import { decideGone } from '../../../src/sso/sessions/decide-gone.ts';

test.each([
  [{ asked: 1, gone: 1 }, 'gone'],
  [{ asked: 10, gone: 10 }, 'gone'],
  [{ asked: 11, gone: 11 }, 'doubtful'],
  [{ asked: 54, gone: 11 }, 'doubtful'],
  [{ asked: 55, gone: 11 }, 'gone'],
  [{ asked: 5_000, gone: 1_000 }, 'gone'],
  [{ asked: 5_000, gone: 1_001 }, 'doubtful'],
  [{ asked: 0, gone: 0 }, 'gone'],
] as const)('more than ten and more than a fifth at once are doubtful: %o', ({ asked, gone }, decision) => {
  expect(decideGone(asked, gone)).toBe(decision);
});
