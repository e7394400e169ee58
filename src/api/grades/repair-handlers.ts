import type { consoleEndpoints } from '../../../contracts/http/console-endpoints.ts';
import type { DeliveryId, TenantId } from '../../../contracts/ids.ts';
import { discardDeliveries, type Repair, replayDeliveries, type Wanted } from '../../grades/repair.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Call, Handlers } from '../router.ts';
import { completeFilter } from './filter.ts';

type RepairEndpoint = 'replayDeliveries' | 'discardDeliveries';
type Which = Call<(typeof consoleEndpoints)['replayDeliveries']>['body'];
type Apply<Verdict extends string> = (tx: TenantTx, wanted: Wanted, by: ChangeBy) => Promise<Repair<Verdict>>;

/** Batches of one call, each a transaction of its own: what is done stays done, and the caller goes on from there. */
const batchesPerCall = 10;

/** What is done for the endpoints that send scores again, or give them up. */
export function repairHandlers(db: Database): Pick<Handlers<typeof consoleEndpoints>, RepairEndpoint> {
  return {
    replayDeliveries: ({ tenant, body, by, signal }) =>
      repair(db, tenant.tenantId, body, by, { apply: replayDeliveries, signal }),
    discardDeliveries: ({ tenant, body, by, signal }) =>
      repair(db, tenant.tenantId, body, by, { apply: discardDeliveries, signal }),
  };
}

async function repair<Verdict extends string>(
  db: Database,
  tenantId: TenantId,
  { deliveryIds, filter: given, after }: Which,
  by: ChangeBy,
  { apply, signal }: { apply: Apply<Verdict>; signal: AbortSignal },
): Promise<{ counts: Record<Verdict, number>; unknown: number; next: DeliveryId | null }> {
  const run = (wanted: Wanted) => db.withTenant(tenantId, (tx) => apply(tx, wanted, by));
  if (deliveryIds !== undefined) {
    const { counts, unknown } = await run({ deliveryIds: deliveryIds as DeliveryId[] });
    return { counts, unknown, next: null };
  }
  const filter = await db.withTenant(tenantId, (tx) => completeFilter(tx, given ?? {}));
  let done = await run({ filter, after: after as DeliveryId | undefined });
  for (let batch = 1; batch < batchesPerCall && done.next !== undefined && !signal.aborted; batch++) {
    const more = await run({ filter, after: done.next });
    done = { ...more, counts: add(done.counts, more.counts) };
  }
  return { counts: done.counts, unknown: 0, next: done.next ?? null };
}

function add<Verdict extends string>(
  one: Record<Verdict, number>,
  other: Record<Verdict, number>,
): Record<Verdict, number> {
  const verdicts = Object.keys(one) as Verdict[];
  return Object.fromEntries(verdicts.map((verdict) => [verdict, one[verdict] + other[verdict]])) as Record<
    Verdict,
    number
  >;
}
