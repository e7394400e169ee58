import { type ToilKind, toilKinds } from '../../../../contracts/burden.ts';
import type { Reply } from '../../api/contracts.ts';

type Toil = Reply<'showBurden'>['toil'];
type Counts = Record<ToilKind, number>;

/** A month with how often each kind of toil came up in it. */
export type ToilMonth = Counts & { month: string; all: number };

const nothing = (): Counts => ({ incidents: 0, replays: 0, rotations: 0, edits: 0, holds: 0 });

function sum(toil: Toil): Counts & { all: number } {
  const counts = nothing();
  for (const { kind, count } of toil) counts[kind] += count;
  return { ...counts, all: toilKinds.reduce((all, kind) => all + counts[kind], 0) };
}

/** Every one of the months up to now, the oldest first; those without toil too. UTC. @param now Unix milliseconds */
export function planToilMonths(toil: Toil, months: number, now: number): ToilMonth[] {
  const today = new Date(now);
  return Array.from({ length: months }, (_, index) => {
    const first = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - months + 1 + index, 1);
    const month = new Date(first).toISOString().slice(0, 7);
    return { month, ...sum(toil.filter((each) => each.month.startsWith(month))) };
  });
}

/** Partners by their toil, the most first; null: of none. */
export function rankToil(toil: Toil): (Counts & { partner: string | null; all: number })[] {
  return [...Map.groupBy(toil, ({ partner }) => partner)]
    .map(([partner, own]) => ({ partner, ...sum(own) }))
    .toSorted((left, right) => right.all - left.all);
}
