import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { type JwkSetReading, readJwkSet } from '../../src/lti/jwk-set.ts';
import { createPublishedKey, signWith } from './signing-key.ts';

const published = createPublishedKey('k1');
const other = createPublishedKey('k2');
const { alg: _alg, use: _use, ...bare } = published.jwk;

const read = (...keys: unknown[]) => readJwkSet({ keys }, 10);
const kids = (reading: JwkSetReading) => (reading.kind === 'read' ? [...reading.keys.keys()] : reading.kind);
const reasons = (reading: JwkSetReading) =>
  reading.kind === 'read' ? reading.refused.map(({ reason }) => reason) : reading.kind;

const ofDotNet = { alg: null, use: null, d: null, p: null, q: null, oth: null, key_ops: [], x5c: [] };

describe('readJwkSet', () => {
  test('an accepted key verifies what its private key signed, and only with RS256', async () => {
    const reading = read(published.jwk);
    const key = reading.kind === 'read' ? reading.keys.get('k1')?.key : undefined;
    expect(key).toMatchObject({ type: 'public', usages: ['verify'] });
    expect(key?.algorithm).toMatchObject({ name: 'RSASSA-PKCS1-v1_5', hash: { name: 'SHA-256' } });
    await expect(jwtVerify(await signWith(published), key!)).resolves.toBeDefined();
    await expect(jwtVerify(await signWith(other), key!)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  test.each([
    ['without alg and use, as Brightspace publishes it', bare],
    ['with key_ops verify', { ...bare, key_ops: ['verify'] }],
    ['with nulls for what is not set, as .NET writes them', { ...bare, ...ofDotNet }],
    ['with empty use and alg', { ...bare, use: '', alg: '' }],
    ['with members nobody knows', { ...bare, x5t: 'abc', 'vendor:note': { deep: true } }],
  ])('a key %s is accepted', (_case, jwk) => {
    expect(kids(read(jwk))).toEqual(['k1']);
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const withPrivatePart = { ...published.privateKey.export({ format: 'jwk' }), kid: 'k1' };
  test.each([
    ['an EC key', { ...ec, kid: 'k1' }, 'not_rsa'],
    ['a shared secret', { kty: 'oct', k: 'AAAA', kid: 'k1', alg: 'HS256' }, 'not_rsa'],
    ['an encryption key', { ...bare, use: 'enc' }, 'not_for_signatures'],
    ['a key for signing only', { ...bare, key_ops: ['sign'] }, 'not_for_signatures'],
    ['an RS512 key', { ...bare, alg: 'RS512' }, 'other_algorithm'],
    ['a key with alg none', { ...bare, alg: 'none' }, 'other_algorithm'],
    ['a published private key', withPrivatePart, 'private_key_published'],
    ['a private part of any type', { ...bare, d: 0 }, 'private_key_published'],
    ['a 1024-bit key', createPublishedKey('k1', 1024).jwk, 'too_small'],
    ['a 2040-bit key', createPublishedKey('k1', 2040).jwk, 'too_small'],
    ['a monstrous modulus', { ...bare, n: 'A'.repeat(100_000) }, 'too_large'],
    ['a modulus of zeros', { ...bare, n: 'A'.repeat(342) }, 'too_small'],
    ['a monstrous exponent', { ...bare, e: published.jwk.n }, 'too_large'],
    ['the exponent 1', { ...bare, e: 'AQ' }, 'malformed'],
    ['an even exponent', { ...bare, e: 'AQAA' }, 'malformed'],
    ['a key without modulus', { kty: 'RSA', kid: 'k1', e: 'AQAB' }, 'malformed'],
    ['a key without kid', { ...bare, kid: undefined }, 'no_kid'],
    ['a kid of null', { ...bare, kid: null }, 'no_kid'],
    ['a kid that is a number', { ...bare, kid: 1 }, 'malformed'],
    ['null', null, 'malformed'],
  ])('%s is left out, and the good key beside it kept', (_case, jwk, reason) => {
    const reading = read(jwk, other.jwk);
    expect([kids(reading), reasons(reading)]).toEqual([['k2'], [reason]]);
  });

  test('of two keys with one kid the first counts', () => {
    const reading = read(published.jwk, { ...other.jwk, kid: 'k1' });
    expect(reasons(reading)).toEqual(['duplicate_kid']);
    expect(reading.kind === 'read' && reading.keys.get('k1')?.fingerprint).toContain(published.jwk.n);
  });

  test.each([[null], [[]], ['keys'], [{}], [{ keys: {} }], [published.jwk]])(
    '%j is not a set',
    (document) => {
      expect(kids(readJwkSet(document, 10))).toBe('not_a_set');
    },
  );

  test('a set with more keys than allowed is refused whole', () => {
    expect(kids(readJwkSet({ keys: [bare, other.jwk] }, 2))).toEqual(['k1', 'k2']);
    expect(kids(readJwkSet({ keys: [bare, other.jwk] }, 1))).toBe('too_many_keys');
  });

  test('unchanged keys are not imported again, changed ones are', () => {
    const first = read(published.jwk, other.jwk);
    if (first.kind !== 'read') expect.unreachable();
    const second = readJwkSet({ keys: [published.jwk, { ...published.jwk, kid: 'k2' }] }, 10, first.keys);
    if (second.kind !== 'read') expect.unreachable();
    expect(second.keys.get('k1')).toBe(first.keys.get('k1'));
    expect(second.keys.get('k2')?.key).not.toBe(first.keys.get('k2')?.key);
  });
});
