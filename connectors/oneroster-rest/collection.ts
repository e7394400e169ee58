import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConnectorError } from '../../contracts/connector.ts';
import { createPagesAhead } from './ahead.ts';
import { type Member, readDate, readNext, readRows, readTotal } from './answer.ts';
import type { Endpoint } from './areas.ts';
import { type Answer, askForPage, type Found } from './ask.ts';
import type { Client } from './client.ts';
import { decideLostLink } from './ending.ts';
import { decideStep } from './paging.ts';
import type { Position } from './position.ts';
import { type Ask, beginWalk, foreseeAsks, isSameAsk, type PageFacts, type Walk } from './walk.ts';

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
/** A source that takes so long for a page is asked for one at a time: two would wait for each other until they are given up. */
const slowPageMs = 15_000;
/** Pages that were foreseen in vain before none is foreseen any more. */
const mostMisses = 2;

interface Page {
  readonly answer: Answer;
  readonly members: readonly Member[];
  /** Questions that were asked ahead meanwhile. */
  readonly foreseen: readonly Ask[];
}

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
  let misses = 0;
  const pages = createPagesAhead((ask) => askForPage(client, endpoint, { url, filter, fields }, ask, walk));

  /** Unpacks an answer; the next calls go out before, since that takes as long as some sources take for a page. */
  async function open(answer: Answer): Promise<Page> {
    if (answer.response === undefined) return { answer, members: [], foreseen: [] };
    const { response, refused, tookMs } = answer;
    const { startedAt = readDate(response) ?? client.context.now() - unknownClockMs } = walk.position;
    walk = { ...walk, position: { ...walk.position, without: refused, startedAt } };
    const most = tookMs > slowPageMs ? 1 : client.pace.abreast;
    const canForesee = response.status === 200 && misses < mostMisses;
    const foreseen = canForesee ? foreseeAsks(walk, readTotal(response), most) : [];
    pages.want(foreseen);
    if (foreseen.length > 0) await nextTurn();
    // Past the last row some sources have nothing to find.
    const members = response.status === 200 ? readRows(response, endpoint.collection) : [];
    return { answer, members, foreseen };
  }

  /** The page that is due. Some sources fail at a call beside another: it is made once more by itself, and so from now on. */
  async function takePage(): Promise<Page> {
    const page = pages.take(walk.ask);
    if (!page.isBeside()) return open(await page.answer);
    try {
      const opened = await open(await page.answer);
      if (opened.members.length > 0) return opened;
    } catch {
      client.context.signal.throwIfAborted();
    }
    client.pace.abreast = 1;
    await pages.settle();
    return open(await pages.take(walk.ask).answer);
  }

  for (;;) {
    const { ask } = walk;
    const { answer, members, foreseen } = await takePage();
    if (answer.end === 'missing' || answer.end === 'refused') {
      return { end: answer.end, position: walk.position };
    }
    const step =
      answer.response === undefined
        ? decideLostLink(walk)
        : decideStep(walk, readFacts(client, walk, answer, members, filter === undefined));
    walk = step.walk;
    if (step.end === 'repeated') throw pageRepeated(answer.asked);
    const rows = step.fresh.flatMap((index) => {
      const member = members[index];
      return member === undefined ? [] : [{ place: ask.offset + index, member }];
    });
    const isForeseen = foreseen.some((one) => isSameAsk(one, walk.ask));
    if (foreseen.length > 0) misses = isForeseen ? 0 : misses + 1;
    // The call for the page that is due, where it is another, goes out before this one is worked on.
    if (step.end === undefined && !isForeseen) {
      pages.want([walk.ask]);
      await nextTurn();
    }
    if (rows.length > 0) yield { rows, position: walk.position };
    if (step.end !== undefined) return { end: step.end, position: walk.position };
  }
}

function readFacts(
  { access }: Client,
  { ask, position }: Walk,
  { response, asked, limit }: Found,
  members: readonly Member[],
  isWhole: boolean,
): PageFacts {
  const ignoresLinks = access.vendor.links === 'ignore' || position.withoutLinks === true;
  const link = ignoresLinks ? undefined : readNext(response, asked);
  // Where links have led here, none means that this was the last page.
  const isExhausted = link === null || (link === undefined && ask.url !== undefined);
  return {
    ids: members.map(({ sourcedId }) => String(sourcedId ?? '') || undefined),
    limit,
    total: readTotal(response),
    // A link that counts rows may count those asked for instead of those given; the hub counts better.
    next: link instanceof URL ? link.href : undefined,
    hasNext: isExhausted ? false : link && true,
    isWhole,
    isPastEnd: response.status !== 200,
  };
}

function pageRepeated(asked: string): ConnectorError {
  return new ConnectorError(
    'answer_invalid',
    'page_repeated',
    `The source gives the same rows for every page of ${new URL(asked).pathname}. Ask the product's support about limit and offset.`,
  );
}
