import { expect, test } from 'vitest';
import { accountKey, addressKey, planDelays } from '../../../src/operators/sessions/attempts.ts';

test('waits double from the fifth failure of an account on, up to a quarter of an hour', () => {
  const seconds = planDelays('account').map((ms) => ms / 1000);
  expect(seconds).toEqual([0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900]);
  expect(planDelays('address').filter((ms) => ms === 0)).toHaveLength(49);
});

test('keys hold no names, and are one for all spellings of an address', () => {
  expect(accountKey(undefined, ' Ada@Company.Example')).toEqual(accountKey(undefined, 'ada@company.example'));
  expect(accountKey('north', 'ada@company.example')).not.toEqual(
    accountKey(undefined, 'ada@company.example'),
  );
  expect(addressKey('2001:db8::1')).toEqual(addressKey('2001:db8::2'));
  expect(JSON.stringify(accountKey('north', 'ada@company.example'))).not.toMatch(/ada|north/);
});
