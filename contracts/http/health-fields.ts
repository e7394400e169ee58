import { z } from 'zod';
import { calendarPeriods } from '../calendars.ts';
import { exchangeKinds, numberNames, outcomes, serviceTiers, sliceNames, windowMs } from '../health.ts';
import { instant } from './values.ts';

const count = z.int().min(0);
export const ms = z.number().min(0);
const names = <const Name extends string>(of: Readonly<Record<Name, unknown>>) =>
  Object.keys(of) as [Name, ...Name[]];
const list = sliceNames.join('|');

const rateFields = z
  .object({
    part: count,
    whole: count,
    share: z.number().nullable().describe('part / whole; null: nothing was counted'),
    low: z.number().nullable().describe('Wilson interval at 95 %'),
    high: z.number().nullable(),
    isSmall: z.boolean().describe('Fewer than 20: counts and interval say more than the share'),
  })
  .meta({ id: 'Rate' });

const sliceFields = z
  .object({
    partner: z.string().nullable().optional(),
    tenantId: z.uuid().optional(),
    connectionId: z.uuid().nullable().optional(),
    kind: z.enum(exchangeKinds).optional(),
    tier: z.enum(serviceTiers).optional(),
    connectorVersion: z.string().nullable().optional(),
    period: z.enum(calendarPeriods).nullable().optional(),
  })
  .describe('What it is grouped by; null: exchanges that have none');

const durationFields = z
  .object({
    from: instant,
    to: instant,
    count,
    p50: ms.nullable(),
    p90: ms.nullable(),
    p95: ms.nullable(),
    p99: ms.nullable(),
  })
  .describe(
    'How long successes took, in milliseconds to one in a hundred, over the whole hours that are over',
  );

export const numbersFields = z
  .object({
    ended: count,
    outcomes: z.record(z.enum(outcomes), count),
    failureRate: rateFields.describe('Failed over valid exchanges'),
    attemptErrorRate: rateFields.describe('Failed over all attempts'),
    amplification: z.number().nullable().describe('Attempts for each exchange'),
    firstTrySuccess: rateFields.describe('Successes at the first attempt over valid exchanges'),
    userErrorRate: rateFields.describe('People’s errors over all that ended'),
    recordRejection: rateFields.describe('Rejected over offered records'),
    lastSuccess: instant.nullable(),
  })
  .meta({ id: 'HealthNumbers' });

const groupFields = z
  .object({
    slice: sliceFields,
    numbers: numbersFields,
    durations: durationFields.nullable(),
  })
  .meta({ id: 'HealthGroup' });

const windowsFields = z.object({ '1h': numbersFields, '24h': numbersFields, '28d': numbersFields });

export const rangeQuery = z.object({
  window: z.enum(names(windowMs)).optional().describe('The stretch that ends now; 24h if nothing is said'),
  from: instant.optional().describe('In place of a window, with `to`; made as wide as whole five minutes'),
  to: instant.optional(),
});
export const filterQuery = z.object({
  connectionId: z.uuid().optional(),
  partner: z.string().max(100).optional().describe('Empty: exchanges that have none'),
  kind: z.enum(exchangeKinds).optional(),
  tier: z.enum(serviceTiers).optional(),
  connectorVersion: z.string().max(100).optional().describe('Empty: exchanges that have none'),
  period: z
    .enum([...calendarPeriods, 'unknown'])
    .optional()
    .describe('Part of the school year by each tenant’s own calendar; unknown: its calendar names no term'),
});
export const tenantQuery = z.object({
  tenant: z.string().max(63).optional().describe('Short name of one tenant'),
});

export const numbersQuery = rangeQuery.extend(filterQuery.shape).extend({
  groupBy: z
    .string()
    .regex(new RegExp(`^(${list})(,(${list}))*$`))
    .optional()
    .describe(
      `By what numbers are apart, with commas between: ${sliceNames.join(', ')}. Over more than 92 days a day (UTC) is of the period in which most of it lies`,
    ),
  durations: z
    .enum(['true', 'false'])
    .optional()
    .describe('false: they are null; over many months of all institutions they take most of the time'),
});

export const rowsQuery = rangeQuery.extend(filterQuery.shape).extend({
  number: z.enum(names(numberNames)).describe('Which rows: those that the number counts'),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Most rows in the answer'),
  before: z
    .string()
    .regex(/^[\d:.TZ-]{20,30}_[0-9a-f-]{36}$/)
    .optional()
    .describe('`next` of the page before'),
});

const rangeReply = { from: instant, to: instant };
export const numbersReply = z.object({ ...rangeReply, groups: z.array(groupFields) });

const exchangeFields = z
  .object({
    tenantId: z.uuid(),
    exchangeId: z.uuid(),
    kind: z.enum(exchangeKinds),
    connectionId: z.uuid().nullable(),
    toolId: z.uuid().nullable(),
    partner: z.string().nullable(),
    tier: z.enum(serviceTiers),
    connectorVersion: z.string().nullable(),
    outcome: z.enum(outcomes),
    reason: z.string().nullable(),
    attempts: count,
    failedAttempts: count,
    offered: count,
    rejected: count,
    startedAt: instant,
    endedAt: instant,
    tries: z.array(
      z.object({
        attempt: count,
        outcome: z.enum(outcomes),
        reason: z.string().nullable(),
        httpStatusClass: z.int().nullable().describe('5 stands for 500 to 599'),
        startedAt: instant,
        endedAt: instant,
      }),
    ),
  })
  .meta({ id: 'Exchange' });
export const rowsReply = z.object({
  ...rangeReply,
  exchanges: z.array(exchangeFields),
  next: z.string().nullable().describe('`before` for the next page; null: there is none'),
});

export const deliveryReply = z.object({
  ...rangeReply,
  onTime: rateFields.describe('Delivered within 15 minutes, of those that ended or wait past that time'),
  pending: count,
  late: count.describe('Waiting for longer than 15 minutes'),
  oldestMs: ms.nullable(),
  waiting: z.array(
    z.object({
      tenantId: z.uuid(),
      connectionId: z.uuid(),
      partner: z.string().nullable(),
      pending: count,
      late: count,
      oldest: instant,
    }),
  ),
});

export const overviewReply = z.object({
  total: windowsFields,
  lines: z
    .array(z.object({ slice: sliceFields, windows: windowsFields, durations: durationFields.nullable() }))
    .describe('By partner and kind, the most exchanges first; durations are of the last 24 hours'),
  delivery: deliveryReply.omit({ from: true, to: true }).describe('Of the last 24 hours'),
});
