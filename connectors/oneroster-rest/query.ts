import { encode } from './oauth1.ts';
import type { QueryPart } from './position.ts';

/** What a list is asked for. 1.1, query parameters, 1.2 REST binding, query parameters. */
export interface Query {
  readonly limit: number;
  readonly offset: number;
  /** A place in order keeps still while other rows change. */
  readonly sort?: 'sourcedId' | undefined;
  readonly filter?: string | undefined;
  readonly fields?: string | undefined;
}

/** The whole address. Spaces as %20: a plus is not understood everywhere. */
export function addressOf(url: string, { limit, offset, sort, filter, fields }: Query): string {
  const pairs: [string, string][] = [
    ['limit', String(limit)],
    ['offset', String(offset)],
  ];
  if (sort !== undefined) pairs.push(['sort', sort], ['orderBy', 'asc']);
  if (filter !== undefined) pairs.push(['filter', filter]);
  if (fields !== undefined) pairs.push(['fields', fields]);
  return `${url}?${pairs.map(([name, value]) => `${name}=${encode(value)}`).join('&')}`;
}

/** Codes of 400 that name their reason (error codes of 1.1 and of the 1.2 REST bindings). */
const reasons: Readonly<Record<string, QueryPart>> = {
  invalid_sort_field: 'sort',
  invalid_selection_field: 'fields',
  invalid_blank_selection_field: 'fields',
  invalid_filter_field: 'filter',
};

/** In the order in which sources are most likely to refuse them. */
const doubts: readonly QueryPart[] = ['sort', 'fields', 'limit', 'filter'];

/** The limit that a source has to take: the default of the specification (1.1, pagination). */
export const safeLimit = 100;

/** Which part of a refused query to leave out next; undefined where nothing is left. */
export function decideLess(query: Query, refusedBecause: readonly string[]): QueryPart | undefined {
  const isThere = (part: QueryPart) =>
    part === 'limit' ? query.limit > safeLimit : query[part] !== undefined;
  const named = refusedBecause.flatMap((code) => reasons[code] ?? []).find(isThere);
  return named ?? doubts.find(isThere);
}

/** Limits that are tried one after the other where a larger one is refused. */
const lowerLimits = [5_000, 1_000, 500, safeLimit];

/** The query without a part; of the limit, the next smaller one. */
export function without(query: Query, part: QueryPart): Query {
  if (part !== 'limit') return { ...query, [part]: undefined };
  return { ...query, limit: lowerLimits.find((limit) => limit < query.limit) ?? query.limit };
}
