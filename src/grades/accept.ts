import { createHash } from 'node:crypto';
import type { TenantId, ToolId } from '../../contracts/ids.ts';
import {
  type ConnectionId,
  type ContextId,
  type DeliveryId,
  type LineItemId,
  newId,
} from '../../contracts/ids.ts';
import type { Database } from '../platform/db.ts';
import { findScorePlace, insertScore, type ScorePlace } from './accept-store.ts';
import type { Score } from './score.ts';
import { parseTimestamp } from './timestamp.ts';

/** A score that a tool hands in for one person on one of its line items. */
export interface HandedInScore {
  tenantId: TenantId;
  toolId: ToolId;
  contextId: ContextId;
  lineItemId: LineItemId;
  /** The enablement the tool's token is narrowed to; undefined when it is not. */
  deploymentId: string | undefined;
  score: Score;
  /** Unix milliseconds. */
  now: number;
}

/** What became of it. Only `accepted` has changed anything. */
export type Acceptance =
  /** It is kept, and will be delivered. */
  | { kind: 'accepted'; deliveryId: DeliveryId; connectionId: ConnectionId }
  /** The very same score was accepted before. */
  | { kind: 'repeated' }
  /** A newer one was accepted before (AGS 2.0 §3.4.9: timestamps increase). */
  | { kind: 'stale' }
  /** Another one was accepted before with this timestamp. */
  | { kind: 'conflicting' }
  | { kind: 'line_item_unknown' }
  | { kind: 'person_unknown' }
  /** The tool, or its use by this tenant, is switched off. */
  | { kind: 'tool_disabled' };

/**
 * Accepts a score durably, in one statement: when this returns `accepted`, the score is on disk together with the row
 * that makes it due, and will reach its destination or end with a reason that people can see.
 */
export async function acceptScore(
  db: Pick<Database, 'tenant'>,
  handedIn: HandedInScore,
): Promise<Acceptance> {
  const { userId, ...kept } = handedIn.score;
  const at = parseTimestamp(kept.timestamp);
  if (at === undefined) throw new Error('A parsed score has a timestamp');
  const body = JSON.stringify(kept);
  const deliveryId = newId<DeliveryId>(handedIn.now);
  const entry = {
    ...handedIn,
    deliveryId,
    userId,
    timestamp: at.text,
    hash: createHash('sha256').update(body).digest(),
    body,
    now: new Date(handedIn.now),
  };
  const tx = db.tenant(handedIn.tenantId, { grouped: 'doubly' });
  for (let tries = 1; ; tries += 1) {
    const connectionId = await insertScore(tx, entry);
    if (connectionId !== undefined) return { kind: 'accepted', deliveryId, connectionId };
    const refusal = decideRefusal(await findScorePlace(tx, entry), entry.hash);
    if (refusal !== undefined) return refusal;
    if (tries === mostTries) throw new Error('A score has no place, and nothing stands in its way');
  }
}

/** What stood in a score's way may be gone when it is looked for: a person met, a tool enabled at that moment. */
const mostTries = 3;

/** Why a score was not accepted, from what is stored; undefined where nothing stands in its way any more. */
function decideRefusal(place: ScorePlace, hash: Buffer): Acceptance | undefined {
  if (!place.enabled) return { kind: 'tool_disabled' };
  if (!place.lineItem) return { kind: 'line_item_unknown' };
  if (!place.person) return { kind: 'person_unknown' };
  if (place.newest === undefined || place.newest.age === 'older') return undefined;
  if (place.newest.age === 'newer') return { kind: 'stale' };
  return place.newest.hash.equals(hash) ? { kind: 'repeated' } : { kind: 'conflicting' };
}
