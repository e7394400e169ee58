import { expect, test } from 'vitest';
import { decideOutlook } from '../../../src/health/onboarding/board.ts';
import type { ForecastResult } from '../../../src/health/onboarding/forecast.ts';

const likelyOn = (day: string): ForecastResult => {
  const likely = Date.parse(`${day}T18:00:00Z`);
  const forecast = { early: likely, likely, late: likely, basis: 'kind', samples: 9, isSmall: true } as const;
  return { kind: 'forecast', forecast };
};
const silent: ForecastResult = { kind: 'unknown', stage: 'live', samples: 0 };
const stuck: ForecastResult = { kind: 'overdue', stage: 'live', samples: 5 };

test.each([
  [null, false, likelyOn('2026-12-01'), null],
  ['2026-12-01', false, likelyOn('2026-12-01'), 'on_time'],
  ['2026-12-01', false, likelyOn('2026-12-02'), 'at_risk'],
  ['2026-12-01', false, stuck, 'at_risk'],
  ['2026-12-01', false, silent, 'unknown'],
  ['2026-12-01', true, likelyOn('2026-11-30'), 'overdue'],
] as const)('promised for %s, gone by: %s', (promisedOn, isOverdue, forecast, outlook) => {
  expect(decideOutlook({ promisedOn, isOverdue }, forecast)).toBe(outlook);
});
