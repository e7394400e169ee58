import type { Reply } from '../../api/contracts.ts';

type Plan = Reply<'showPlan'>['plan'];
type Counts = Plan['counts'][number];

/** What a plan would do to the rows of one school. */
export interface SchoolSum {
  /** The school's sourcedId; null: rows that name none. */
  school: string | null;
  present: number;
  created: number;
  changed: number;
  removed: number;
  restored: number;
  entities: Counts[];
}

/** The counts of a plan by school, the most removals first, since they are what people look for. */
export function sumBySchool(counts: readonly Counts[]): SchoolSum[] {
  const schools = Map.groupBy(counts, ({ school }) => school);
  const sums = [...schools].map(([school, entities]) => {
    const sum = (pick: (each: Counts) => number) => entities.reduce((total, each) => total + pick(each), 0);
    return {
      school,
      present: sum(({ present }) => present),
      created: sum(({ created }) => created),
      changed: sum(({ changed }) => changed),
      removed: sum(({ removed }) => removed),
      restored: sum(({ restored }) => restored),
      entities: [...entities],
    };
  });
  const weight = (each: SchoolSum) => each.created + each.changed + each.restored;
  return sums.sort((left, right) => right.removed - left.removed || weight(right) - weight(left));
}

/** What a plan would do in all. */
export function sumOf(counts: readonly Counts[]): Omit<SchoolSum, 'school' | 'entities'> {
  const start = { present: 0, created: 0, changed: 0, removed: 0, restored: 0 };
  return counts.reduce(
    (total, each) => ({
      present: total.present + each.present,
      created: total.created + each.created,
      changed: total.changed + each.changed,
      removed: total.removed + each.removed,
      restored: total.restored + each.restored,
    }),
    start,
  );
}
