import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyAddress } from '../../../src/platform/outbound/address.ts';
import { isLocalhostName, isLoopbackHost, parseOutboundUrl } from '../../../src/platform/outbound/url.ts';

const strict = { allowLoopback: false };

describe('parseOutboundUrl', () => {
  test.each([
    ['', 'outbound_url_invalid'],
    ['/relative', 'outbound_url_invalid'],
    ['https://', 'outbound_url_invalid'],
    ['http://lms.example/', 'outbound_scheme_refused'],
    ['ftp://lms.example/', 'outbound_scheme_refused'],
    ['file:///etc/passwd', 'outbound_scheme_refused'],
    ['data:text/plain,hello', 'outbound_scheme_refused'],
    ['https://user:secret@lms.example/', 'outbound_url_credentials_refused'],
    ['https://user@lms.example/', 'outbound_url_credentials_refused'],
  ])('refuses %j with %s', (url, code) => {
    expect(() => parseOutboundUrl(url, strict)).toThrow(expect.objectContaining({ kind: 'input', code }));
  });

  test('allows any port and drops the fragment', () => {
    expect(parseOutboundUrl('https://lms.example:8443/a?b=c#d', strict).href).toBe(
      'https://lms.example:8443/a?b=c',
    );
  });

  test('every numeric spelling of an IPv4 host becomes the dotted form that is then judged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (low) => {
        const value = 0x7f000000 + low;
        for (const host of [
          String(value),
          `0x${value.toString(16)}`,
          `0${value.toString(8)}`,
          `127.${low}`,
          `0177.0x${low.toString(16)}`,
        ]) {
          expect(classifyAddress(parseOutboundUrl(`https://${host}/`, strict).hostname)).toBe('loopback');
        }
      }),
    );
  });

  test('a refusal never repeats the credentials', () => {
    try {
      parseOutboundUrl('https://user:secret@lms.example/', strict);
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(error) + String(error)).not.toMatch(/secret|user:/);
    }
  });
});

test.each([
  ['localhost', true],
  ['localhost.', true],
  ['LMS.localhost', true],
  ['a.b.localhost.', true],
  ['localhost.example', false],
  ['notlocalhost', false],
])('%s is a localhost name: %s', (host, expected) => {
  expect(isLocalhostName(host)).toBe(expected);
});

test.each([
  ['localhost', true],
  ['hub.localhost', true],
  ['127.0.0.1', true],
  ['127.255.1.2', true],
  ['[::1]', true],
  ['::1', true],
  ['127.0.0.1.example', false],
  ['128.0.0.1', false],
  ['[::2]', false],
  ['hub.example', false],
])('%s can only mean this machine: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected);
});
