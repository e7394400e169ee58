/** How many months back reports are offered: as long as the hub keeps days apart, a year and a half says enough. */
const offered = 18;

/** Months that are over and the one that is on, the latest first, as `2026-11`. UTC. @param now Unix milliseconds */
export function listMonths(now: number): string[] {
  const today = new Date(now);
  return Array.from({ length: offered }, (_, back) =>
    new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  );
}
