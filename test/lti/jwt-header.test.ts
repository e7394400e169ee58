import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHeader, peekPayload } from '../../src/lti/jwt-header.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (header: unknown) => `${encode(header)}.${encode({})}.c2ln`;

test('RS256 and a kid are all a header needs', () => {
  expect(checkHeader(token({ alg: 'RS256', kid: 'key-1', typ: 'JWT', other: 1 }))).toEqual({
    ok: true,
    kid: 'key-1',
  });
});

test.each(['none', 'None', 'HS256', 'RS384', 'RS512', 'PS256', 'ES256', 'rs256', ['RS256'], undefined])(
  'algorithm %s is refused',
  (alg) => {
    expect(checkHeader(token({ alg, kid: 'key-1' }))).toEqual({ ok: false, reason: 'alg_refused' });
  },
);

test.each(['jku', 'jwk', 'x5u', 'x5c', 'crit'])('a header with %s is refused, whatever it holds', (name) => {
  for (const value of ['x', null, [], {}]) {
    expect(checkHeader(token({ alg: 'RS256', kid: 'key-1', [name]: value }))).toMatchObject({
      reason: 'header_refused',
    });
  }
});

test.each([undefined, '', 7, null, 'k'.repeat(501)])('kid %s is none', (kid) => {
  expect(checkHeader(token({ alg: 'RS256', kid }))).toEqual({ ok: false, reason: 'kid_missing' });
});

test('no text is a fault', () => {
  const part = fc.oneof(
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const result = checkHeader(parts.join('.'));
      const payload = peekPayload(parts.join('.'));
      return typeof payload !== 'string' && (result.ok ? result.kid : result.reason).length > 0;
    }),
  );
});
