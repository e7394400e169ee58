import { z } from 'zod';
import { type CalendarPeriod, calendarPeriods } from '../../../contracts/calendars.ts';
import {
  type ExchangeCounts,
  type ExchangeKind,
  exchangeKinds,
  type ServiceTier,
  type SliceName,
  serviceTiers,
} from '../../../contracts/health.ts';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { fromOutcomes } from './numbers.ts';

/** The values of the slices that something is grouped by; what it is not grouped by is left out. */
export interface SliceValues {
  readonly partner?: string | null;
  readonly tenantId?: string;
  readonly connectionId?: string | null;
  readonly kind?: ExchangeKind;
  readonly tier?: ServiceTier;
  readonly connectorVersion?: string | null;
  readonly period?: CalendarPeriod | null;
}

/** What is counted of one group. */
export interface SliceCounts {
  readonly slice: SliceValues;
  readonly counts: ExchangeCounts;
}

/** The column of each slice. */
export const sliceColumns = {
  partner: 'partner',
  tenant: 'tenant_id',
  connection: 'connection_id',
  kind: 'kind',
  tier: 'tier',
  connectorVersion: 'connector_version',
  period: 'period',
} as const satisfies Record<SliceName, string>;

const total = z.coerce.number();

/** Columns of slices; those that were not asked for are not there. Nothing stands for "none". */
const sliceFields = z.object({
  partner: z.string().optional(),
  tenant_id: z.string().optional(),
  connection_id: z.string().optional(),
  kind: z.enum(exchangeKinds).optional(),
  tier: z.enum(serviceTiers).optional(),
  connector_version: z.string().optional(),
  period: z.enum(calendarPeriods).nullable().optional(),
});

/** Columns of what is counted. */
export const countFields = z.object({
  ...fromOutcomes(() => total),
  attempts: total,
  failed_attempts: total,
  first_try: total,
  on_time: total,
  offered: total,
  rejected: total,
  last_success: z.date().nullable(),
});

export function countsOf(row: z.output<typeof countFields>): ExchangeCounts {
  return {
    outcomes: fromOutcomes((outcome) => row[outcome]),
    attempts: row.attempts,
    failedAttempts: row.failed_attempts,
    firstTry: row.first_try,
    onTime: row.on_time,
    offered: row.offered,
    rejected: row.rejected,
    lastSuccess: row.last_success,
  };
}

export const countRow = sliceFields
  .extend(countFields.shape)
  .transform((row): SliceCounts => ({ slice: sliceOf(row), counts: countsOf(row) }));

/** One bucket of a group's sketch. */
export const bucketRow = sliceFields
  .extend({ bucket: z.number(), count: total })
  .transform((row) => ({ slice: sliceOf(row), bucket: row.bucket, count: row.count }));

function sliceOf(row: z.output<typeof sliceFields>): SliceValues {
  return {
    ...(row.partner !== undefined && { partner: row.partner === '' ? null : row.partner }),
    ...(row.tenant_id !== undefined && { tenantId: row.tenant_id }),
    ...(row.connection_id !== undefined && {
      connectionId: row.connection_id === HUB_TENANT ? null : row.connection_id,
    }),
    ...(row.kind !== undefined && { kind: row.kind }),
    ...(row.tier !== undefined && { tier: row.tier }),
    ...(row.connector_version !== undefined && {
      connectorVersion: row.connector_version === '' ? null : row.connector_version,
    }),
    ...(row.period !== undefined && { period: row.period }),
  };
}

/** The same text for the same values, for maps. */
export function keyOf(slice: SliceValues): string {
  return JSON.stringify([
    slice.partner,
    slice.tenantId,
    slice.connectionId,
    slice.kind,
    slice.tier,
    slice.connectorVersion,
    slice.period,
  ]);
}
