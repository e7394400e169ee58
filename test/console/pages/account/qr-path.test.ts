import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { qrPath } from '../../../../src/console/pages/account/qr-path.ts';

test('each dark square is drawn where it stands', () => {
  const rows = [
    [true, false],
    [false, true],
  ];
  expect(qrPath(rows)).toBe('M0 0h1v1h-1zM1 1h1v1h-1z');
});

test('the key of an authenticator, as long as it gets, fits into a code', () => {
  const label = `Gatehouse:${'a'.repeat(240)}@school.example`;
  const uri = `otpauth://totp/${encodeURIComponent(label)}?issuer=Gatehouse&secret=${'A'.repeat(32)}`;
  const { data, size } = encode(uri, { ecc: 'M', border: 4 });
  expect(data).toHaveLength(size);
  // The finder patterns, at three corners inside the quiet zone.
  for (const [y, x] of [
    [4, 4],
    [4, size - 11],
    [size - 11, 4],
  ] as const) {
    expect(data[y]!.slice(x, x + 7)).toEqual(Array.from({ length: 7 }, () => true));
  }
});
