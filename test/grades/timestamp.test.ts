import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTimestamp } from '../../src/grades/timestamp.ts';

describe('a timestamp', () => {
  test.each([
    ['2026-03-01T08:15:30.123Z', '2026-03-01T08:15:30.123000+00:00'],
    ['2026-03-01T08:15:30.123456789+05:30', '2026-03-01T08:15:30.123456+05:30'],
    ['2026-03-01T08:15:30.1+0530', '2026-03-01T08:15:30.100000+05:30'],
    ['2026-03-01T08:15:30,5-08', '2026-03-01T08:15:30.500000-08:00'],
    ['2026-03-01t08:15:30.000z', '2026-03-01T08:15:30.000000+00:00'],
    ['2026-03-01T08:15:30.000+00', '2026-03-01T08:15:30.000000+00:00'],
  ])('%s is read', (value, text) => {
    expect(parseTimestamp(value)).toMatchObject({ text, withoutFraction: false });
  });

  test('without the fraction is read, and that it lacks it is told', () => {
    expect(parseTimestamp('2026-03-01T08:15:30Z')).toMatchObject({
      milliseconds: Date.UTC(2026, 2, 1, 8, 15, 30),
      withoutFraction: true,
    });
  });

  test.each([
    '2026-03-01T08:15:30.123',
    '2026-03-01 08:15:30.123Z',
    '2026-03-01',
    '2026-02-30T08:15:30.123Z',
    '2026-13-01T08:15:30.123Z',
    '2026-03-01T25:15:30.123Z',
    '2026-03-01T08:15:30.123+99:00',
    '2026-03-01T08:15:30.123+00:61',
    '1772353530',
    // PostgreSQL or JavaScript would not write these as they read them.
    '0000-01-01T00:00:00.000Z',
    '0001-01-01T00:00:00.000+15:00',
    '1899-12-31T23:59:59.999Z',
    '9999-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999-15:59',
    '',
  ])('%s is none', (value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });

  test('means the same moment as in JavaScript wherever that understands it', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        expect(parseTimestamp(date.toISOString())?.milliseconds).toBe(date.getTime());
      }),
    );
  });
});
