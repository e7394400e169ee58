import { isMember, type Member } from './answer.ts';
import type { Notes } from './notes.ts';

/** How a member of the JSON binding becomes the text of a column; undefined where the source says nothing. */
export type Reader = (value: unknown, column: string, notes: Notes) => string | undefined;

/** Text, and what should have been text: booleans and numbers. */
export const text: Reader = (value, column, notes) => {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  notes.add('value_type_wrong', column);
  return undefined;
};

/** A day, out of what the binding has as a moment (1.2 Gradebook REST binding, LineItem: assignDate, dueDate). */
export const day: Reader = (value, column, notes) => {
  const said = text(value, column, notes);
  return said !== undefined && /^\d{4}-\d{2}-\d{2}T/.test(said) ? said.slice(0, 10) : said;
};

/** Words of a list; a lone word counts as a list of one. */
export const list: Reader = (value, column, notes) => {
  if (!Array.isArray(value)) return text(value, column, notes);
  return joinList(
    value.map((word) => text(word, column, notes)),
    column,
    notes,
  );
};

/** A reference: `{href, sourcedId, type}` (1.1 and 1.2, GUIDRef). */
export const reference: Reader = (value, column, notes) => {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  // An empty object stands for none.
  if (isMember(value) && Object.keys(value).length === 0) return undefined;
  const id = isMember(value) ? value.sourcedId : undefined;
  if (typeof id === 'string' && id !== '') return id;
  if (typeof id === 'number') return String(id);
  notes.add('reference_without_id', column);
  return undefined;
};

export const references: Reader = (value, column, notes) => {
  if (!Array.isArray(value)) return reference(value, column, notes);
  return joinList(
    value.map((one) => reference(one, column, notes)),
    column,
    notes,
  );
};

/** `{type:identifier}`, as the CSV binding has it (1.2 CSV §2, users). */
export const userIds: Reader = (value, column, notes) => {
  if (!Array.isArray(value)) return text(value, column, notes);
  return joinList(
    value.map((one) => userId(one, column, notes)),
    column,
    notes,
  );
};

function userId(value: unknown, column: string, notes: Notes): string | undefined {
  if (!isMember(value)) return text(value, column, notes);
  const identifier = text(value.identifier, column, notes);
  if (identifier === undefined) return undefined;
  return `{${text(value.type, column, notes) ?? ''}:${identifier}}`;
}

/** A list in one value, its words parted by commas: the canonical model has no way to say a comma within a word. */
function joinList(words: readonly (string | undefined)[], column: string, notes: Notes): string | undefined {
  const said = words.filter((word) => word !== undefined);
  if (said.some((word) => word.includes(','))) notes.add('comma_in_list', column);
  return said.join(',') || undefined;
}

/** The vendor's own members, where there are any. */
export function metadataOf(member: Member): Member | undefined {
  const { metadata } = member;
  return isMember(metadata) && Object.keys(metadata).length > 0 ? metadata : undefined;
}
