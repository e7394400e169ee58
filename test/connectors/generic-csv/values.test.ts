import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toDay, toSourcedId } from '../../../connectors/generic-csv/values.ts';
import { sourcedIdPattern } from '../../../contracts/roster.ts';

test('dates are read in the order that is named', () => {
  expect(toDay('1/05/2023', 'dmy')).toBe('2023-05-01');
  expect(toDay('1/05/2023', 'mdy')).toBe('2023-01-05');
  expect(toDay('2023.5.1', 'ymd')).toBe('2023-05-01');
  expect(toDay('20230501', 'ymd')).toBe('2023-05-01');
  expect(toDay('01052023', 'dmy')).toBe('2023-05-01');
  expect(toDay('2023-05-01T00:00:00Z', 'ymd')).toBe('2023-05-01');
});

test('what is no day is not made into one', () => {
  for (const text of ['30/02/2023', '1/13/2023', '1/5/23', 'May 1', '', '44927']) {
    expect(toDay(text, 'dmy')).toBeUndefined();
  }
});

test('any text makes a sourcedId that the standard allows, and what is one already stays', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (text) => {
      expect(toSourcedId(text)).toMatch(sourcedIdPattern);
      if (sourcedIdPattern.test(text)) expect(toSourcedId(text)).toBe(text);
    }),
  );
});
