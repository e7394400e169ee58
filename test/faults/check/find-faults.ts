import type { Evidence, Fault } from './evidence.ts';
import { type PlaceEvidence, rules } from './rules.ts';

/** Everything that must not be, and is. */
export function findFaults(evidence: Evidence): Fault[] {
  const known = sortByPlace(evidence);
  const strangers = [...evidence.arrivals, ...evidence.grades].filter(({ place }) => place === undefined);
  return [
    ...strangers.map(({ serial }) => ({
      rule: 'a score goes where it belongs',
      place: 'none',
      policy: undefined,
      detail: `score ${serial}`,
    })),
    ...known.flatMap((one) =>
      Object.entries(rules).flatMap(([rule, find]) =>
        find(one).map((detail) => ({
          rule,
          place: one.place.key,
          policy: one.place.policy,
          detail,
        })),
      ),
    ),
  ];
}

function sortByPlace({
  places,
  sent,
  deliveries,
  attempts,
  lines,
  arrivals,
  grades,
}: Evidence): PlaceEvidence[] {
  const attemptsOf = Map.groupBy(attempts, ({ deliveryId }) => deliveryId);
  const sentTo = Map.groupBy(sent, ({ place }) => place);
  const rowsOf = Map.groupBy(deliveries, ({ place }) => place);
  const cameTo = Map.groupBy(arrivals, ({ place }) => place);
  return places.map((place) => ({
    place,
    sent: sentTo.get(place.key) ?? [],
    rows: (rowsOf.get(place.key) ?? []).sort((a, b) => a.at - b.at),
    attempts: attemptsOf,
    line: lines.find((line) => line.place === place.key),
    arrivals: cameTo.get(place.key) ?? [],
    grade: grades.find((grade) => grade.place === place.key),
  }));
}

/**
 * Scores an LMS took more than once, each time with the same effect, by how it compares timestamps: no harm to the grade,
 * but history shown to people has them twice.
 */
export function countRepeats({
  places,
  arrivals,
}: Pick<Evidence, 'places' | 'arrivals'>): Record<string, number> {
  const policyOf = new Map(places.map(({ key, policy }) => [key, policy]));
  const counts: Record<string, number> = {};
  const seen = new Set<number>();
  for (const { applied, serial, place = '' } of arrivals) {
    const policy = policyOf.get(place);
    if (applied && policy !== undefined && seen.has(serial)) counts[policy] = (counts[policy] ?? 0) + 1;
    if (applied) seen.add(serial);
  }
  return counts;
}
