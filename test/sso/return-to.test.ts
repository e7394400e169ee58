import { expect, test } from 'vitest';
import { decideReturnTo } from '../../src/sso/return-to.ts';

const home = '/t/north/portal';

test.each([home, `${home}/classes/7`, `${home}?class=7&tool=a%20b`, `${home}/a/../b`])(
  '%s is a page of the portal',
  (given) => {
    expect(decideReturnTo('north', given)).toBe(given.replace('/a/..', ''));
  },
);

/** What browsers would take for another site, or another tenant's, or another page. */
const hostile = [
  undefined,
  '',
  7,
  ['/t/north/portal', '//evil.example'],
  { toString: () => '/t/north/portal?x' },
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https://evil.example/t/north/portal/',
  'https:/t/north/portal/',
  'javascript:alert(1)',
  'http://hub.localhost/t/north/portal/',
  `${home}/\\evil.example`,
  `${home}/..//evil.example`,
  `${home}/../../..//evil.example`,
  `${home}/%2e%2e/%2e%2e/%2e%2e//evil.example`,
  `${home}/.%2E/%2e./x`,
  `${home}/../sign-in`,
  `${home}/../portal-of-others`,
  `${home}/../../south/portal/`,
  `${home}\r\nSet-Cookie: a=b`,
  `${home}/\tx`,
  `${home}/\0`,
  ` ${home}/x`,
  `\t/${home}/x`,
  `${home}/é`,
  `${home}@evil.example`,
  `${home}.evil.example`,
  '/t/south/portal/x',
  '/t/north/sign-out',
  '/T/NORTH/PORTAL/x',
  `${home}/${'x'.repeat(2_000)}`,
];

test.each(hostile.map((given) => [given]))('%j leads to the portal’s first page', (given) => {
  expect(decideReturnTo('north', given)).toBe(home);
});

test('where it leads is never another origin nor outside the portal, whatever is glued together', () => {
  const parts = [
    '/',
    '//',
    '..',
    '%2e%2e',
    '.',
    '\\',
    '@',
    ':',
    '?',
    '#',
    'evil.example',
    'https:',
    '%00',
    home,
  ];
  for (const one of parts) {
    for (const two of parts) {
      for (const three of parts) {
        for (const start of ['', home, `${home}/`]) {
          const path = decideReturnTo('north', `${start}${one}${two}${three}`);
          const { origin, pathname } = new URL(path, 'https://hub.example');
          expect([origin, pathname === home || pathname.startsWith(`${home}/`)]).toEqual([
            'https://hub.example',
            true,
          ]);
        }
      }
    }
  }
});
