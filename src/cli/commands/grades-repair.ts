import type { DeliveryId } from '../../../contracts/ids.ts';
import type { DeliveryFilter } from '../../grades/delivery.ts';
import {
  discardDeliveries,
  type Repair,
  repairBatch,
  replayDeliveries,
  type Wanted,
} from '../../grades/repair.ts';
import type { TenantTx } from '../../platform/db.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { type Answer, type Command, changing, type Invocation, type OptionSpec } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import type { Values } from '../values.ts';
import { completeFilter, filterOptions, readDeliveryIds, readFilter } from './grades-filter.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const whichOptions = {
  ...tenantOption,
  delivery: { value: 'id', about: 'This delivery', multiple: true },
  ...filterOptions,
  all: { about: 'Every one of the tenant' },
  ...changing,
} as const satisfies Record<string, OptionSpec>;

export const gradesReplay: Command = {
  name: 'grades replay',
  about: 'Send refused and given-up scores again, unless a newer one has taken their place',
  options: whichOptions,
  examples: [
    'grades replay --tenant northfield --delivery 0199c5a4-0000-7000-8000-000000000000',
    'grades replay --tenant northfield --cause course_closed --reason "The course is open again"',
  ],
  run: (invocation) =>
    repair(invocation, 'grades replay', replayDeliveries, {
      replayed: 'sent again',
      newer_stands: 'left, since a newer score of the person waits or has arrived',
      score_removed: 'left, since the hub no longer keeps the score',
      not_ended_so: 'left, since they were neither refused nor given up',
    }),
};

export const gradesDiscard: Command = {
  name: 'grades discard',
  about: 'Give up scores that wait: they are not sent',
  options: whichOptions,
  examples: [
    'grades discard --tenant northfield --delivery 0199c5a4-0000-7000-8000-000000000000 --reason "Sent by mistake"',
    'grades discard --tenant northfield --line-item 0199c5a4-0000-7000-8000-000000000000',
  ],
  run: (invocation) =>
    repair(invocation, 'grades discard', discardDeliveries, {
      discarded: 'given up',
      being_sent: 'left, since they are being sent at this moment: try again in a minute',
      ended_already: 'left, since they have ended already',
    }),
};

type Apply<Verdict extends string> = (tx: TenantTx, wanted: Wanted, by: ChangeBy) => Promise<Repair<Verdict>>;

/** Batch by batch, each a transaction of its own: what is done stays done where a later one fails. */
async function repair<Verdict extends string>(
  { values, open }: Invocation,
  command: string,
  apply: Apply<Verdict>,
  words: Readonly<Record<Verdict, string>>,
): Promise<Answer> {
  const which = readWhich(values, command);
  const { hub, by } = await open();
  const { tenantId } = await getNamedTenant(hub, values);
  const filter =
    'filter' in which
      ? await hub.db.withTenant(tenantId, (tx) => completeFilter(tx, which.filter))
      : undefined;
  const verdicts = Object.keys(words) as Verdict[];
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  let unknown = 0;
  for (let wanted = firstOf(which, filter); wanted !== undefined; ) {
    const batch: Wanted = wanted;
    const done = await hub.db.withTenant(tenantId, (tx) => apply(tx, batch, by));
    for (const verdict of verdicts) counts[verdict] += done.counts[verdict];
    unknown += done.unknown;
    wanted = filter === undefined || done.next === undefined ? undefined : { filter, after: done.next };
  }
  const told = verdicts.map((verdict) => [counts[verdict], words[verdict]] as const);
  const lines = [...told, [unknown, 'not known for this tenant'] as const]
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, what]) => `${count} ${what}.`);
  return { json: { counts, unknown }, text: lines.join('\n') };
}

type Which = { deliveryIds: readonly DeliveryId[] } | { filter: ReturnType<typeof readFilter> };

/** @throws UsageError unless it is said which deliveries are meant, in one way */
function readWhich(values: Values, command: string): Which {
  const deliveryIds = readDeliveryIds(values, 'delivery');
  const filter = readFilter(values);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const ways = [deliveryIds !== undefined, isFiltered, values.flag('all')].filter(Boolean).length;
  if (ways === 0) {
    throw new UsageError(
      'Say which: --delivery, what they have in common (such as --cause), or --all.',
      command,
    );
  }
  if (ways > 1) throw values.wrong('delivery', 'a filter and --all exclude each other');
  if (deliveryIds === undefined) return { filter };
  if (deliveryIds.length > repairBatch)
    throw values.wrong('delivery', `can be given ${repairBatch} times at most`);
  return { deliveryIds };
}

function firstOf(which: Which, filter: DeliveryFilter | undefined): Wanted | undefined {
  if (filter !== undefined) return { filter };
  return 'deliveryIds' in which ? { deliveryIds: which.deliveryIds } : undefined;
}
