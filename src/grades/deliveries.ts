import type { DeliveryId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { Delivery, DeliveryDetails, DeliveryFilter } from './delivery.ts';
import * as store from './delivery-store.ts';
import { type GradeTurn, gradeAdvice, gradeReasons, isGradeReason } from './reasons.ts';
import type { DeliveryState } from './states.ts';

export { listToolDeliveries, type ToolDelivery } from './tool-delivery-store.ts';

/** Most deliveries of one page. */
export const largestPage = 500;

/**
 * A tenant's deliveries, newest first.
 *
 * @throws DomainError input `limit_invalid` unless 1 ≤ limit ≤ 500
 */
export function listDeliveries(
  tx: TenantTx,
  filter: DeliveryFilter & { state?: DeliveryState | undefined },
  page: { limit: number; before?: DeliveryId | undefined },
): Promise<Delivery[]> {
  if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > largestPage) {
    throw new DomainError('input', 'limit_invalid', `Ask for 1 to ${largestPage} deliveries at once.`);
  }
  return store.listDeliveries(tx, filter, page);
}

/**
 * One delivery with its tries and its way.
 *
 * @throws DomainError not_found `delivery_unknown`
 */
export async function getDelivery(tx: TenantTx, deliveryId: DeliveryId): Promise<DeliveryDetails> {
  const found = await store.findDelivery(tx, deliveryId);
  if (found !== undefined) return { ...found, tries: await store.listAttempts(tx, deliveryId) };
  throw new DomainError(
    'not_found',
    'delivery_unknown',
    `This tenant has no delivery ${deliveryId}. List its deliveries to see their ids.`,
  );
}

export interface DeliveryExplanation {
  /** What happened or is going on, in plain words. */
  happened: string;
  /** What mends it; undefined where there is nothing to do. */
  advice: string | undefined;
  turn: GradeTurn;
}

/** Tells how a delivery stands, whose turn it is and what mends it. */
export function explainDelivery(delivery: DeliveryDetails): DeliveryExplanation {
  const { state, route, partner } = delivery;
  const known = (reason: string | null): DeliveryExplanation | undefined => {
    if (reason === null || !isGradeReason(reason)) return undefined;
    const { happened, turn } = gradeReasons[reason];
    return { happened, advice: gradeAdvice(reason, partner), turn };
  };
  if (state === 'delivered') {
    const taken = { happened: 'The LMS has taken the score.', advice: undefined, turn: 'nobody' } as const;
    // A reason beside it is a warning: people see something else there.
    return known(delivery.reason) ?? taken;
  }
  if (state !== 'pending') {
    return known(delivery.reason) ?? { happened: 'It has ended.', advice: undefined, turn: 'hub' };
  }
  if (route.state === 'paused') {
    return {
      happened: 'It waits: deliveries over this connection are paused.',
      advice: 'Resume them: grades resume.',
      turn: 'hub',
    };
  }
  const trouble = known(route.state === 'stopped' ? route.reason : delivery.reason);
  if (trouble === undefined) {
    return { happened: 'It waits for its turn.', advice: undefined, turn: 'nobody' };
  }
  return { ...trouble, happened: `It waits. ${trouble.happened}` };
}
