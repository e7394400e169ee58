const minuteMs = 60_000;

/** A moment as clocks on a wall show it. */
export interface WallTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** Whether the runtime knows a time zone of this IANA name. */
export function isZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
}

/** What clocks in a zone show. @param at unix milliseconds */
export function wallTimeIn(zone: string): (at: number) => WallTime {
  const format = formatOf(zone);
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
    };
  };
}

/**
 * When clocks show a time for the first time. One that is left out when summer time begins is taken as the first
 * moment after the gap; one that comes twice when it ends is taken once, the first time.
 *
 * @param show what the clocks of the zone show at a moment (`wallTimeIn`)
 * @returns unix milliseconds
 */
export function momentOf(show: (at: number) => WallTime, wall: WallTime): number {
  const wanted = asUtc(wall);
  // No zone is further from UTC than a day; offsets around the moment are the only ones it can have.
  const offsets = new Set([-24, 24].map((hours) => offsetAt(show, wanted + hours * 60 * minuteMs)));
  const moments = [...offsets].map((offset) => wanted - offset).sort((a, b) => a - b);
  const exact = moments.find((moment) => asUtc(show(moment)) === wanted);
  if (exact !== undefined) return exact;
  // In the gap: both guesses miss it, one to each side. Between them is the change itself.
  let [before = wanted, after = wanted] = moments;
  while (after - before > minuteMs) {
    const middle = Math.floor((before + after) / 2 / minuteMs) * minuteMs;
    if (asUtc(show(middle)) < wanted) before = middle;
    else after = middle;
  }
  return after;
}

function offsetAt(show: (at: number) => WallTime, at: number): number {
  return asUtc(show(at)) - Math.floor(at / minuteMs) * minuteMs;
}

/** The same figures as if they were of UTC. */
export function asUtc({ year, month, day, hour, minute }: WallTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}
