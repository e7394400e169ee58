import type { Reply } from '../../api/contracts.ts';

type Chart = Reply<'tenantHealthChart'>;

/** Something that happened in a chart's time: a change, or an incident from its first failure on. */
export type Mark =
  | { kind: 'change'; at: string; change: Chart['changes'][number] }
  | { kind: 'incident'; at: string; incident: Chart['incidents'][number] };

/** Changes and incidents among each other, the newest first. */
export function listMarks({ changes, incidents }: Pick<Chart, 'changes' | 'incidents'>): Mark[] {
  const marks: Mark[] = [
    ...changes.map((change) => ({ kind: 'change' as const, at: change.at, change })),
    ...incidents.map((incident) => ({ kind: 'incident' as const, at: incident.from, incident })),
  ];
  return marks.toSorted((left, right) => Date.parse(right.at) - Date.parse(left.at));
}

/** Bands within a chart's time, as instants on its axis (Unix milliseconds): breaks and exams over terms. */
export function planBands({ bands, from, to }: Pick<Chart, 'bands' | 'from' | 'to'>) {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const order = ['term', 'break', 'exams'];
  return bands
    .map((band) => ({
      ...{ kind: band.kind, name: band.name },
      from: Math.max(first, Date.parse(band.from)),
      to: Math.min(last, Date.parse(band.to)),
    }))
    .filter((band) => band.from < band.to)
    .toSorted((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind));
}

/**
 * The upper end of the axis of failures: rates of a few in a hundred are what is looked at, and would lie flat on an axis to one.
 *
 * @param shares from 0 to 1
 */
export function planTop(shares: readonly number[]): number {
  const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
  const most = Math.max(0, ...shares);
  return steps.find((step) => most <= step) ?? 1;
}

/** As many marks of a kind as can be told apart in a chart. */
const mostDrawn = 12;
/** What may break everything at once, and so is drawn where not all is. */
const wide: readonly string[] = ['hub_release', 'connector_version'];

/** The marks that are drawn: all where they are few; else changes of much reach, and the longest incidents. All are in the table. */
export function planDrawn({ changes, incidents, to }: Pick<Chart, 'changes' | 'incidents' | 'to'>) {
  const lasted = (each: Chart['incidents'][number]) => Date.parse(each.to ?? to) - Date.parse(each.from);
  return {
    changes: (changes.length <= mostDrawn
      ? changes
      : changes.filter(({ type }) => wide.includes(type))
    ).slice(-mostDrawn),
    incidents: incidents.toSorted((left, right) => lasted(right) - lasted(left)).slice(0, mostDrawn),
  };
}
