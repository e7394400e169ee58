import { expect, test } from 'vitest';
import { accountKeys, addressKey, planDelays } from '../../../src/operators/sessions/attempts.ts';

test('waits double from the fifth failure of an account on, up to a quarter of an hour', () => {
  const seconds = planDelays('account').map((ms) => ms / 1000);
  expect(seconds).toEqual([0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900]);
  expect(planDelays('address').filter((ms) => ms === 0)).toHaveLength(49);
});

test('keys hold no names, and are one for all spellings of an address', () => {
  const keys = (slug: string | undefined, email: string, address = '192.0.2.1') =>
    accountKeys(slug, email, address).map(({ key }) => key);
  const [near, everywhere] = keys(undefined, 'ada@company.example');
  expect(keys(undefined, ' Ada@Company.Example')).toEqual([near, everywhere]);
  const ofSchool = keys('north', 'ada@company.example');
  expect(ofSchool.filter((key) => key === near || key === everywhere)).toEqual([]);
  const [far, same] = keys(undefined, 'ada@company.example', '198.51.100.1');
  expect([far === near, same === everywhere]).toEqual([false, true]);
  expect(addressKey('2001:db8::1')).toEqual(addressKey('2001:db8::2'));
  expect(JSON.stringify(ofSchool)).not.toMatch(/ada|north/);
});
