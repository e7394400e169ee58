import type { Entity } from '../../../contracts/roster.ts';
import type { MassChange } from '../engine.ts';
import type { Hold } from '../run.ts';

/** So many sourcedIds may become other people's at once: now and then a source uses one again. */
const recycledPercent = 2;
const recycledFloor = 5;
/** So many rows may lose what a column held, however few have it: one that hardly anybody has comes and goes. */
const emptiedFloor = 10;
const emptiedPercent = 5;
/** So many may be given the run of a place at once. */
const administratorsFloor = 10;

/**
 * Why changes wait, of rows that stay: what they were is gone as with a removal, or they let people in where they had no business.
 *
 * @param recycled users whose sourcedId has become another person's
 * @param present rows of each entity now
 */
export function decideChangeHolds(
  massChanges: readonly MassChange[],
  recycled: number,
  present: ReadonlyMap<Entity, number>,
): Hold[] {
  const holds: Hold[] = [];
  const users = present.get('users') ?? 0;
  const pass = Math.max(recycledFloor, percentOf(users, recycledPercent));
  if (recycled > pass) {
    holds.push({
      ...{ code: 'ids_recycled', entity: 'users', school: null },
      ...{ count: recycled, total: users, allowed: pass },
    });
  }
  for (const change of massChanges) {
    const hold = holdOf(change, present.get(change.entity) ?? 0);
    // One column that is emptied is enough to look at an entity.
    if (hold.count > hold.allowed && !holds.some((each) => isSame(each, hold))) holds.push(hold);
  }
  return holds;
}

const isSame = (a: Hold, b: Hold) => a.code === b.code && a.entity === b.entity;

const percentOf = (rows: number, percent: number) => Math.floor((rows * percent) / 100);

function holdOf({ kind, entity, count, had }: MassChange, present: number): Hold {
  const half = Math.ceil(had / 2) - 1;
  const [code, allowed] =
    kind === 'emptied'
      ? (['column_emptied', Math.max(emptiedFloor, half, percentOf(present, emptiedPercent))] as const)
      : (['administrators', Math.max(administratorsFloor, had)] as const);
  return { code, entity, school: null, count, total: had, allowed };
}
