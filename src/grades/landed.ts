import type { SendPlan } from './coalesce.ts';
import type { TakenLine } from './drain-store.ts';
import { outcomeOf } from './reasons.ts';
import { decideSettlement, type Tried } from './settle.ts';
import type { SettledLine } from './settle-store.ts';

/** A line whose try has ended, and nobody has written down how. */
export interface Landed {
  line: TakenLine;
  plan: SendPlan;
  tried: Tried;
}

/** What is to be written down of it. @param random 0 ≤ random < 1 */
export function toSettled({ line, plan, tried }: Landed, random: number): SettledLine {
  const settlement = decideSettlement(line, plan, tried, random);
  return {
    lineItemId: line.lineItemId,
    personId: line.personId,
    token: line.token,
    settlement,
    tried: { deliveryId: plan.send.deliveryId, attempts: plan.send.attempts, times: tried },
    lostTry: line.lostTry,
    outcomes: new Map(
      settlement.ended.map(({ deliveryId, state, reason }) => [deliveryId, outcomeOf(state, reason)]),
    ),
  };
}
