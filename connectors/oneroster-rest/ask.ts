import { ConnectorError, type ConnectorResponse } from '../../contracts/connector.ts';
import { readMinorCodes, readRows } from './answer.ts';
import type { Area, Endpoint } from './areas.ts';
import { type Client, toError } from './client.ts';
import { canBePastEnd } from './ending.ts';
import type { QueryPart } from './position.ts';
import { addressOf, decideLess, type Query, safeLimit, without } from './query.ts';
import type { Ask, Walk } from './walk.ts';

export interface Found {
  readonly response: ConnectorResponse;
  readonly asked: string;
  readonly refused: QueryPart[];
  readonly limit: number;
  readonly tookMs: number;
  readonly end?: undefined;
}
/** `missing`, `refused`: the source has no such list, or not for the hub; `lost`: its own link leads nowhere. */
export type Answer =
  | Found
  | { readonly response?: undefined; readonly end: 'missing' | 'refused' | 'lost'; readonly asked: string };

/** Statuses of a link of the source's own that counts no more. */
const lostLink = new Set([400, 404, 410, 422]);
/** Statuses with which products answer for lists they do not know. */
const noSuchList = new Set([204, 400, 404, 405, 410, 422, 500, 501]);

/**
 * Asks for a page; leaves out of the question what the source does not understand.
 *
 * @throws ConnectorError
 */
export async function askForPage(
  client: Client,
  { area, collection }: Endpoint,
  { url, filter, fields }: { url: string; filter: string | undefined; fields: string | undefined },
  ask: Ask,
  walk: Walk,
): Promise<Answer> {
  const { offset, limit = client.access.pageSize, url: next } = ask;
  const refused = [...walk.position.without];
  let query = refused.reduce<Query>(without, { limit, offset, sort: 'sourcedId', filter, fields });
  for (;;) {
    const asked = next ?? addressOf(url, query);
    const since = client.context.now();
    const canBeSmaller = next === undefined && query.limit > safeLimit;
    const response = await getUnlessRefused(client, area, asked).catch((error: unknown) => {
      if (canBeSmaller && isTooLarge(error)) return 'too_large' as const;
      throw error;
    });
    if (response === undefined) return { end: 'refused', asked };
    if (response === 'too_large') {
      query = without(query, 'limit');
      refused.push('limit');
      continue;
    }
    const { status } = response;
    const isOptional = area !== 'roster' && offset === 0;
    if (isOptional && status === 200 && !isList(response, collection)) return { end: 'missing', asked };
    const found = { response, asked, refused, limit: query.limit, tookMs: client.context.now() - since };
    if (status === 200) return found;
    if (next !== undefined && lostLink.has(status)) return { end: 'lost', asked };
    // 1.1 and the 1.2 REST bindings have 400 and 422 for questions that are not understood.
    const isQuestion = status === 400 || status === 422;
    const less = isQuestion && next === undefined ? decideLess(query, readMinorCodes(response)) : undefined;
    if (less === undefined) {
      const isPastEnd = canBePastEnd({ ...walk, ask }, status, client.access.pageSize);
      if (isPastEnd) return { ...found, refused: walk.position.without };
      if (isOptional && noSuchList.has(status)) return { end: 'missing', asked };
      throw toError(client, response);
    }
    query = without(query, less);
    refused.push(less);
  }
}

/** Of a list that not every product has: many answer with a page of their own, or with nothing, where they know none. */
function isList(response: ConnectorResponse, collection: string): boolean {
  try {
    readRows(response, collection);
    return true;
  } catch {
    return false;
  }
}

/** The host keeps no answer beyond a size: rows of this source are larger than most. */
function isTooLarge(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'outbound_too_large';
}

/** Demographics and the gradebook are often not granted, and a roster is one without them: undefined then. */
async function getUnlessRefused(client: Client, area: Area, url: string) {
  try {
    const response = await client.get(area, url);
    const isRefused = response.status === 401 || response.status === 403;
    if (isRefused && area === 'roster') throw toError(client, response);
    return isRefused ? undefined : response;
  } catch (error) {
    const isScope = error instanceof ConnectorError && error.code === 'scope_refused';
    if (isScope && area !== 'roster') return undefined;
    throw error;
  }
}
