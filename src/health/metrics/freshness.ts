/** How old what a connection brings is, against how often it should come. */
export interface Freshness {
  /** Since the end of the last good run, declared pauses left out, in milliseconds; null where there was none. */
  readonly ageMs: number | null;
  /** How often it should come, in milliseconds; null where nothing is agreed. */
  readonly cadenceMs: number | null;
  /** Older than one and a half times that, or due and never there. */
  readonly isBreached: boolean;
}

/** A stretch in which nothing is expected, in unix milliseconds. */
export interface Pause {
  readonly from: number;
  readonly to: number;
}

/**
 * @param lastSuccess unix milliseconds
 * @param since since when runs are expected, in unix milliseconds: from there one that never came is overdue
 * @param pauses declared blackouts; where they overlap they count once
 */
export function freshnessOf(input: {
  lastSuccess: number | null;
  since: number;
  cadenceMs: number | null;
  now: number;
  pauses: readonly Pause[];
}): Freshness {
  const { lastSuccess, since, cadenceMs, now, pauses } = input;
  const waited = elapsedWithout(pauses, lastSuccess ?? since, now);
  return {
    ageMs: lastSuccess === null ? null : waited,
    cadenceMs,
    isBreached: cadenceMs !== null && waited > 1.5 * cadenceMs,
  };
}

/** Milliseconds from `from` to `to` that lie in no pause. */
function elapsedWithout(pauses: readonly Pause[], from: number, to: number): number {
  let elapsed = Math.max(0, to - from);
  let counted = from;
  for (const pause of pauses.toSorted((a, b) => a.from - b.from)) {
    const [begin, end] = [Math.max(pause.from, counted), Math.min(pause.to, to)];
    if (end <= begin) continue;
    elapsed -= end - begin;
    counted = end;
  }
  return elapsed;
}
