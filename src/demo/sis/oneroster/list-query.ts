import type { Request } from 'express';
import { type Filter, parseFilter } from './filter.ts';
import type { Modes } from './modes.ts';
import type { MinorCode } from './status-info.ts';

/** What a list is asked for. 1.1, query parameters, 1.2 REST binding, query parameters. */
export interface ListQuery {
  limit: number;
  /** What the caller wanted, where the provider gives less. */
  asked: number;
  offset: number;
  sort: string | undefined;
  descending: boolean;
  filter: Filter | undefined;
  fields: string[] | undefined;
}

export type ReadQuery = { ok: true; query: ListQuery } | { ok: false; code: MinorCode; description: string };

/** The default of the specification. */
const usualLimit = 100;

export function readListQuery(request: Request, modes: Modes): ReadQuery {
  const given = new URL(request.originalUrl, 'http://provider').searchParams;
  const marked = given.get('mark');
  const asked = marked === null ? given : new URLSearchParams(Buffer.from(marked, 'base64url').toString());
  const part = (name: 'sort' | 'filter' | 'fields' | 'offset') =>
    modes.ignores.has(name) ? undefined : (asked.get(name) ?? undefined);
  const [sort, filterText, fieldText] = [part('sort'), part('filter'), part('fields')];

  if (sort !== undefined && modes.refuses.has('sort')) return refuse('invalid_sort_field');
  if (filterText !== undefined && modes.refuses.has('filter')) return refuse('invalid_filter_field');
  if (fieldText !== undefined && modes.refuses.has('fields')) return refuse('invalid_selection_field');
  // 1.1, field selection.
  if (fieldText?.trim() === '') return refuse('invalid_blank_selection_field');
  const wanted = readNumber(asked.get('limit') ?? String(usualLimit), 1);
  const offset = readNumber(part('offset') ?? '0', 0);
  if (wanted === undefined || offset === undefined) return refuse('invaliddata');
  const filter = filterText === undefined ? undefined : parseFilter(filterText);
  if (filterText !== undefined && filter === undefined) return refuse('invalid_filter_field');
  const limit = Math.min(wanted, modes.mostRows);
  return {
    ok: true,
    query: {
      limit,
      asked: wanted,
      offset: modes.wholePages ? offset - (offset % limit) : offset,
      sort,
      descending: asked.get('orderBy') === 'desc',
      filter,
      fields: fieldText?.split(',').map((field) => field.trim()),
    },
  };
}

/** Links to the pages around this one (RFC 8288). 1.1, pagination. */
export function linksOf(
  request: Request,
  base: string,
  query: ListQuery,
  count: number,
  modes: Modes,
): string {
  const step = modes.links === 'asked' ? query.asked : query.limit;
  const last = Math.max(0, Math.floor((count - 1) / step) * step);
  const pages: [string, number][] = [
    ['first', 0],
    ['last', last],
  ];
  if (query.offset + step < count) pages.push(['next', query.offset + step]);
  if (query.offset > 0) pages.push(['prev', Math.max(0, query.offset - step)]);
  return pages
    .map(([rel, offset]) => `<${linkTo(request, base, offset, query, modes)}>; rel="${rel}"`)
    .join(', ');
}

function linkTo(request: Request, base: string, offset: number, { asked }: ListQuery, modes: Modes): string {
  const url = new URL(request.originalUrl, modes.linkOrigin ?? base);
  const mark = url.searchParams.get('mark');
  const plain =
    mark === null ? url.searchParams : new URLSearchParams(Buffer.from(mark, 'base64url').toString());
  plain.set('limit', String(asked));
  plain.set('offset', String(offset));
  url.search =
    modes.links === 'opaque'
      ? `mark=${Buffer.from(plain.toString()).toString('base64url')}`
      : plain.toString();
  return url.href;
}

function refuse(code: MinorCode): ReadQuery {
  return { ok: false, code, description: 'The question is not understood.' };
}

function readNumber(text: string, least: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value >= least ? value : undefined;
}
