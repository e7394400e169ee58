import { createDistrict, type District } from '../../../src/demo/sis/district.ts';
import { districtSizes } from '../../../src/demo/sis/sizes.ts';

/** A night: how much of the district is different, and in which of many ways. */
export interface Night {
  share: number;
  round: number;
}

export const firstNight: Night = { share: 0, round: 0 };

/** Two thousand people, as they are after a night. */
export function districtAt({ share, round }: Night): District {
  const district = createDistrict({ seed: 11, size: districtSizes.demo });
  return share === 0 ? district : district.changed(share, round);
}

/** What the simulated system knows of the hub. */
export const sisConsumer = { clientId: 'faults', clientSecret: 'of-the-fault-tests' };
