import { expect, test } from 'vitest';
import {
  describeSecret,
  hashRecoveryCode,
  makeRecoveryCodes,
  stepOfCode,
} from '../../../src/operators/second-factor/totp.ts';

/** RFC 6238 appendix B, of which authenticators show the last six digits. */
const secret = Buffer.from('12345678901234567890');

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('at %i the code is the one of the specification', (seconds, code) => {
  const step = Math.floor(seconds / 30);
  expect(stepOfCode(secret, code, seconds * 1000)).toBe(step);
  expect(stepOfCode(secret, ` ${code.slice(0, 3)} ${code.slice(3)}`, seconds * 1000)).toBe(step);
  expect(stepOfCode(secret, code, (seconds + 30) * 1000)).toBe(step);
  expect(stepOfCode(secret, code, (seconds + 90) * 1000)).toBeUndefined();
});

test('what is no code is none', () => {
  for (const code of ['', '28708', '2870822', 'abcdef', '28708２']) {
    expect(stepOfCode(secret, code, 59_000)).toBeUndefined();
  }
});

test('an authenticator is told the hub and the account', () => {
  const { uri, secret: typed } = describeSecret(secret, 'ada@company.example');
  expect(typed).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  expect(new URL(uri).searchParams.get('issuer')).toBe('Gatehouse');
  expect(decodeURIComponent(uri)).toContain('Gatehouse:ada@company.example');
});

test('recovery codes differ, and are known however they are typed', () => {
  const { codes, hashes } = makeRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  expect(hashRecoveryCode(codes[3]!.toUpperCase().replaceAll('-', ' '))).toEqual(hashes[3]);
  expect(hashRecoveryCode('123456')).toBeUndefined();
});
