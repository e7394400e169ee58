/** Minutes of work in a stretch of time, for one partner or without one. */
export interface WorkSum {
  partner: string | null;
  existing: number;
  created: number;
}

/** How much of all work on integrations only kept existing ones going. `share` is null where no work is known. */
export interface Burden {
  existing: number;
  /** On new integrations. */
  created: number;
  share: number | null;
}

/** Sums to one burden. */
export function sumBurden(sums: readonly WorkSum[]): Burden {
  const existing = sums.reduce((all, each) => all + each.existing, 0);
  const created = sums.reduce((all, each) => all + each.created, 0);
  const all = existing + created;
  return { existing, created, share: all === 0 ? null : existing / all };
}

/** Each partner's burden, the greatest first. */
export function byPartner(sums: readonly WorkSum[]): (Burden & { partner: string | null })[] {
  const groups = Map.groupBy(sums, ({ partner }) => partner);
  return [...groups]
    .map(([partner, own]) => ({ partner, ...sumBurden(own) }))
    .toSorted(
      (a, b) =>
        b.existing + b.created - a.existing - a.created || (a.partner ?? '').localeCompare(b.partner ?? ''),
    );
}

/** When the term began that most schools are in: the middle one of those that are on. @param starts Unix milliseconds */
export function middleStart(starts: readonly number[]): number | undefined {
  return starts.toSorted((a, b) => a - b)[Math.floor((starts.length - 1) / 2)];
}
