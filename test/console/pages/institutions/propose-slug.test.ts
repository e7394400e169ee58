import { expect, test } from 'vitest';
import { proposeSlug } from '../../../../src/console/pages/institutions/propose-slug.ts';

test.each([
  ['North Side School', 'north-side-school'],
  ['  Colegio San José (Málaga) ', 'colegio-san-jose-malaga'],
  ['学校', ''],
  [`${'a'.repeat(62)} b`, 'a'.repeat(62)],
])('%j is proposed as %j', (name, slug) => expect(proposeSlug(name)).toBe(slug));
