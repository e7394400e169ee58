/** Control characters (C0, DEL, C1), those that turn the direction of text (UAX #9) and line separators. */
const unseen = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

function spellOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * A text of partners or people in one line for a terminal: what could move its cursor, colour or turn it, or pretend to
 * be another line stands there as `\u001b` and the like. In a JSON document they mean the same as before.
 */
export function visible(text: string): string {
  return text.replaceAll(unseen, spellOut);
}

/** As `visible`, for texts of several lines. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** Rows in columns as wide as their widest cell; the last one is as long as it is. */
export function columns(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A table with a heading, or the sentence for none. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): string {
  return rows.length === 0 ? none : columns([heading, ...rows]);
}

/** Facts, one a line; what is null or undefined is shown as a dash. */
export function facts(entries: Readonly<Record<string, unknown>>): string {
  return columns(Object.entries(entries).map(([name, value]) => [`${name}:`, show(value)]));
}

function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A time as people and programs read it. @param time Unix milliseconds */
export function instant(time: number): string {
  return new Date(time).toISOString();
}
