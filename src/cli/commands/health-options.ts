import { calendarPeriods } from '../../../contracts/calendars.ts';
import {
  exchangeKinds,
  type Rate,
  type ServiceTier,
  type SliceFilter,
  serviceTiers,
  type TimeRange,
  type WindowName,
  windowMs,
} from '../../../contracts/health.ts';
import { readFilter, readRange } from '../../api/health/asked.ts';
import type { HealthScope } from '../../health/metrics/health-report.ts';
import { getTenantBySlug } from '../../tenants/tenants.ts';
import type { CliHub, OptionSpec } from '../command.ts';
import type { Values } from '../values.ts';

const windows = Object.keys(windowMs) as WindowName[];

/** The stretch of time a command is about. */
export const rangeOptions = {
  window: { value: 'stretch', about: 'The stretch that ends now; 24h by default', choices: windows },
  from: { value: 'time', about: 'In place of a window: from this time on, such as 2026-03-01T00:00:00Z' },
  to: { value: 'time', about: 'Before this time' },
} as const satisfies Record<string, OptionSpec>;

/** Whose exchanges a command is about. */
export const sliceOptions = {
  tenant: { value: 'slug', about: 'Of one tenant; without it of the whole hub' },
  connection: { value: 'id', about: 'Of one connection' },
  partner: { value: 'name', about: 'Of one partner' },
  kind: { value: 'kind', about: 'Of one kind', choices: exchangeKinds },
  tier: { value: 'tier', about: 'Of one tier', choices: serviceTiers },
  period: {
    value: 'period',
    about: 'Of one part of the school year, by each tenant’s own calendar',
    choices: [...calendarPeriods, 'unknown'],
  },
  'connector-version': { value: 'version', about: 'Of one version of a connector' },
} as const satisfies Record<string, OptionSpec>;

/** @throws DomainError input `range_invalid`, UsageError */
export function readRangeOptions(values: Values, now: number): TimeRange {
  const window = values.optionalChoice('window', windows);
  return readRange({ window, from: values.optional('from'), to: values.optional('to') }, now);
}

export function readSliceOptions(values: Values): SliceFilter {
  return readFilter({
    connectionId: values.optionalId('connection'),
    partner: values.optional('partner'),
    kind: values.optionalChoice('kind', exchangeKinds),
    tier: values.optionalChoice<ServiceTier>('tier', serviceTiers),
    connectorVersion: values.optional('connector-version'),
    period: values.optionalChoice('period', [...calendarPeriods, 'unknown'] as const),
  });
}

/** The tenant that is named, through its own role, or the whole hub. */
export async function openScope({ db }: CliHub, values: Values): Promise<HealthScope> {
  const slug = values.optional('tenant');
  return slug === undefined ? { db } : { db, tenantId: (await getTenantBySlug(db.directory, slug)).tenantId };
}

/** A rate in words: counts and interval where a percentage would say more than is known. */
export function sayRate({ part, whole, share, low, high, isSmall }: Rate): string {
  if (share === null) return '–';
  const percent = (value: number | null) => `${((value ?? 0) * 100).toFixed(1)} %`;
  return isSmall ? `${part} of ${whole} (${percent(low)} to ${percent(high)})` : percent(share);
}

/** Milliseconds in words, in the unit that says most. */
export function sayDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 2 * 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 72 * 3_600_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} d`;
}
