import type { z } from 'zod';
import type {
  listDeliveries,
  listGradeRoutes,
  showDelivery as showDeliveryContract,
} from '../../../contracts/http/grades.ts';
import type { Delivery, DeliveryDetails } from '../../grades/delivery.ts';
import type { GradeRoute } from '../../grades/pause.ts';
import { gradeAdvice, gradeReasons, isGradeReason } from '../../grades/reasons.ts';

type Reply<Contract extends { reply: { schema: z.ZodType } }> = z.input<Contract['reply']['schema']>;
type ShownDelivery = Reply<typeof listDeliveries>['deliveries'][number];
type ShownDetails = Reply<typeof showDeliveryContract>['delivery'];
type ShownRoute = Reply<typeof listGradeRoutes>['routes'][number];
type Slugs = ReadonlyMap<string, string>;

const orNull = (at: Date | null) => at?.toISOString() ?? null;

/** A delivery as lists show it; never the score. */
export function showDelivery(delivery: Delivery, slugs: Slugs): ShownDelivery {
  const { toolId, scoreTimestamp: _scored, acceptedAt, endedAt, reason, ...rest } = delivery;
  const known = reason !== null && isGradeReason(reason) ? gradeReasons[reason] : undefined;
  return {
    ...rest,
    reason,
    tool: slugs.get(toolId) ?? null,
    happened: known?.happened ?? null,
    turn: known?.turn ?? null,
    acceptedAt: acceptedAt.toISOString(),
    endedAt: orNull(endedAt),
  };
}

/** A delivery with its tries and its way. */
export function showDeliveryDetails(details: DeliveryDetails, slugs: Slugs): ShownDetails {
  const { partner, beingSent, dueAt, route, scoreKept, scoreTimestamp, tries, ...delivery } = details;
  return {
    ...showDelivery({ ...delivery, scoreTimestamp }, slugs),
    ...{ partner, beingSent, scoreKept, dueAt: orNull(dueAt) },
    route: { ...route, state: route.state as ShownDetails['route']['state'] },
    scoreTimestamp: scoreTimestamp.toISOString(),
    tries: tries.map(({ startedAt, endedAt, ...rest }) => ({
      ...rest,
      startedAt: startedAt.toISOString(),
      endedAt: endedAt.toISOString(),
    })),
  };
}

/** How deliveries over a connection go, and what starts them again. */
export function showRoute({ changedAt, blockedUntil, oldestPending, ...route }: GradeRoute): ShownRoute {
  const { state, reason, partner } = route;
  const isFault = state === 'stopped' && reason !== null && isGradeReason(reason);
  return {
    ...route,
    advice: isFault ? gradeAdvice(reason, partner) : null,
    changedAt: orNull(changedAt),
    blockedUntil: orNull(blockedUntil),
    oldestPending: orNull(oldestPending),
  };
}
