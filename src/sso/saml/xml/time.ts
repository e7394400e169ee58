const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/**
 * Unix milliseconds of an xs:dateTime in UTC (SAML Core 2.0, 1.3.3): undefined where there is none, NaN where it
 * cannot be read. Every comparison with NaN is false, so that a rule written as "passes if …" refuses it.
 */
export function readInstant(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!instant.test(text)) return Number.NaN;
  const at = Date.parse(text);
  // 31 February is moved into March by the parser; such an instant is none.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== text.slice(0, 19) ? Number.NaN : at;
}

/** An instant as it is written into messages, to the second. */
export function writeInstant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

const duration = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d+)?S)?)?$/;

/** Milliseconds of an xs:duration in days and smaller; months and years have no fixed length and give undefined. */
export function readDuration(text: string | undefined): number | undefined {
  const parts = duration.exec(text ?? '');
  if (parts === null || !/\d/.test(text ?? '')) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
