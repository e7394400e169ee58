import fc from 'fast-check';
import { calendarPeriods } from '../../../contracts/calendars.ts';
import type { ExchangeEvent, SliceFilter } from '../../../contracts/health.ts';
import { exchangeKinds, outcomes, serviceTiers } from '../../../contracts/health.ts';
import { newId, type TenantId } from '../../../contracts/ids.ts';

/** Where made-up exchanges come from: few of each, so that there are several in every slice. */
export interface MadeWorld {
  tenants: readonly TenantId[];
  connections: readonly string[];
}

export function madeWorld(): MadeWorld {
  return {
    tenants: [newId<TenantId>(), newId<TenantId>(), newId<TenantId>()],
    connections: [newId(), newId()],
  };
}

/** Exchanges that ended in these milliseconds. */
export function madeEvents(world: MadeWorld, { from, to }: { from: number; to: number }) {
  const event = fc
    .record({
      tenantId: fc.constantFrom(...world.tenants),
      connectionId: fc.constantFrom(null, ...world.connections),
      partner: fc.constantFrom(null, 'canvas', 'moodle'),
      kind: fc.constantFrom(...exchangeKinds),
      tier: fc.constantFrom(...serviceTiers),
      connectorVersion: fc.constantFrom(null, '1.0', '1.1'),
      toolId: fc.constant(null),
      outcome: fc.constantFrom('success' as const, 'success' as const, ...outcomes),
      reason: fc.constant(null),
      attempts: fc.nat(4),
      failed: fc.nat(4),
      offered: fc.nat(1000),
      lost: fc.nat(1000),
      // Minutes and edges of stretches come up by themselves too seldom.
      endedAt: fc.oneof(
        fc.integer({ min: from, max: to - 1 }),
        fc
          .integer({ min: 0, max: Math.floor((to - from) / 300_000) - 1 })
          .map((step) => from + step * 300_000),
      ),
      took: fc.oneof(fc.nat(5_000), fc.constantFrom(0, 900_000, 900_001), fc.nat(100_000_000)),
    })
    .map(
      ({ failed, lost, endedAt, took, ...rest }): ExchangeEvent => ({
        ...rest,
        exchangeId: newId(endedAt - took),
        failedAttempts: Math.min(failed, rest.attempts),
        rejected: Math.min(lost, rest.offered),
        startedAt: new Date(endedAt - took),
        endedAt: new Date(endedAt),
      }),
    );
  return fc.array(event, { minLength: 1, maxLength: 120 });
}

/** What numbers are limited to: nothing, one value or several at once, those that nothing has among them. */
export function madeFilters({ connections }: MadeWorld): fc.Arbitrary<SliceFilter> {
  const maybe = <Value>(...values: readonly Value[]) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.constantFrom(...values));
  return fc
    .record({
      connectionId: maybe(null, ...connections),
      partner: maybe(null, 'canvas', 'moodle', 'nobody'),
      kind: maybe(...exchangeKinds),
      tier: maybe(...serviceTiers),
      connectorVersion: maybe(null, '1.0'),
      period: maybe(null, ...calendarPeriods),
    })
    .map((filter) => JSON.parse(JSON.stringify(filter)) as SliceFilter);
}
