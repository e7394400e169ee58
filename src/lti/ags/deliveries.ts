import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { DeliveryId } from '../../../contracts/ids.ts';
import { listToolDeliveries, type ToolDelivery } from '../../grades/deliveries.ts';
import { deliveryStates } from '../../grades/states.ts';
import { isStorable } from '../claims.ts';
import type { LtiServices } from '../services.ts';
import { deliveriesAddress } from './addresses.ts';
import { answerAs } from './answer.ts';
import { callOf } from './call.ts';
import { getCalled } from './line-item.ts';
import { filter, nextLink, pageQuery, parseQuery } from './paging.ts';

/** Deliveries on one page at most. */
const most = 200;

/** How far back a tool can look, in milliseconds. */
const visibleForMs = 30 * 86_400_000;

const query = z.object({
  user_id: filter,
  state: z.enum(deliveryStates, { error: `Give one of: ${deliveryStates.join(', ')}.` }).optional(),
  limit: pageQuery.limit,
  after: z.uuid({ error: 'Follow the Link header of the page before.' }).optional(),
});

/**
 * GET: what became of the scores that the tool has sent for a line item, newest first. The hub's own: AGS knows no such
 * address. It says how each score stands, never what it was.
 */
export function readDeliveries({ clock }: Pick<LtiServices, 'clock'>): RequestHandler {
  return async (request, response) => {
    const call = callOf(response);
    const asked = parseQuery(query, request.query);
    const { lineItemId } = await getCalled(call);
    const limit = Math.min(asked.limit ?? most, most);
    const isKnowable = asked.user_id === undefined || isStorable(asked.user_id);
    const found = isKnowable
      ? await listToolDeliveries(call.tx, {
          toolId: call.toolId,
          lineItemId,
          userId: asked.user_id,
          state: asked.state,
          since: new Date(clock.now() - visibleForMs),
          before: asked.after as DeliveryId | undefined,
          // One more tells whether another page follows.
          limit: limit + 1,
        })
      : [];
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last !== undefined) {
      const address = deliveriesAddress(call.place, lineItemId);
      response.setHeader('Link', nextLink(address, asked, last.deliveryId));
    }
    answerAs(response, 'application/json', page.map(show));
  };
}

function show(delivery: ToolDelivery): Record<string, unknown> {
  return {
    id: delivery.deliveryId,
    userId: delivery.userId,
    state: delivery.state,
    reason: delivery.reason ?? undefined,
    attempts: delivery.attempts,
    timestamp: delivery.timestamp,
    acceptedAt: delivery.acceptedAt,
    endedAt: delivery.endedAt ?? undefined,
    nextTryAt: delivery.dueAt ?? undefined,
  };
}
