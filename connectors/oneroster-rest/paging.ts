import { doubt, endOf, finish, isLast, isOnlyPage } from './ending.ts';
import type { Position } from './position.ts';
import {
  type Ask,
  addToSum,
  blindnessOf,
  createKnown,
  earlierPages,
  follow,
  type Ids,
  isOther,
  nextAsk,
  type PageFacts,
  type Step,
  smaller,
  stillInOrder,
  type Walk,
} from './walk.ts';

/** Pages that may bring nothing new before the source is taken to be going in circles. */
const mostIdle = 4;
/** Steps back without getting any further before the list is taken to have no order at all. */
const mostBacks = 5;

/**
 * What a page means for the way through a list whose rows may come and go meanwhile. An empty page, an exhausted Link
 * or a reached total ends it; a short page does not. Each page begins with the last row of the one before: where
 * another row stands there, rows have moved, and the ones in between are asked for again.
 */
export function decideStep(before: Walk, given: PageFacts): Step {
  const walk = withBlindness(before);
  const { ask, position } = walk;
  const { ids } = given;
  const falseTotal =
    position.falseTotal || ask.offset + ids.length > (given.total ?? Number.POSITIVE_INFINITY);
  const page = falseTotal ? { ...given, total: undefined } : given;
  const trail = follow(walk.trail, page.next);
  if (trail === undefined) return { fresh: [], walk, end: 'repeated' };
  const first = ids[0];
  if (ids.length === 0 && ask.overlap === 0 && ask.kind !== 'back') {
    if (page.next === undefined) return endOf(walk, page);
    // What was filtered out may leave a page empty in the middle.
    const onward = { ...position, next: page.next, total: page.total };
    return { fresh: [], walk: { ...walk, position: onward, ask: nextAsk(onward), trail } };
  }
  if (ask.kind !== 'back' && walk.previous.length > 0 && isSame(ids, walk.previous))
    return repeat(walk, page, given.total);
  const isKnown = createKnown(walk);
  const isCalm = ask.overlap === 1 && first === position.last;
  if (ask.overlap === 1 && !isCalm && !isKnown(first)) return stepBack(walk);
  if (ask.kind === 'back' && ask.offset > 0 && !isKnown(first)) return doubt(walk);

  const isFirst = walk.previous.length === 0 && walk.earlier.length === 0;
  const places = [...ids.keys()];
  const orders = stillInOrder(position.orders, isCalm ? [position.last, ...ids.slice(1)] : ids);
  const isPlain = isFirst || (isCalm && orders.length > 0 && position.offset > walk.carefulTo);
  const fresh = isPlain ? places.slice(ask.overlap) : places.filter((place) => !isKnown(ids[place]));
  // A source that counts in pages goes on after the last row; one that does not has had rows put in.
  const isAligned = ask.kind === 'exact' && !isKnown(first);
  const aligned = isAligned ? ask.limit : position.aligned;
  const isMoved = (ask.overlap === 1 && !isCalm) || (ask.kind === 'exact' && !isAligned);
  // Rows that were put in push the last one on: where it is not on the page either, others have gone.
  if (isMoved && !ids.includes(position.last)) return doubt(walk);
  const comesAgain = isCalm && fresh.length < ids.length - 1;
  const total = page.total;
  const moved: Position = {
    ...position,
    // A source that counts in pages goes on with the next one, however short the last one was.
    offset: ask.offset + Math.max(ids.length, aligned ?? 0),
    last: ids.at(-1),
    overlap:
      ids.length > 1 && ids.at(-1) !== undefined && aligned === undefined && page.next === undefined ? 1 : 0,
    next: page.next,
    received: position.received + fresh.length,
    sum: addToSum(
      position.sum ?? 0,
      fresh.map((place) => ids[place]),
    ),
    least: page.isWhole && !falseTotal ? smaller(position.least, total) : undefined,
    most: falseTotal ? undefined : Math.max(position.most ?? 0, total ?? 0),
    falseTotal,
    shifted:
      position.shifted || ask.kind === 'back' || isMoved || comesAgain || isOther(position.total, total),
    total,
    orders,
    aligned,
  };
  if (isCalm && ids.length === ask.overlap) {
    // The row before stands here alone.
    const { least, most, shifted } = moved;
    const here = { ...position, least, most, shifted, total, falseTotal };
    return endOf({ ...walk, position: here }, page);
  }
  const carefulTo = isMoved ? placeToBeCarefulTo(walk) : walk.carefulTo;
  const after: Walk = {
    position: moved,
    ask: nextAsk(moved),
    previous: ids,
    earlier: earlierPages(walk, moved.offset <= carefulTo),
    idle: fresh.length === 0 ? walk.idle + 1 : 0,
    furthest: Math.max(walk.furthest, moved.offset),
    backs: moved.offset > walk.furthest ? 0 : walk.backs,
    carefulTo,
    trail,
  };
  if (isLast(walk, moved, page)) return { ...finish(after, page), fresh };
  if (after.idle > mostIdle) return { fresh, walk: after, end: 'repeated' };
  return { fresh, walk: after };
}

function withBlindness(walk: Walk): Walk {
  const blind = blindnessOf(walk.ask);
  if (blind === undefined || walk.position.blind === 'counted') return walk;
  return { ...walk, position: { ...walk.position, blind } };
}

/** The page has come before: a slip, or a source that counts in pages and rounds the offset down. */
function repeat(walk: Walk, page: PageFacts, total: number | undefined): Step {
  const { ask, position, previous } = walk;
  const again = (next: Partial<Ask>): Step => ({ fresh: [], walk: { ...walk, ask: { ...ask, ...next } } });
  if (isOnlyPage(walk, { ...page, total })) return finish(walk, { ...page, total });
  if (ask.kind === 'next' || ask.kind === 'sure') return again({ kind: 'same' });
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

function isSame(a: Ids, b: Ids): boolean {
  return a.length === b.length && a.some((id) => id !== undefined) && a.every((id, index) => id === b[index]);
}
