import { expect, test } from 'vitest';
import {
  type CertificateFact,
  planCertificates,
} from '../../../src/sso/saml-connections/certificate-states.ts';

const known = (states: Record<string, CertificateFact['state']>) =>
  Object.entries(states).map(([fingerprint, state]) => ({ fingerprint, state }));

test('the first metadata makes its certificates active', () => {
  expect(planCertificates([], [], ['a', 'b'])).toEqual([
    { fingerprint: 'a', to: 'active' },
    { fingerprint: 'b', to: 'active' },
  ]);
});

test('a certificate is announced while the one before still signs, and takes over when that is gone', () => {
  expect(planCertificates(known({ a: 'active' }), ['a'], ['a', 'b'])).toEqual([
    { fingerprint: 'b', to: 'next' },
  ]);
  expect(planCertificates(known({ a: 'active', b: 'next' }), ['a', 'b'], ['b'])).toEqual([
    { fingerprint: 'a', to: 'retired' },
    { fingerprint: 'b', to: 'active' },
  ]);
});

test('one that replaces all others at once signs at once', () => {
  expect(planCertificates(known({ a: 'active' }), ['a'], ['b'])).toEqual([
    { fingerprint: 'a', to: 'retired' },
    { fingerprint: 'b', to: 'active' },
  ]);
});

test('what was done by hand stays: an added one, and a retired one that the metadata goes on naming', () => {
  const facts = known({ a: 'active', hand: 'active', gone: 'retired' });
  expect(planCertificates(facts, ['a', 'gone'], ['a', 'gone'])).toEqual([]);
  expect(planCertificates(facts, ['a', 'gone'], ['gone'])).toEqual([{ fingerprint: 'a', to: 'retired' }]);
});

test('one that comes back after it was removed counts again', () => {
  expect(planCertificates(known({ a: 'active', b: 'retired' }), ['a'], ['a', 'b'])).toEqual([
    { fingerprint: 'b', to: 'next' },
  ]);
});
