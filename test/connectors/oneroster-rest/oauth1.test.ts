import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { authorize, baseString, encode, signature } from '../../../connectors/oneroster-rest/oauth1.ts';

test('the base string is that of RFC 5849 §3.4.1.1', () => {
  const oauth = [
    ['oauth_consumer_key', '9djdj82h48djs9d2'],
    ['oauth_token', 'kkk9d7dh3k39sjv7'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', '7d8f3e4a'],
  ] as const;
  const request = {
    method: 'POST',
    url: 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b',
    form: [...new URLSearchParams('c2&a3=2+q')],
  };
  expect(baseString(request, oauth)).toBe(
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D' +
      '%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1' +
      '%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  );
});

test('signatures are those of RFC 5849 §1.2', () => {
  const photos = { method: 'GET', url: 'http://photos.example.net/photos?file=vacation.jpg&size=original' };
  const oauth = [
    ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
    ['oauth_token', 'nnch734d00sl2jdk'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131202'],
    ['oauth_nonce', 'chapoH'],
  ] as const;
  const token = { value: 'nnch734d00sl2jdk', secret: 'pfkkdhi9sl3r4s00' };
  const credentials = {
    key: 'dpf43f3p2l4k3l03',
    secret: 'kd94hf93k423kf44',
    method: 'HMAC-SHA1',
    token,
  } as const;
  expect(signature(baseString(photos, oauth), credentials)).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');

  const exchange = { method: 'POST', url: 'https://photos.example.net/token' };
  const second = [
    ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
    ['oauth_token', 'hh5s93j4hdidpola'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', 'walatlh'],
    ['oauth_verifier', 'hfdp7dh39dks9884'],
  ] as const;
  const temporary = { value: 'hh5s93j4hdidpola', secret: 'hdhd0244k9j7ao03' };
  expect(signature(baseString(exchange, second), { ...credentials, token: temporary })).toBe(
    'gKgrFCywp7rO0OXSjdot/IHF7IU=',
  );
});

test('HMAC-SHA256 uses the same key: both secrets, encoded, with an ampersand between them', () => {
  const credentials = { key: 'k', secret: 'a b&c', method: 'HMAC-SHA256' } as const;
  const expected = createHmac('sha256', 'a%20b%26c&').update('GET&x').digest('base64');
  expect(signature('GET&x', credentials)).toBe(expected);
});

test('only unreserved characters stay as they are (RFC 5849 §3.6)', () => {
  expect(encode("aZ9-._~ !*'()&=+%é")).toBe('aZ9-._~%20%21%2A%27%28%29%26%3D%2B%25%C3%A9');
});

test('a default port is left out, another stays', () => {
  expect(baseString({ method: 'get', url: 'https://a.example:443/x' }, [])).toBe(
    'GET&https%3A%2F%2Fa.example%2Fx&',
  );
  expect(baseString({ method: 'get', url: 'https://a.example:8443/x' }, [])).toBe(
    'GET&https%3A%2F%2Fa.example%3A8443%2Fx&',
  );
});

test('each try has a nonce of its own', () => {
  const credentials = { key: 'k', secret: 's', method: 'HMAC-SHA256' } as const;
  const make = () => authorize({ method: 'GET', url: 'https://a.example/x' }, credentials, 1_700_000_000_500);
  const [first, second] = [make(), make()];
  expect(first).toMatch(/^OAuth oauth_consumer_key="k", .*oauth_timestamp="1700000000"/);
  expect(first).not.toBe(second);
});
