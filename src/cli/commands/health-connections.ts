import { serviceTiers } from '../../../contracts/health.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { readFreshness } from '../../api/health/freshness.ts';
import { readGroups } from '../../api/health/reading.ts';
import { showFreshness, showGroup } from '../../api/health/shown.ts';
import { listConnections } from '../../connections/registrations.ts';
import { setTier } from '../../connections/tier.ts';
import { backfill } from '../../health/rollups/roll-up.ts';
import { type Command, changing } from '../command.ts';
import { table } from '../layout.ts';
import { rangeOptions, readRangeOptions, sayDuration, sayRate } from './health-options.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const healthConnections: Command = {
  name: 'health connections',
  about: 'Show a tenant’s connections side by side: failures, the last success, and whether a roster is late',
  options: { ...tenantOption, ...rangeOptions },
  examples: ['health connections --tenant northfield --window 28d'],
  async run({ values, io, open }) {
    const now = io.clock.now();
    const range = readRangeOptions(values, now);
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const slicing = { filter: {}, groupBy: ['connection'] } as const;
    const groups = await readGroups({ db: hub.db, tenantId }, range, slicing);
    const freshness = await readFreshness(hub.db, tenantId, now);
    const connections = await hub.db.withTenant(tenantId, listConnections);
    const found = connections.map((connection) => {
      const isOf = (each: { connectionId?: string | null }) => each.connectionId === connection.connectionId;
      const group = groups.find(({ slice }) => isOf(slice));
      return { connection, group, roster: freshness.find(isOf) };
    });
    const rows = found.map(({ connection, group, roster }) => [
      connection.connectionId,
      connection.kind,
      connection.partner,
      connection.name,
      String(group?.numbers.ended ?? 0),
      group === undefined ? '–' : sayRate(group.numbers.failureRate),
      group?.numbers.lastSuccess?.toISOString() ?? '–',
      roster === undefined ? '–' : `${sayDuration(roster.ageMs)}${roster.isBreached ? ', late' : ''}`,
    ]);
    const heading = ['CONNECTION', 'KIND', 'PARTNER', 'NAME', 'ENDED', 'FAILED', 'LAST SUCCESS', 'AGE'];
    return {
      json: {
        connections: found.map(({ connection, group, roster }) => ({
          ...connection,
          health: group === undefined ? null : showGroup(group),
          freshness: roster === undefined ? null : showFreshness(roster),
        })),
      },
      text: table(heading, rows, 'The tenant has no connection yet.'),
    };
  },
};

export const healthTier: Command = {
  name: 'health tier',
  about: 'Say how much rests on a connection: each tier has targets of its own',
  arguments: [{ name: 'connection', about: 'The connection; health connections shows them' }],
  options: {
    ...tenantOption,
    tier: { value: 'tier', about: 'critical, standard or trial', required: true, choices: serviceTiers },
    ...changing,
  },
  examples: ['health tier 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --tier critical'],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('connection');
    const tier = values.choice('tier', serviceTiers);
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await hub.db.withTenant(tenantId, (tx) => setTier(tx, connectionId, tier, by));
    return { json: { connectionId, tier }, text: `What ends from now on counts as ${tier}.` };
  },
};

/** Exchanges are kept so long (migrations); what is counted from fewer than all would be less than it was. */
const keptMs = 180 * 86_400_000;

export const healthBackfill: Command = {
  name: 'health backfill',
  about: 'Count what ended between two times anew, from the exchanges themselves',
  options: {
    from: { value: 'time', about: 'Such as 2026-03-01T00:00:00Z; at most 180 days ago', required: true },
    to: { value: 'time', about: 'Before this time', required: true },
  },
  examples: ['health backfill --from 2026-03-01T00:00:00Z --to 2026-03-08T00:00:00Z'],
  async run({ values, io, open }) {
    const now = io.clock.now();
    const range = readRangeOptions(values, now);
    if (range.from.getTime() < now - keptMs) {
      throw values.wrong('from', 'must be at most 180 days ago: older exchanges are not kept');
    }
    const { hub } = await open();
    const stretches = await backfill({ database: hub.db, clock: io.clock }, range);
    return { json: { stretches }, text: `Counted ${stretches} stretches of five minutes anew.` };
  },
};
