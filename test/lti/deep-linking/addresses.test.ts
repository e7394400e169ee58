import { expect, test } from 'vitest';
import { itemAddress } from '../../../src/lti/deep-linking/addresses.ts';
import { parseTarget } from '../../../src/lti/inbound/target.ts';

const hub = 'https://hub.example';
const item = '00000000-0000-7000-8000-000000000001';
const place = { slug: 'school', toolSlug: 'quiz' };

test('a link is read again where its launch comes in: at the school’s address', () => {
  const address = itemAddress(hub, { ...place, hubWide: false }, item);
  expect(parseTarget(address, hub, 'school')).toEqual({ toolSlug: 'quiz', to: undefined, item });
  expect(parseTarget(address, hub, 'other')).toBeUndefined();
  expect(parseTarget(address, hub, undefined)).toBeUndefined();
});

test('a link of a hub-wide registration names no school, which only the verified deployment tells', () => {
  const address = itemAddress(hub, { ...place, hubWide: true }, item);
  expect(parseTarget(address, hub, undefined)).toEqual({ toolSlug: 'quiz', to: undefined, item });
  expect(address).not.toContain('school');
});
