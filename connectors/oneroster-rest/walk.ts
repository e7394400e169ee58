import { type Order, orders, type Position } from './position.ts';

/** sourcedIds of a page as it came; undefined where a row has none. */
export type Ids = readonly (string | undefined)[];

export interface Ask {
  readonly offset: number;
  readonly overlap: 0 | 1;
  /**
   * `same`, `exact`: once more, after a page that had come before; `sure`: once more, where nothing but this answer says that
   * the list is over; `back`: for rows that moved to earlier places.
   */
  readonly kind: 'next' | 'same' | 'exact' | 'sure' | 'back';
  /** Rows to ask for, where it is not the usual number. */
  readonly limit?: number | undefined;
  /** An address of the source's own. */
  readonly url?: string | undefined;
}

/** A position, and what is remembered of the last pages. */
export interface Walk {
  readonly position: Position;
  readonly ask: Ask;
  readonly previous: Ids;
  /** The page before the previous one; where rows may come again, some more. */
  readonly earlier: readonly Ids[];
  /** Pages in a row that have brought nothing new. */
  readonly idle: number;
  /** The furthest that the reading has come, and the steps back since. */
  readonly furthest: number;
  readonly backs: number;
  /** Up to this place rows may come again, because some have moved. */
  readonly carefulTo: number;
  readonly trail: Trail;
}

export interface PageFacts {
  readonly ids: Ids;
  /** Rows that were asked for. */
  readonly limit: number;
  /** X-Total-Count. */
  readonly total: number | undefined;
  /** rel="next" where it leads on by a way of its own (no offset in it). */
  readonly next: string | undefined;
  /** What Link says about a next page; undefined without a Link. */
  readonly hasNext: boolean | undefined;
  /** Whether the total is that of the rows asked for. */
  readonly isWhole: boolean;
  /** Whether the source says that there is nothing at this place, rather than giving no rows. */
  readonly isPastEnd: boolean;
}

export interface Step {
  /** Places of the rows in the page that have not come before. */
  readonly fresh: readonly number[];
  readonly walk: Walk;
  /** `whole`: all rows have come; `doubtful`: rows may be missing; `repeated`: the source gives one page for ever. */
  readonly end?: 'whole' | 'doubtful' | 'repeated';
}

/** One of the addresses that were followed, and after how many another one is remembered (Brent's way to find circles). */
export interface Trail {
  readonly mark: string | undefined;
  readonly steps: number;
  readonly span: number;
}

const startTrail: Trail = { mark: undefined, steps: 0, span: 1 };
/** Pages that are remembered where rows may come again. */
const mostEarlier = 8;

export function beginWalk(position: Position): Walk {
  const ask = nextAsk(position);
  const none = { previous: [], earlier: [], idle: 0, furthest: 0, backs: 0, carefulTo: 0 };
  return { position, ask, ...none, trail: startTrail };
}

export function nextAsk({ offset, overlap, next, aligned }: Position): Ask {
  return { kind: 'next', offset: offset - overlap, overlap, url: next, limit: aligned };
}

/** Pages to remember once another one has come. */
export function earlierPages({ previous, earlier }: Walk, isCareful: boolean): readonly Ids[] {
  return isCareful ? [previous, ...earlier].slice(0, mostEarlier) : [previous];
}

/** The trail after a next address; undefined where it leads in a circle. */
export function follow({ mark, steps, span }: Trail, next: string | undefined): Trail | undefined {
  if (next === undefined) return startTrail;
  if (next === mark) return undefined;
  if (mark === undefined || steps + 1 === span) return { mark: next, steps: 0, span: span * 2 };
  return { mark, steps: steps + 1, span };
}

/**
 * The questions of the next pages, as they will most likely be once this page is known: where pages have come full so far, and
 * the total says that there are more. Asked ahead, they cost nothing; where a page decides otherwise, one call each.
 *
 * @param most how many at most
 */
export function foreseeAsks(
  { ask, position, previous }: Walk,
  total: number | undefined,
  most: number,
): Ask[] {
  const isPlain = ask.kind === 'next' && ask.url === undefined && ask.limit === undefined;
  if (!isPlain || previous.length < 2 || position.falseTotal) return [];
  const asks: Ask[] = [];
  const stride = previous.length - 1;
  for (let offset = ask.offset + stride; asks.length < most && offset + 1 < (total ?? 0); offset += stride) {
    asks.push({ kind: 'next', offset, overlap: 1, url: undefined, limit: undefined });
  }
  return asks;
}

/** Whether both ask for the same. */
export function isSameAsk(a: Ask, b: Ask): boolean {
  return (
    a.kind === b.kind &&
    a.offset === b.offset &&
    a.overlap === b.overlap &&
    a.url === b.url &&
    a.limit === b.limit
  );
}

/** Names of members of an address that count rows or pages; a number in them is no mark that keeps its place. */
const counting = /^(page|page_?no|page_?number|page\[number\]|p|skip|start|start_?index|start_?at|from)$/i;

/** How blind a page was asked for: whether it could begin with the row before. */
export function blindnessOf({ kind, offset, overlap, url }: Ask): Position['blind'] {
  if (offset === 0 || overlap === 1 || kind === 'back') return undefined;
  if (url === undefined || !URL.canParse(url)) return 'counted';
  const counts = [...new URL(url).searchParams].some(
    ([name, value]) => counting.test(name) && /^\d+$/.test(value),
  );
  return counts ? 'counted' : 'marked';
}

/** Whether an id stood on one of the pages that are remembered; gathered when first asked, since calm pages never ask. */
export function createKnown({ previous, earlier }: Walk): (id: string | undefined) => boolean {
  let known: ReadonlySet<string | undefined> | undefined;
  return (id) => {
    known ??= new Set([...earlier.flat(), ...previous]);
    return id !== undefined && known.has(id);
  };
}

/** The sum with these ids in it; two reads of the same ids come to the same, in whatever order. FNV-1a of each. */
export function addToSum(sum: number, ids: Ids): number {
  let all = sum;
  for (const id of ids) {
    let hash = 0x811c9dc5;
    for (let place = 0; place < (id?.length ?? 0); place++) {
      hash = Math.imul(hash ^ (id?.charCodeAt(place) ?? 0), 0x01000193);
    }
    all = (all + (hash >>> 0)) % 2 ** 52;
  }
  return all;
}

export function stillInOrder(held: readonly Order[], ids: Ids): Order[] {
  return held.filter((name) => {
    const precedes = orders[name];
    return ids.every((id, index) => {
      const before = ids[index - 1];
      return before === undefined || id === undefined || before === id || precedes(before, id);
    });
  });
}

export function isOther(before: number | undefined, now: number | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

export function smaller(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
