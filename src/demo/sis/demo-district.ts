import type { Clock } from '../../platform/clock.ts';
import { createDistrict, type District } from './district.ts';
import { districtSizes } from './sizes.ts';

const names: Readonly<Record<string, string>> = {
  northside: 'Northside Schools',
  riverbend: 'Riverbend Schools',
};

/** From July on the next school year is the one that systems export. */
const firstMonth = 6;

/** The 2,000 people of one of the demo's tenants, in the school year that it is. */
export function demoDistrict(slug: string, clock: Clock): District {
  const now = new Date(clock.now());
  const schoolYear = now.getUTCFullYear() + (now.getUTCMonth() >= firstMonth ? 1 : 0);
  const name = names[slug] ?? 'Cedarvale Schools';
  return createDistrict({
    seed: name.length + name.charCodeAt(0),
    size: districtSizes.demo,
    name,
    schoolYear,
  });
}
