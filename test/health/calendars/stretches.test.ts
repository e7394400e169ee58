import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Span } from '../../../contracts/calendars.ts';
import { dateOf, dayIn, dayNumber } from '../../../src/health/calendars/days.ts';
import { decidePeriod } from '../../../src/health/calendars/period.ts';
import { planStretches } from '../../../src/health/calendars/stretches.ts';

const first = dayNumber('2025-09-01');
const span = fc
  .record({
    kind: fc.constantFrom('term' as const, 'exams' as const, 'break' as const),
    begin: fc.nat(400),
    length: fc.nat(100),
  })
  .map(
    ({ kind, begin, length }): Span => ({
      ...{ kind, name: kind, from: dateOf(first + begin), to: dateOf(first + begin + length) },
    }),
  );
const term = span.map((each): Span => ({ ...each, kind: 'term' }));
const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Africa/Cairo', 'Pacific/Apia', 'America/Havana'];

test('every moment lies in the one stretch whose period its day has, and stretches leave no gap', () => {
  const calendars = fc.record({
    zone: fc.constantFrom(...zones),
    spans: fc.tuple(term, fc.array(span, { maxLength: 6 })).map(([one, more]) => [one, ...more]),
  });
  const ranges = fc.tuple(fc.integer({ min: -60, max: 500 }), fc.integer({ min: 1, max: 500 * 24 }));
  fc.assert(
    fc.property(
      calendars,
      ranges,
      fc.array(fc.nat(999).map((thousandths) => thousandths / 1000)),
      (calendar, [begin, hours], places) => {
        const from = (first + begin) * 86_400_000;
        const to = from + hours * 3_600_000;
        const stretches = planStretches(calendar, { from, to });
        expect([stretches[0]?.from, stretches.at(-1)?.to]).toEqual([from, to]);
        for (const [index, { to: end }] of stretches.slice(0, -1).entries()) {
          expect(stretches[index + 1]).toMatchObject({ from: end });
        }
        const edges = stretches.flatMap((each) => [each.from, each.to - 1]);
        for (const at of [...edges, ...places.map((place) => Math.floor(from + place * (to - from)))]) {
          const own = stretches.filter((each) => each.from <= at && at < each.to);
          expect(own.map(({ period }) => period)).toEqual([
            decidePeriod(calendar.spans, dayIn(calendar.zone)(at)),
          ]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a calendar without a term has no stretches', () => {
  const spans: Span[] = [{ kind: 'break', name: 'Break', from: '2026-03-02', to: '2026-03-06' }];
  expect(planStretches({ zone: 'UTC', spans }, { from: 0, to: 1e12 })).toEqual([]);
});
