import type { OptionSpec } from './command.ts';
import type { Values } from './values.ts';

interface Bounds {
  usual: number;
  most: number;
}

const usualBounds: Bounds = { usual: 20, most: 500 };

/** How long a list is. */
export function limitOption({ usual, most } = usualBounds): { limit: OptionSpec } {
  return { limit: { value: 'number', about: `How many; ${usual} by default, ${most} at most` } };
}

/** @throws UsageError for a length out of bounds */
export function readLimit(values: Values, { usual, most } = usualBounds): number {
  const limit = values.optionalNumber('limit') ?? usual;
  if (limit < 1 || limit > most) throw values.wrong('limit', `must be from 1 to ${most}`);
  return limit;
}
