import { expect, test } from 'vitest';
import { addressAt, decideReached, domainName, readDomain } from '../../src/connections/domain.ts';

test.each([
  ['lti.school.example', 'lti.school.example'],
  [' LTI.School.Example ', 'lti.school.example'],
  ['xn--schle-kva.example', 'xn--schle-kva.example'],
])('%s is a domain, kept in lower case', (given, kept) => {
  expect(domainName.parse(given)).toBe(kept);
});

test.each([
  'school',
  'https://lti.school.example',
  'lti.school.example:8443',
  'lti.school.example/launch',
  'lti.school.example.',
  '*.school.example',
  '-lti.school.example',
  'lti..example',
  'schüle.example',
  '192.0.2.7',
  '[2001:db8::1]',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(127)}example`,
  '',
])('%s is none', (given) => {
  expect(domainName.safeParse(given).success).toBe(false);
  expect(readDomain(given, 'https://hub.example')).toBeUndefined();
});

test('of a Host field only a name is read, and the hub’s own is nobody’s', () => {
  expect(readDomain('LTI.school.example', 'https://hub.example')).toBe('lti.school.example');
  expect(readDomain('hub.example', 'https://hub.example:8443')).toBeUndefined();
  expect(readDomain(undefined, 'https://hub.example')).toBeUndefined();
});

test('at a domain the hub has its own scheme and port', () => {
  expect(addressAt('https://hub.example', 'lti.school.example')).toBe('https://lti.school.example');
  expect(addressAt('http://hub.localhost:8080', 'a.localhost')).toBe('http://a.localhost:8080');
});

test('a domain is reached where the challenge stands on a line of its own, and nowhere else', () => {
  expect(decideReached({ status: 200, text: 'one\ntwo\n' }, 'two')).toBe(true);
  expect(decideReached({ status: 200, text: 'onetwo\n' }, 'two')).toBe(false);
  expect(decideReached({ status: 404, text: 'two' }, 'two')).toBe(false);
  expect(decideReached({ status: 200, text: '' }, 'two')).toBe(false);
});
