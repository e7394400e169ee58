import type { Entity } from '../../../contracts/roster.ts';
import { models } from '../../../contracts/roster.ts';

/** Without these a row says nothing anybody could use. */
const saysNothingWithout: Partial<Readonly<Record<Entity, readonly string[]>>> = {
  enrollments: ['role'],
  roles: ['role'],
};

/** Columns that take their row with them when they hold nothing of use, also in the tolerant profile. */
export function essentialColumns(entity: Entity): readonly string[] {
  return [...models[entity].needs, ...(saysNothingWithout[entity] ?? [])];
}
