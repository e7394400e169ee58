import type { SourceRow } from '../../../../contracts/connector.ts';
import { type BindingPlace, type Json, toJson } from './binding.ts';
import { type Collection, envelopes } from './collections.ts';
import { matches, readPath } from './filter.ts';
import type { ListQuery } from './list-query.ts';
import { compare } from './shelves.ts';

export interface ListAnswer {
  /** The whole body. */
  text: string;
  /** Rows there are, on all pages. */
  count: number;
  /** Rows of this one. */
  given: number;
}

/** A page of a list; undefined where the filter names a member that no row has. */
export function answerList(
  place: BindingPlace,
  collection: Collection,
  query: ListQuery,
  belongs?: (row: SourceRow) => boolean,
): ListAnswer | undefined {
  const { entity, has } = collection;
  const { shelves } = place;
  let rows = query.sort === 'sourcedId' && !query.descending ? shelves.sorted(entity) : shelves.rows(entity);
  if (has) rows = rows.filter((row) => has(row, shelves));
  if (belongs) rows = rows.filter(belongs);
  const read = (row: SourceRow) => memberOf(place, collection, row);
  const { filter, sort } = query;
  if (filter) {
    const [first] = rows;
    const known = first && toJson(place, entity, first);
    const names = filter.clauses.map(({ field }) => field.split('.')[0] ?? '');
    if (known && names.some((name) => name !== 'metadata' && !Object.hasOwn(known, name))) return undefined;
    rows = rows.filter((row) => matches(filter, read(row)));
  }
  if (sort !== undefined && (sort !== 'sourcedId' || query.descending)) {
    // A member that is not there leaves the provider's own order (1.1, sorting).
    const sign = query.descending ? -1 : 1;
    const key = (row: SourceRow) => String(read(row)(sort) ?? '');
    rows = rows.toSorted((a, b) => sign * compare(key(a), key(b)));
  }
  const page = rows.slice(query.offset, query.offset + query.limit);
  const texts = page.map((row) => JSON.stringify(select(toJson(place, entity, row), query.fields)));
  return {
    text: `{${JSON.stringify(envelopes[entity].list)}:[${texts.join(',')}]}`,
    count: rows.length,
    given: page.length,
  };
}

/** Members by name; the ones that every row has are read without making the row. */
function memberOf(place: BindingPlace, { entity }: Collection, row: SourceRow): (field: string) => unknown {
  let json: Json | undefined;
  return (field) => {
    if (isHead(field)) return row[field];
    json ??= toJson(place, entity, row);
    return readPath(json, field);
  };
}

function isHead(field: string): field is 'sourcedId' | 'status' | 'dateLastModified' {
  return field === 'sourcedId' || field === 'status' || field === 'dateLastModified';
}

/** 1.1, field selection: where a field is unknown, all of the row is given. */
function select(json: Json, fields: readonly string[] | undefined): Json {
  if (fields === undefined || !fields.some((field) => Object.hasOwn(json, field))) return json;
  return Object.fromEntries(fields.filter((field) => field in json).map((field) => [field, json[field]]));
}
