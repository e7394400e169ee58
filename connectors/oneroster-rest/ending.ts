import { type Position, startPosition } from './position.ts';
import { beginWalk, isOther, type PageFacts, type Step, smaller, type Walk } from './walk.ts';

/** Nobody cuts answers to fewer rows than this: a shorter page is short because there are no more. */
const smallestCut = 50;

/** Whether a page with rows is the last one. @param moved the position after it */
export function isLast(
  before: Walk,
  { offset, overlap, most }: Position,
  { ids, limit, total, hasNext, next }: PageFacts,
): boolean {
  if (next !== undefined) return false;
  if (total === undefined) {
    // Links that count with the limit asked for end too early where the source has cut it: one more call tells.
    return hasNext === false && (before.ask.url !== undefined || overlap === 0);
  }
  if (offset < total || hasNext === true) return false;
  if (hasNext === false) return true;
  // Where the first page is all there is, the total may be that of the page: one more call tells.
  const isAlone = before.position.offset === 0 && ids.length === total && ids.length > 1;
  // Some sources count no further than a bound, and a total may be wrong for once: a full page is not believed to be the last.
  const isFull = overlap === 1 && ids.length >= (before.previous.length || limit);
  return !isAlone && !isFull && total === most;
}

/** No more rows have come: the end, unless nothing else says so, or the source says otherwise. */
export function endOf(walk: Walk, page: PageFacts): Step {
  if (page.hasNext === true) return doubt(walk);
  const isReached = page.total !== undefined && walk.position.offset >= page.total;
  const isTold = isReached || page.hasNext === false || page.isPastEnd;
  if (!isTold && walk.ask.kind !== 'sure') {
    return { fresh: [], walk: { ...walk, ask: { ...walk.ask, kind: 'sure' } } };
  }
  return finish(walk, page);
}

/** The end is reached: was all of it seen? Rows that came meanwhile, to where the reading had been, may wait. */
export function finish(walk: Walk, { total, isWhole }: PageFacts): Step {
  const { position } = walk;
  const { received, orders: held, blind, since } = position;
  const least = isWhole ? smaller(position.least, total) : undefined;
  const isShort = least !== undefined && received < least;
  // Without order, or without rows in common, one that has moved may be where the reading had been.
  const hasShifted = position.shifted || isOther(position.total, total);
  if (isShort || (hasShifted && (held.length === 0 || blind !== undefined))) return doubt(walk);
  // Where nothing at all would show that rows have moved, the same rows have to come twice.
  const needsProof = blind === 'counted' && least === undefined && since === undefined;
  if (needsProof && position.sumBefore !== position.sum) return doubt(walk);
  return { fresh: [], walk: { ...walk, position: { ...position, least } }, end: 'whole' };
}

/** Rows may be missing: once more from the start, and once only. */
export function doubt(walk: Walk): Step {
  const { position } = walk;
  if (position.pass === 2) return { fresh: [], walk, end: 'doubtful' };
  const { without, since, startedAt, aligned, withoutLinks, sum } = position;
  const kept = { without, since, startedAt, aligned, withoutLinks, sumBefore: sum };
  return { fresh: [], walk: beginWalk({ ...startPosition, ...kept, pass: 2 }) };
}

/** The source's link leads nowhere: once more, and without links where it was a fresh one. */
export function decideLostLink(walk: Walk): Step {
  const withoutLinks = walk.previous.length > 0 || walk.position.withoutLinks;
  return doubt({ ...walk, position: { ...walk.position, withoutLinks } });
}

/** Whether the only page of a list has come again because the source heeds no offset. */
export function isOnlyPage({ position, previous }: Walk, { limit, total, hasNext }: PageFacts): boolean {
  const isFirst = position.offset === previous.length && position.received === previous.length;
  const isShort = previous.length < Math.min(smallestCut, limit);
  return isFirst && isShort && hasNext !== true && (total === previous.length || previous.length === 1);
}

/**
 * Whether an answer other than 200 can mean that there is nothing beyond the last row.
 *
 * @param pageSize rows that are asked for usually
 */
export function canBePastEnd({ ask, previous, position }: Walk, status: number, pageSize: number): boolean {
  if (ask.offset === 0 || ask.url !== undefined) return false;
  if (status === 404 || status === 416 || status === 204) return true;
  // Some refuse the question: believed where the page before has come short, or all rows of the total have come.
  const isShort = previous.length > 0 && previous.length < Math.min(smallestCut, pageSize);
  const isReached = position.total !== undefined && position.offset >= position.total;
  return (status === 400 || status === 422) && ask.overlap === 0 && (isShort || isReached);
}
