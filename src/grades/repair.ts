import type { DeliveryId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import type { TenantTx } from '../platform/db.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import type { DeliveryFilter } from './delivery.ts';
import {
  type DiscardVerdict,
  discardVerdicts,
  endWaitingDeliveries,
  findRepairable,
  lockLines,
  type ReplayVerdict,
  reopenDeliveries,
  replayVerdicts,
} from './repair-store.ts';

/** Most deliveries that are changed in one transaction. */
export const repairBatch = 500;

/** Deliveries by their ids, at most `repairBatch`, or the next batch of those that a filter names. */
export type Wanted =
  | { deliveryIds: readonly DeliveryId[] }
  | {
      filter: DeliveryFilter;
      /** The last delivery of the batch before. */
      after?: DeliveryId | undefined;
    };

export interface Repair<Verdict extends string> {
  /** How many deliveries ended how. */
  counts: Record<Verdict, number>;
  /** How many ids were asked for that the tenant does not have. */
  unknown: number;
  /** Where the next batch begins; undefined when this was the last. */
  next: DeliveryId | undefined;
}

/**
 * Sends refused and expired deliveries again, one batch. A delivery stays as it is where a newer score of the same person
 * and line item waits or has arrived (`newer_stands`), where it ended otherwise (`not_ended_so`) and where its score is
 * past its retention (`score_removed`). Its attempts are kept.
 *
 * @param tx from `withTenant`: lines stay locked until it ends
 */
export function replayDeliveries(tx: TenantTx, wanted: Wanted, by: ChangeBy): Promise<Repair<ReplayVerdict>> {
  return repair(tx, wanted, by, { event: 'replayed', verdicts: replayVerdicts, apply: reopenDeliveries });
}

/**
 * Ends deliveries that wait, one batch: they are not sent. One that a worker is sending at this moment stays
 * (`being_sent`).
 *
 * @param tx as for `replayDeliveries`
 */
export function discardDeliveries(
  tx: TenantTx,
  wanted: Wanted,
  by: ChangeBy,
): Promise<Repair<DiscardVerdict>> {
  return repair(tx, wanted, by, {
    event: 'discarded',
    verdicts: discardVerdicts,
    apply: endWaitingDeliveries,
  });
}

interface Kind<Verdict extends string> {
  event: 'replayed' | 'discarded';
  verdicts: readonly Verdict[];
  apply(
    tx: TenantTx,
    deliveryIds: readonly DeliveryId[],
    now: Date,
  ): Promise<{ deliveryId: DeliveryId; verdict: Verdict }[]>;
}

async function repair<Verdict extends string>(
  tx: TenantTx,
  wanted: Wanted,
  by: ChangeBy,
  { event, verdicts, apply }: Kind<Verdict>,
): Promise<Repair<Verdict>> {
  const isFilter = 'filter' in wanted;
  const ids = isFilter
    ? await findRepairable(tx, event, wanted.filter, { most: repairBatch, after: wanted.after })
    : [...new Set(wanted.deliveryIds)];
  await lockLines(tx, ids);
  const judged = await apply(tx, ids, new Date(by.now));
  const changed = judged.filter(({ verdict }) => verdict === event).map(({ deliveryId }) => deliveryId);
  if (changed.length > 0) {
    await recordAudit(tx, {
      ...by,
      action: `grade_delivery.${event}`,
      subject: changed.length === 1 ? `grade_delivery:${changed[0]}` : `tenant:${tx.tenantId}`,
      after: { deliveryIds: changed },
    });
  }
  const counts = Object.fromEntries(
    verdicts.map((verdict) => [verdict, judged.filter((each) => each.verdict === verdict).length]),
  ) as Record<Verdict, number>;
  return {
    counts,
    unknown: ids.length - judged.length,
    next: isFilter && ids.length === repairBatch ? ids.at(-1) : undefined,
  };
}
