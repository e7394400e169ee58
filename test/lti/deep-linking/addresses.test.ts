import { expect, test } from 'vitest';
import { itemAddress } from '../../../src/lti/deep-linking/addresses.ts';
import { parseTarget } from '../../../src/lti/inbound/target.ts';

const hub = 'https://hub.example';
const item = '00000000-0000-7000-8000-000000000001';
const school = { baseUrl: hub, tenantSlug: 'school' };
const all = { baseUrl: hub, tenantSlug: undefined };

test('a link is read again where its launch comes in: at the school’s address', () => {
  const address = itemAddress(school, 'quiz', item);
  expect(parseTarget(address, school)).toEqual({ toolSlug: 'quiz', to: undefined, item });
  expect(parseTarget(address, { ...school, tenantSlug: 'other' })).toBeUndefined();
  expect(parseTarget(address, all)).toBeUndefined();
});

test('a link of a hub-wide registration names no school, which only the verified deployment tells', () => {
  const address = itemAddress(all, 'quiz', item);
  expect(parseTarget(address, all)).toEqual({ toolSlug: 'quiz', to: undefined, item });
  expect(address).not.toContain('school');
});

test('under the school’s own domain a link is made there, and read again where that is the school’s', () => {
  const place = { ...school, domain: 'lti.school.example' };
  const address = itemAddress(place, 'quiz', item);
  expect(address).toBe(`https://lti.school.example/open/quiz?item=${item}`);
  expect(parseTarget(address, { ...school, domains: [place.domain] })).toEqual({
    ...{ toolSlug: 'quiz', to: undefined, item },
  });
  expect(parseTarget(address, school)).toBeUndefined();
});
