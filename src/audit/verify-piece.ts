import type { HubTx, TenantTx } from '../platform/db.ts';
import {
  type AuditEvent,
  type AuditValues,
  type ChainHead,
  emptyChain,
  findLinkProblem,
  findMissing,
  type LinkProblem,
  type MissingEvents,
} from './chain.ts';
import { listEvents, readHead } from './store.ts';

/** How far a chain was checked, and how far it has to go. */
export interface PiecePlace {
  /** The last event of the piece before. */
  head: ChainHead;
  /** The last event of all when the first piece was read: a chain only grows, so that it has to be met. */
  announced: ChainHead;
}

/** What was found in one piece of a chain. */
export interface PieceVerdict {
  /** Where it ended: at the last event that is a link of the chain. */
  place: PiecePlace;
  /** Events that were read, and those of them whose values were erased. */
  events: number;
  erased: number;
  /** How many events there are, as the last one says; those that were there before and are gone count too. */
  total: number;
  problem: PieceProblem | undefined;
  /** Whether there is more behind it. */
  isLast: boolean;
}

export interface PieceProblem {
  sequence: number;
  code: LinkProblem | 'cut_short' | 'head_differs';
  missing?: MissingEvents;
}

const pageSize = 500;

/**
 * Checks a piece of the chain: each event's hash is made anew, and it has to follow the one before. A chain of any length is
 * checked piece by piece, each in short transactions, since what is written never changes. Each piece takes on from the one before
 * where that ended and how far the whole has to go: what is cut off, or put in its stead, between two of them is noticed.
 *
 * @param from what the piece before ended with; where a caller makes it up, the first event does not follow it. Without it: the beginning
 * @param most events of the piece
 */
export async function verifyPiece(
  tx: TenantTx | HubTx,
  from: PiecePlace | undefined,
  most: number,
): Promise<PieceVerdict> {
  const now = await readHead(tx);
  const place = from ?? { head: emptyChain, announced: now };
  const { announced } = place;
  const total = Math.max(now.sequence, announced.sequence);
  const piece: PieceVerdict = { place, events: 0, erased: 0, total, problem: undefined, isLast: true };
  let { head } = place;
  while (piece.events < most) {
    const limit = Math.min(pageSize, most - piece.events);
    const page = await listEvents(tx, { after: head.sequence, limit });
    for (const { event, values } of page) {
      const known = values && { ...values, before: values.before ?? null, after: values.after ?? null };
      const problem = findProblem(head, announced, { tenantId: tx.tenantId, event, values: known });
      if (problem !== undefined) return { ...piece, problem };
      piece.events++;
      if (values === undefined) piece.erased++;
      head = { sequence: event.sequence, hash: event.hash };
      piece.place = { head, announced };
    }
    if (page.length < limit) return decideEnd(piece);
  }
  return { ...piece, isLast: head.sequence >= total };
}

function findProblem(
  head: ChainHead,
  announced: ChainHead,
  { tenantId, event, values }: { tenantId: string; event: AuditEvent; values: AuditValues | undefined },
): PieceProblem | undefined {
  const { sequence } = event;
  const code = findLinkProblem(head, tenantId, event, values);
  const missing = findMissing(head, event, code);
  if (code !== undefined) return { sequence, code, ...(missing && { missing }) };
  const differs = sequence === announced.sequence && !event.hash.equals(announced.hash);
  return differs ? { sequence, code: 'head_differs' } : undefined;
}

/** Nothing is behind it: where the last event had been another, what followed was taken out meanwhile. */
function decideEnd(piece: PieceVerdict): PieceVerdict {
  const { place, total } = piece;
  const from = place.head.sequence + 1;
  return from <= total
    ? { ...piece, problem: { sequence: from, code: 'cut_short', missing: { from, to: total } } }
    : piece;
}
