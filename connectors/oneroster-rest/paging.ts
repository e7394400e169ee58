import { type Order, orders, type Position, startPosition } from './position.ts';

/** sourcedIds of a page as it came; undefined where a row has none. */
export type Ids = readonly (string | undefined)[];

export interface Ask {
  readonly offset: number;
  readonly overlap: 0 | 1;
  /** `same`, `exact`: once more, after a page that had come before; `back`: for rows that moved to earlier places. */
  readonly kind: 'next' | 'same' | 'exact' | 'back';
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
  /** The page before the previous one; where rows may come again, all since they moved. */
  readonly earlier: readonly Ids[];
  /** Pages in a row that have brought nothing new. */
  readonly idle: number;
  /** The furthest that the reading has come, and the steps back since. */
  readonly furthest: number;
  readonly backs: number;
  /** Up to this place rows may come again, because some have moved. */
  readonly carefulTo: number;
}

export interface PageFacts {
  readonly ids: Ids;
  /** X-Total-Count. */
  readonly total: number | undefined;
  /** rel="next" where it leads on by a way of its own (no offset in it). */
  readonly next: string | undefined;
  /** What Link says about a next page; undefined without a Link. */
  readonly hasNext: boolean | undefined;
  /** Whether the total is that of the rows asked for. */
  readonly isWhole: boolean;
}

export interface Step {
  /** Places of the rows in the page that have not come before. */
  readonly fresh: readonly number[];
  readonly walk: Walk;
  /** `whole`: all rows have come; `doubtful`: rows may be missing; `repeated`: the source gives one page for ever. */
  readonly end?: 'whole' | 'doubtful' | 'repeated';
}

/** Pages that may bring nothing new before the source is taken to be going in circles. */
const mostIdle = 4;
/** Steps back without getting any further before the list is taken to have no order at all. */
const mostBacks = 5;

export function beginWalk(position: Position): Walk {
  const ask = nextAsk(position);
  return { position, ask, previous: [], earlier: [], idle: 0, furthest: 0, backs: 0, carefulTo: 0 };
}

/**
 * What a page means for the way through a list whose rows may come and go meanwhile. An empty page, an exhausted Link
 * or a reached total ends it; a short page does not. Each page begins with the last row of the one before: where
 * another row stands there, rows have moved, and the ones in between are asked for again.
 */
export function decideStep(walk: Walk, given: PageFacts): Step {
  const { ask, position } = walk;
  const { ids } = given;
  const falseTotal =
    position.falseTotal || ask.offset + ids.length > (given.total ?? Number.POSITIVE_INFINITY);
  const page = falseTotal ? { ...given, total: undefined } : given;
  const first = ids[0];
  if (ids.length === 0 && ask.overlap === 0 && ask.kind !== 'back') return finish(walk, page);
  if (ask.kind !== 'back' && walk.previous.length > 0 && isSame(ids, walk.previous))
    return repeat(walk, page);
  const isKnown = createKnown(walk);
  const isCalm = ask.overlap === 1 && first === position.last;
  if (ask.overlap === 1 && !isCalm && !isKnown(first)) return stepBack(walk);
  if (ask.kind === 'back' && ask.offset > 0 && !isKnown(first)) return doubt(walk);

  const isFirst = walk.previous.length === 0 && walk.earlier.length === 0;
  const places = [...ids.keys()];
  const isPlain = isFirst || (isCalm && position.offset > walk.carefulTo);
  const fresh = isPlain ? places.slice(ask.overlap) : places.filter((place) => !isKnown(ids[place]));
  // A source that counts in pages goes on after the last row; one that does not has had rows put in.
  const isAligned = ask.kind === 'exact' && !isKnown(first);
  const aligned = isAligned ? ask.limit : position.aligned;
  const isMoved = (ask.overlap === 1 && !isCalm) || (ask.kind === 'exact' && !isAligned);
  const moved: Position = {
    ...position,
    offset: ask.offset + ids.length,
    last: ids.at(-1),
    overlap:
      ids.length > 1 && ids.at(-1) !== undefined && aligned === undefined && page.next === undefined ? 1 : 0,
    next: page.next,
    received: position.received + fresh.length,
    least: page.isWhole && !falseTotal ? smaller(position.least, page.total) : undefined,
    falseTotal,
    shifted: position.shifted || ask.kind === 'back' || isMoved || isOther(position.total, page.total),
    total: page.total,
    orders: stillInOrder(position.orders, isCalm ? [position.last, ...ids.slice(1)] : ids),
    aligned,
  };
  const carefulTo = isMoved ? placeToBeCarefulTo(walk) : walk.carefulTo;
  const after: Walk = {
    position: moved,
    ask: nextAsk(moved),
    previous: ids,
    earlier: moved.offset > carefulTo ? [walk.previous] : [walk.previous, ...walk.earlier],
    idle: fresh.length === 0 ? walk.idle + 1 : 0,
    furthest: Math.max(walk.furthest, moved.offset),
    backs: moved.offset > walk.furthest ? 0 : walk.backs,
    carefulTo,
  };
  const isOnlyOverlap = isCalm && ids.length === ask.overlap;
  if (isOnlyOverlap || isLast(walk, moved, page)) return { ...finish(after, page), fresh };
  if (after.idle > mostIdle) return { fresh, walk: after, end: 'repeated' };
  return { fresh, walk: after };
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

function isLast(
  before: Walk,
  { offset, overlap }: Position,
  { ids, total, hasNext, next }: PageFacts,
): boolean {
  if (next !== undefined) return false;
  if (total !== undefined) {
    // Where the first page is all there is, the total may be that of the page: one more call tells.
    const isAlone = before.position.offset === 0 && hasNext === undefined && ids.length === total;
    return offset >= total && hasNext !== true && !isAlone;
  }
  // Links that count with the limit asked for end too early where the source has cut it: one more call tells.
  return hasNext === false && (before.ask.url !== undefined || overlap === 0);
}

/** The end is reached: was all of it seen? Rows that came meanwhile, to where the reading had been, may wait. */
function finish(walk: Walk, { total, isWhole }: PageFacts): Step {
  const { received, shifted, orders: held } = walk.position;
  const least = isWhole ? smaller(walk.position.least, total) : undefined;
  const isShort = least !== undefined && received < least;
  // Without order a row that was changed may have moved to where the reading had been.
  if (isShort || (shifted && held.length === 0)) return doubt(walk);
  return { fresh: [], walk: { ...walk, position: { ...walk.position, least } }, end: 'whole' };
}

/** Rows may be missing: once more from the start, and once only. */
function doubt(walk: Walk): Step {
  const { position } = walk;
  if (position.pass === 2) return { fresh: [], walk, end: 'doubtful' };
  const { without, since, startedAt, aligned } = position;
  return { fresh: [], walk: beginWalk({ ...startPosition, pass: 2, without, since, startedAt, aligned }) };
}

/** The page has come before: a slip, or a source that counts in pages and rounds the offset down. */
function repeat(walk: Walk, page: PageFacts): Step {
  const { ask, position, previous } = walk;
  const again = (next: Partial<Ask>): Step => ({ fresh: [], walk: { ...walk, ask: { ...ask, ...next } } });
  if (ask.kind === 'next') return again({ kind: 'same' });
  if (ask.kind === 'same' && ask.url === undefined) {
    return again({ kind: 'exact', offset: position.offset, overlap: 0, limit: previous.length });
  }
  const isOver = page.hasNext === false || (page.total !== undefined && position.offset >= page.total);
  return isOver ? finish(walk, page) : { fresh: [], walk, end: 'repeated' };
}

/** Rows were taken out before this place: the following ones stand earlier now. */
function stepBack(walk: Walk): Step {
  const { ask, previous, backs } = walk;
  if (backs === mostBacks) return doubt(walk);
  const offset = Math.max(0, ask.offset - Math.max(previous.length, 1));
  const back: Ask = { kind: 'back', offset, overlap: 0 };
  return { fresh: [], walk: { ...walk, backs: backs + 1, carefulTo: placeToBeCarefulTo(walk), ask: back } };
}

/** Where rows have moved, those that have come may come again: further on where others were put in before them. */
function placeToBeCarefulTo({ furthest, position, previous }: Walk): number {
  return Math.max(furthest, position.offset) + 2 * previous.length;
}

function nextAsk({ offset, overlap, next, aligned }: Position): Ask {
  return { kind: 'next', offset: offset - overlap, overlap, url: next, limit: aligned };
}

/** Whether an id stood on one of the pages that are remembered; gathered when first asked, since calm pages never ask. */
function createKnown({ previous, earlier }: Walk): (id: string | undefined) => boolean {
  let known: ReadonlySet<string | undefined> | undefined;
  return (id) => {
    known ??= new Set([...earlier.flat(), ...previous]);
    return id !== undefined && known.has(id);
  };
}

function isSame(a: Ids, b: Ids): boolean {
  return a.length === b.length && a.some((id) => id !== undefined) && a.every((id, index) => id === b[index]);
}

function isOther(before: number | undefined, now: number | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

function stillInOrder(held: readonly Order[], ids: Ids): Order[] {
  return held.filter((name) => {
    const precedes = orders[name];
    return ids.every((id, index) => {
      const before = ids[index - 1];
      return before === undefined || id === undefined || before === id || precedes(before, id);
    });
  });
}
