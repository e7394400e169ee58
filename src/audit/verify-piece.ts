import type { HubTx, TenantTx } from '../platform/db.ts';
import { type ChainHead, findLinkProblem, type LinkProblem } from './chain.ts';
import { listEvents, readHead } from './store.ts';

/** What was found in one piece of a chain. */
export interface PieceVerdict {
  /** Where it ended: the last event that is a link of the chain. */
  head: ChainHead;
  /** Events that were read, and those of them whose values were erased. */
  events: number;
  erased: number;
  /** How many events there are, as the last one says. */
  total: number;
  problem: { sequence: number; code: LinkProblem | 'cut_short' } | undefined;
  /** Whether there is more behind it. */
  isLast: boolean;
}

const pageSize = 500;

/**
 * Checks a piece of the chain: each event's hash is made anew, and it has to follow the one before. A chain of any length is
 * checked piece by piece, each in short transactions, since what is written never changes.
 *
 * @param from the last event of the piece before; where a caller makes it up, the first event does not follow it
 * @param most events of the piece
 */
export async function verifyPiece(
  tx: TenantTx | HubTx,
  from: ChainHead,
  most: number,
): Promise<PieceVerdict> {
  const { sequence: total } = await readHead(tx);
  const piece: PieceVerdict = { head: from, events: 0, erased: 0, total, problem: undefined, isLast: true };
  while (piece.events < most) {
    const limit = Math.min(pageSize, most - piece.events);
    const page = await listEvents(tx, { after: piece.head.sequence, limit });
    for (const { event, values } of page) {
      const known = values && { ...values, before: values.before ?? null, after: values.after ?? null };
      const code = findLinkProblem(piece.head, tx.tenantId, event, known);
      if (code !== undefined) return { ...piece, problem: { sequence: event.sequence, code } };
      piece.events++;
      if (values === undefined) piece.erased++;
      piece.head = { sequence: event.sequence, hash: event.hash };
    }
    if (page.length < limit) return decideEnd(piece);
  }
  return { ...piece, isLast: piece.head.sequence >= total };
}

/** Nothing is behind it: where the last event had been another, what followed was taken out meanwhile. */
function decideEnd(piece: PieceVerdict): PieceVerdict {
  const { head, total } = piece;
  return head.sequence < total
    ? { ...piece, problem: { sequence: head.sequence + 1, code: 'cut_short' } }
    : piece;
}
