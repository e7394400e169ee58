import { expect, test } from 'vitest';
import { masked, maskSecrets } from '../../src/audit/mask.ts';

test.each([
  'secret',
  'clientSecret',
  'client_secret',
  'bindPassword',
  'accessToken',
  'apiKey',
  'api_key',
  'private-key',
  'sealedPrivateKey',
  'Authorization',
  'apikey',
])('the member %s is masked at any depth', (name) => {
  expect(maskSecrets({ a: [{ [name]: 'x' }] })).toEqual({ a: [{ [name]: masked }] });
});

test.each(['name', 'tokenUrl', 'token_audience', 'publicKey', 'secretId', 'keyId', 'issuer'])(
  'the member %s is shown',
  (name) => {
    expect(maskSecrets({ [name]: 'x' })).toEqual({ [name]: 'x' });
  },
);

test('a secret that is not set shows as such', () => {
  expect(maskSecrets({ clientSecret: null, other: undefined })).toEqual({ clientSecret: null });
});

test('a whole object under a secret name is masked', () => {
  expect(maskSecrets({ credentials: { user: 'u', word: 'w' } })).toEqual({ credentials: masked });
});

test('the private members of a JSON Web Key are masked, the public ones shown', () => {
  expect(maskSecrets({ kty: 'RSA', n: 'n', e: 'AQAB', d: 'private' })).toEqual({
    kty: 'RSA',
    n: 'n',
    e: 'AQAB',
    d: masked,
  });
});

test('tokens, private keys and bytes are masked wherever they stand', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----';
  expect(maskSecrets(['Bearer eyJhbGciOi.eyJzdWIi.c2ln', pem, Buffer.from('x')])).toEqual([
    masked,
    masked,
    masked,
  ]);
});

test('plain values pass', () => {
  expect(maskSecrets({ a: 1, b: true, c: [new Date(0)], d: null })).toEqual({
    a: 1,
    b: true,
    c: ['1970-01-01T00:00:00.000Z'],
    d: null,
  });
});
