import { z } from 'zod';
import { type Column, type Entity, models } from '../../../contracts/roster.ts';
import { DomainError } from '../../platform/errors.ts';

/** @throws DomainError input `override_column_unknown` */
export function getColumn(entity: Entity, name: string): Column {
  const column = models[entity].columns.find((known) => known.name === name);
  if (column !== undefined) return column;
  const known = models[entity].columns.map((each) => each.name).join(', ');
  throw new DomainError(
    'input',
    'override_column_unknown',
    `${entity} have no column "${name}" that can be set. They have: ${known}.`,
  );
}

const longestValue = 255;
/** Of all the words of a list, with the commas between them. */
const longestList = 10_000;

/**
 * A value as the database takes it; lists are parted at their commas.
 *
 * @param text null empties the field
 * @throws DomainError input `override_value_invalid`
 */
export function parseOverride(
  { name, kind, required }: Column,
  text: string | null,
): string | string[] | null {
  if (text === null || text === '') return nothing({ name, required: required === true });
  switch (kind.is) {
    case 'oneOf':
      if (!kind.values.includes(text) && !/^ext:./.test(text)) {
        throw invalid(name, `is one of ${kind.values.join(', ')}`);
      }
      return within(name, text, longestValue);
    case 'date':
      // There is no year 0: before the year 1 comes the year 1 BC.
      if (!z.iso.date().safeParse(text).success || text.startsWith('0000'))
        throw invalid(name, 'is a date such as 2026-08-31');
      return text;
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw invalid(name, 'is true or false');
      return text;
    case 'number':
      if (!/^-?\d+(\.\d+)?$/.test(text)) throw invalid(name, 'is a number such as 12.5');
      return within(name, text, longestValue);
    case 'year':
      if (!/^\d{4}$/.test(text)) throw invalid(name, 'is a year such as 2027');
      return text;
    case 'references':
    case 'list': {
      const words = wordsOf(name, text);
      return words.length === 0 ? nothing({ name, required: required === true }) : words;
    }
    default:
      return within(name, text, (kind.is === 'text' ? kind.longest : undefined) ?? longestValue);
  }
}

function nothing({ name, required }: { name: string; required: boolean }): null {
  if (required) throw invalid(name, 'must not be empty');
  return null;
}

function within(name: string, text: string, longest: number): string {
  if (text.length > longest) throw invalid(name, `has at most ${longest} characters`);
  return text;
}

/** The words of a list, without those that are none. */
function wordsOf(name: string, text: string): string[] {
  const words = within(name, text, longestList)
    .split(',')
    .map((word) => word.trim());
  return words.filter((word) => word !== '');
}

/** @throws DomainError input `override_value_invalid` where a reference leads nowhere, or to its own row */
export function refuseLost({ name, kind }: Column, missing: readonly string[]): void {
  if (missing.length === 0 || !('to' in kind)) return;
  throw invalid(name, `names other rows of ${kind.to} in this roster, and there is no ${missing.join(', ')}`);
}

function invalid(name: string, rule: string): DomainError {
  return new DomainError('input', 'override_value_invalid', `${name} ${rule}.`);
}
