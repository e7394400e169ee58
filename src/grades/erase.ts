import type { PersonId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import { blankScores, findScores } from './erase-store.ts';
import { endWaitingDeliveries, lockLines } from './repair-store.ts';

/**
 * Forgets the scores of persons: those that wait are not sent any more, and of all of them only the course of their delivery
 * is kept, by ids.
 *
 * @returns how many scores were forgotten
 * @throws DomainError conflict `score_being_sent` where a worker is sending one at this moment
 */
export async function eraseScores(tx: TenantTx, persons: readonly PersonId[], now: Date): Promise<number> {
  const deliveryIds = await findScores(tx, persons);
  if (deliveryIds.length === 0) return 0;
  await lockLines(tx, deliveryIds);
  const judged = await endWaitingDeliveries(tx, deliveryIds, now);
  if (judged.some(({ verdict }) => verdict === 'being_sent')) {
    const message = 'A score of this person is being sent at this moment. Try again in a minute.';
    throw new DomainError('conflict', 'score_being_sent', message);
  }
  return blankScores(tx, deliveryIds);
}
