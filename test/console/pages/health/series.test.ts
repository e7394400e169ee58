import { expect, test } from 'vitest';
import { planStretches } from '../../../../src/console/pages/health/series.ts';

const now = Date.UTC(2026, 10, 21, 10, 7, 30);

test('a window is cut as the hub counts, without gaps, up to the stretch that is on', () => {
  const hours = planStretches('24h', now);
  expect(hours).toHaveLength(24);
  expect(hours.at(-1)).toEqual({ from: '2026-11-21T10:00:00.000Z', to: '2026-11-21T11:00:00.000Z' });
  expect(hours.slice(1).every(({ from }, index) => from === hours[index]?.to)).toBe(true);
  expect(planStretches('1h', now).at(-1)?.from).toBe('2026-11-21T10:05:00.000Z');
  expect(planStretches('28d', now)[0]?.from).toBe('2026-10-25T00:00:00.000Z');
});
