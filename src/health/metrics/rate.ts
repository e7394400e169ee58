import type { Rate } from '../../../contracts/health.ts';

/** Two-sided 95 % of the normal distribution. */
const z = 1.959_963_984_540_054;
/** Below this a percentage says more than is known. */
const fewest = 20;

/**
 * A share with its Wilson score interval (Wilson 1927; Brown, Cai, DasGupta 2001): it stays within 0 and 1, and says something
 * of three in three as well.
 *
 * @param part from 0 to `whole`
 */
export function rateOf(part: number, whole: number): Rate {
  if (whole === 0) return { part, whole, share: null, low: null, high: null, isSmall: true };
  const share = part / whole;
  const divisor = 1 + z ** 2 / whole;
  const centre = (share + z ** 2 / (2 * whole)) / divisor;
  const reach = (z / divisor) * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2));
  return {
    part,
    whole,
    share,
    // The bounds are exact at the ends, where floating point is not.
    low: part === 0 ? 0 : centre - reach,
    high: part === whole ? 1 : centre + reach,
    isSmall: whole < fewest,
  };
}
