import type { Kind } from '../../contracts/roster.ts';
import type { CsvFindingCode } from '../csv/finding-codes.ts';
import type { ValueMapping } from './settings.ts';

/** Gives a row's value; the fields are those of the file that are kept. */
export type MakeValue = (
  fields: readonly string[],
  tell: (code: CsvFindingCode, column: string) => void,
) => string;

/**
 * How a value is made.
 *
 * @param kind of the model's column; `id` for a sourcedId
 * @param placeOf where a column of the file stands among the fields
 */
export function makeValue(
  mapping: ValueMapping,
  kind: Kind['is'] | 'id',
  placeOf: (column: string) => number,
): MakeValue {
  const isId = kind === 'id' || kind === 'reference' || kind === 'references';
  if ('constant' in mapping) {
    const constant = isId ? toSourcedId(mapping.constant) : mapping.constant;
    return () => constant;
  }
  const { separator, prefix, split, otherwise, date } = mapping;
  const columns = typeof mapping.from === 'string' ? [mapping.from] : mapping.from;
  const places = columns.map(placeOf);
  const named = columns.join(', ');
  const values =
    mapping.values && new Map(Object.entries(mapping.values).map(([from, to]) => [bare(from), to]));
  const one: (text: string, tell: Parameters<MakeValue>[1]) => string = (text, tell) => {
    let value = text;
    if (values !== undefined) {
      const known = values.get(bare(text)) ?? otherwise;
      if (known === undefined) tell('mapped_value_unknown', named);
      value = known ?? '';
    }
    if (date !== undefined) {
      const day = toDay(value, date);
      if (day === undefined) tell('mapped_date_unreadable', named);
      value = day ?? value;
    }
    if (value === '') return '';
    return isId ? toSourcedId(prefix + value) : prefix + value;
  };
  return (fields, tell) => {
    const texts = places.map((place) => (fields[place] ?? '').trim());
    if (texts.every((text) => text === '')) return otherwise ?? '';
    const text = texts.join(separator);
    if (split === undefined) return one(text, tell);
    const words = text.split(split).map((word) => word.trim());
    return words.flatMap((word) => (word === '' ? [] : [one(word, tell)])).join(',');
  };
}

/** Letters that a sourcedId may not have are written by their number; equal texts give equal ids (1.2 CSV §1.4, GUID). */
export function toSourcedId(text: string): string {
  return text.replace(/[^0-9A-Za-z./@_-]/gu, (letter) => `.${(letter.codePointAt(0) ?? 0).toString(16)}.`);
}

/** YYYY-MM-DD of a date that is written in another order; undefined where it is no such day. */
export function toDay(text: string, order: 'ymd' | 'dmy' | 'mdy'): string | undefined {
  const compact = order === 'ymd' ? /^(\d{4})(\d\d)(\d\d)$/.exec(text) : /^(\d\d)(\d\d)(\d{4})$/.exec(text);
  const parts = compact ?? /^(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ].*)?$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day] = ['y', 'm', 'd'].map((letter) => Number(parts[order.indexOf(letter) + 1])) as [
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  const isDay = year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay ? date.toISOString().slice(0, 10) : undefined;
}

export function bare(text: string): string {
  return text.trim().toLowerCase();
}
