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
  if (text === null || text === '') {
    if (required === true) throw invalid(name, 'must not be empty');
    return null;
  }
  switch (kind.is) {
    case 'oneOf':
      if (!kind.values.includes(text) && !text.startsWith('ext:')) {
        throw invalid(name, `is one of ${kind.values.join(', ')}`);
      }
      return text;
    case 'date':
      if (!z.iso.date().safeParse(text).success) throw invalid(name, 'is a date such as 2026-08-31');
      return text;
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw invalid(name, 'is true or false');
      return text;
    case 'number':
      if (!/^-?\d+(\.\d+)?$/.test(text)) throw invalid(name, 'is a number such as 12.5');
      return text;
    case 'year':
      if (!/^\d{4}$/.test(text)) throw invalid(name, 'is a year such as 2027');
      return text;
    case 'references':
    case 'list':
      return text.split(',').map((item) => item.trim());
    default: {
      const longest = kind.is === 'text' ? (kind.longest ?? 255) : 255;
      if (text.length > longest) throw invalid(name, `has at most ${longest} characters`);
      return text;
    }
  }
}

function invalid(name: string, rule: string): DomainError {
  return new DomainError('input', 'override_value_invalid', `${name} ${rule}.`);
}
