import type { Reply } from '../../api/contracts.ts';

type Plans = Reply<'showReadiness'>['connections'][number]['plans'];
type Plan = NonNullable<Plans['latest']>;

interface Side {
  rows: number;
  /** Of all rows that there were; undefined where that says nothing. */
  share?: number;
}

/** One line of a roster's profile: when it was planned, what it adds or removes, or how many rows of an entity it leaves. */
export interface ProfileLine {
  what: 'planned' | 'added' | 'removed' | 'rows';
  entity?: string;
  latest?: Side;
  lastYear?: Side;
}

/** The lines of a profile, sides beside each other; entities in the order of their rows, the most first. */
export function planProfileLines({ latest, lastYear }: Plans): ProfileLine[] {
  const sides = (pick: (plan: Plan) => Side) => ({
    ...(latest && { latest: pick(latest) }),
    ...(lastYear && { lastYear: pick(lastYear) }),
  });
  const moved = (what: 'created' | 'removed') =>
    sides((plan) => ({
      rows: plan[what],
      ...(plan.present > 0 && { share: plan[what] / plan.present }),
    }));
  const sizeOf = (plan: Plan | null, entity: string) => plan?.sizes[entity] ?? 0;
  const entities = [...new Set([latest, lastYear].flatMap((plan) => Object.keys(plan?.sizes ?? {})))];
  const most = (entity: string) => Math.max(sizeOf(latest, entity), sizeOf(lastYear, entity));
  return [
    { what: 'planned' },
    { what: 'added', ...moved('created') },
    { what: 'removed', ...moved('removed') },
    ...entities
      .toSorted((left, right) => most(right) - most(left))
      .map((entity) => ({
        ...({ what: 'rows', entity } as const),
        ...sides((plan) => ({ rows: sizeOf(plan, entity) })),
      })),
  ];
}
