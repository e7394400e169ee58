import { expect, test } from 'vitest';
import { parseInput } from '../../src/platform/input.ts';
import { publicKeySet, webAddress } from '../../src/platform/partner-values.ts';

const strict = webAddress({ allowLoopback: false });
const lenient = webAddress({ allowLoopback: true });
const rsa = { kty: 'RSA', kid: 'k1', n: 'AQAB', e: 'AQAB' };

test.each(['https://tool.example', 'https://tool.example:8443/a?b=c', 'https://localhost/x'])(
  '%s is accepted',
  (address) => expect(strict.parse(address)).toBe(address),
);

test.each([
  'http://tool.example',
  'http://localhost/',
  'ftp://tool.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'tool.example/launch',
  '//tool.example',
  '',
  ' https://tool.example',
  'https://tool.example/\n',
  'https://tööl.example/',
  'https://user:secret@tool.example/',
  'https://tool.example/#top',
  'https://tool.example/#',
  `https://tool.example/${'x'.repeat(2000)}`,
])('%j is refused', (address) => expect(strict.safeParse(address).success).toBe(false));

test.each(['http://tool.localhost:3000/x', 'http://localhost', 'http://127.0.0.1:8080/', 'http://[::1]/'])(
  'plain http to this machine (%s) is accepted where it is allowed',
  (address) => {
    expect(lenient.parse(address)).toBe(address);
    expect(strict.safeParse(address).success).toBe(false);
  },
);

test.each(['http://tool.example', 'http://localhost.example', 'http://10.0.0.1/', 'http://notlocalhost/'])(
  'plain http elsewhere (%s) is refused even then',
  (address) => expect(lenient.safeParse(address).success).toBe(false),
);

test('an address keeps its spelling, since it is compared character by character', () => {
  expect(strict.parse('https://Tool.Example')).toBe('https://Tool.Example');
});

test('a key set with an RSA key is accepted, with its other members', () => {
  const set = { keys: [{ ...rsa, alg: 'RS256', use: 'sig' }] };
  expect(publicKeySet.parse(set)).toEqual(set);
});

test('private members that hold nothing, as .NET writes them, are no private key', () => {
  const set = { keys: [{ ...rsa, d: null, p: null, q: '' }] };
  expect(publicKeySet.parse(set)).toEqual(set);
});

test.each([
  ['no set', [rsa], 'Paste a key set'],
  ['an empty set', { keys: [] }, ''],
  ['a key without a name', { keys: [{ ...rsa, kid: undefined }] }, 'kid'],
  ['a private key', { keys: [{ ...rsa, d: 'x' }] }, 'private key'],
  ['a symmetric key', { keys: [{ kty: 'oct', kid: 'a', k: 'x' }] }, 'private key'],
  ['no RSA key', { keys: [{ kty: 'EC', kid: 'a', crv: 'P-256', x: 'x', y: 'y' }] }, 'RSA'],
])('%s is refused', (_what, set, message) => {
  const result = publicKeySet.safeParse(set);
  expect(result.error?.issues[0]?.message).toContain(message);
});

test('the error for wrong input names the first field and lists all of them', () => {
  expect(() => parseInput(strict, 'http://x', 'bad')).toThrow(
    expect.objectContaining({
      kind: 'input',
      code: 'bad',
      message: 'The address must begin with https://.',
      details: { issues: [{ path: '', message: 'The address must begin with https://.' }] },
    }),
  );
});
