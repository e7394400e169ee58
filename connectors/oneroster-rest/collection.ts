import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConnectorError, type ConnectorResponse } from '../../contracts/connector.ts';
import { createPagesAhead } from './ahead.ts';
import { type Member, readDate, readMinorCodes, readNext, readRows, readTotal } from './answer.ts';
import type { Area, Endpoint } from './areas.ts';
import { type Client, toError } from './client.ts';
import { limits } from './limits.ts';
import { type Ask, beginWalk, decideStep, foreseeAsks, isSameAsk, type PageFacts } from './paging.ts';
import type { Position, QueryPart } from './position.ts';
import { addressOf, decideLess, type Query, safeLimit, without } from './query.ts';

export interface CollectionRequest {
  readonly endpoint: Endpoint;
  /** The only members that are wanted. */
  readonly fields?: string | undefined;
  readonly from: Position;
}

/** Rows that have not come before, and where the read stands after them. */
export interface Batch {
  readonly rows: readonly { readonly place: number; readonly member: Member }[];
  readonly position: Position;
}

export interface Outcome {
  /** `doubtful`: rows may be missing; `missing`, `refused`: the source has no such list, or not for the hub. */
  readonly end: 'whole' | 'doubtful' | 'missing' | 'refused';
  readonly position: Position;
}

/** How far the hub's clock is not believed where the source tells no time. */
const unknownClockMs = 24 * 60 * 60 * 1000;

/**
 * Reads a list to its end, page by page, and returns how it ended.
 *
 * @throws ConnectorError
 */
export async function* readCollection(
  client: Client,
  { endpoint, fields, from }: CollectionRequest,
): AsyncGenerator<Batch, Outcome> {
  const url = client.access.url(endpoint.service, endpoint.collection);
  const filter = from.since === undefined ? undefined : `dateLastModified>='${from.since}'`;
  let walk = beginWalk(from);
  const pages = createPagesAhead((ask) =>
    askForPage(client, endpoint, { url, filter, fields }, ask, walk.position.without),
  );
  for (;;) {
    const { ask } = walk;
    const answer = await pages.take(ask);
    if (answer.response === undefined) return { end: answer.end, position: walk.position };
    const { response, refused } = answer;
    const { startedAt = readDate(response) ?? client.context.now() - unknownClockMs } = walk.position;
    walk = { ...walk, position: { ...walk.position, without: refused, startedAt } };
    // The next calls go out before this page is unpacked, which takes as long as some sources take for a page.
    const foreseen =
      response.status === 200 ? foreseeAsks(walk, readTotal(response), limits.concurrency) : [];
    pages.want(foreseen);
    if (foreseen.length > 0) await nextTurn();

    // Past the last row some sources have nothing to find.
    const members = response.status === 404 ? [] : readRows(response, endpoint.collection);
    const step = decideStep(walk, readFacts(client, answer, members, filter === undefined));
    walk = step.walk;
    if (step.end === 'repeated') throw pageRepeated(answer.asked);
    const rows = step.fresh.flatMap((index) => {
      const member = members[index];
      return member === undefined ? [] : [{ place: ask.offset + index, member }];
    });
    const isForeseen = foreseen.some((one) => isSameAsk(one, walk.ask));
    // And the call for the one that is due, where it is another, before this one is worked on.
    if (step.end === undefined && !isForeseen) {
      pages.want([walk.ask]);
      await nextTurn();
    }
    if (rows.length > 0) yield { rows, position: walk.position };
    if (step.end !== undefined) return { end: step.end, position: walk.position };
  }
}

interface Found {
  readonly response: ConnectorResponse;
  readonly asked: string;
  readonly refused: QueryPart[];
}
type Answer = Found | { readonly response?: undefined; readonly end: 'missing' | 'refused' };

/** Asks for a page; leaves out of the question what the source does not understand. */
async function askForPage(
  client: Client,
  { area }: Endpoint,
  { url, filter, fields }: { url: string; filter: string | undefined; fields: string | undefined },
  { offset, overlap, kind, limit = client.access.pageSize, url: next }: Ask,
  refusedBefore: readonly QueryPart[],
): Promise<Answer> {
  const refused = [...refusedBefore];
  let query = refused.reduce<Query>(without, { limit, offset, sort: 'sourcedId', filter, fields });
  for (;;) {
    const asked = next ?? addressOf(url, query);
    const canBeSmaller = next === undefined && query.limit > safeLimit;
    const response = await getUnlessRefused(client, area, asked).catch((error: unknown) => {
      if (canBeSmaller && isTooLarge(error)) return 'too_large' as const;
      throw error;
    });
    if (response === undefined) return { end: 'refused' };
    if (response === 'too_large') {
      query = without(query, 'limit');
      refused.push('limit');
      continue;
    }
    const isPastEnd = response.status === 404 && offset > 0 && overlap === 0 && kind !== 'back';
    if (response.status === 200 || isPastEnd) return { response, asked, refused };
    if (response.status === 404 && area !== 'roster' && offset === 0) return { end: 'missing' };
    // 1.1 and the 1.2 REST bindings have 400 and 422 for questions that are not understood.
    const isQuestion = response.status === 400 || response.status === 422;
    const less = isQuestion && next === undefined ? decideLess(query, readMinorCodes(response)) : undefined;
    if (less === undefined) throw toError(client, response);
    query = without(query, less);
    refused.push(less);
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

function readFacts(
  { access }: Client,
  { response, asked }: Found,
  members: readonly Member[],
  isWhole: boolean,
): PageFacts {
  const link = access.vendor.links === 'ignore' ? undefined : readNext(response, asked);
  // A link that counts rows may count those asked for instead of those given; the hub counts better.
  const next = link && !new URL(link).searchParams.has('offset') ? link : undefined;
  return {
    ids: members.map(({ sourcedId }) => String(sourcedId ?? '') || undefined),
    total: readTotal(response),
    next,
    hasNext: link === undefined ? undefined : link !== null,
    isWhole,
  };
}

function pageRepeated(asked: string): ConnectorError {
  return new ConnectorError(
    'answer_invalid',
    'page_repeated',
    `The source gives the same rows for every page of ${new URL(asked).pathname}. Ask the product's support about limit and offset.`,
  );
}
