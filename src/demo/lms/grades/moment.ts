const form =
  /^(?<day>\d{4}-\d{2}-\d{2})T(?<time>\d{2}:\d{2}:\d{2})(?:[.,](?<fraction>\d+))?(?<zone>Z|[+-]\d{2}(?::?\d{2})?)$/i;

/**
 * Reads an ISO 8601 date and time with its zone, as Unix microseconds; undefined when it is none. AGS 2.0 §3.4.9 wants
 * fractions of a second; a time without them is read too.
 */
export function parseMoment(text: string): number | undefined {
  const { day, time, fraction = '', zone } = form.exec(text)?.groups ?? {};
  if (day === undefined || time === undefined || zone === undefined) return undefined;
  // ECMAScript reads offsets as ±HH:mm only, and the fraction to the millisecond.
  const offset = zone.length === 3 ? `${zone}:00` : zone.replace(/^(...)(\d\d)$/, '$1:$2');
  const seconds = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(seconds) ? undefined : seconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
