import type { CalendarPeriod } from '../../../contracts/calendars.ts';
import {
  type ExchangeKind,
  type ServiceTier,
  type SliceFilter,
  type SliceName,
  sliceNames,
  type TimeRange,
  type WindowName,
} from '../../../contracts/health.ts';
import { rangeOf, widen } from '../../health/metrics/health-report.ts';
import type { RowCursor } from '../../health/metrics/rows.ts';
import { DomainError } from '../../platform/errors.ts';

export interface AskedRange {
  window?: WindowName | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** As long as anything is kept. */
const longestMs = 3_700 * 86_400_000;

/**
 * The range that is asked for, as wide as what is counted: a window that ends now, or two instants.
 *
 * @param now unix milliseconds
 * @throws DomainError input `range_invalid`
 */
export function readRange({ window, from, to }: AskedRange, now: number): TimeRange {
  if (from === undefined && to === undefined) return rangeOf(window ?? '24h', now);
  const [begin, end] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  if (window === undefined && end - begin > 0 && end - begin <= longestMs) {
    return widen({ from: new Date(begin), to: new Date(end) });
  }
  const message = 'Give a window, or both from and to with to after from and at most ten years between them.';
  throw new DomainError('input', 'range_invalid', message);
}

export interface AskedFilter {
  connectionId?: string | undefined;
  partner?: string | undefined;
  kind?: ExchangeKind | undefined;
  tier?: ServiceTier | undefined;
  connectorVersion?: string | undefined;
  period?: CalendarPeriod | 'unknown' | undefined;
}

/** The filter that is asked for; an empty text stands for exchanges that have none, and so does `unknown` for a period. */
export function readFilter({
  connectionId,
  partner,
  kind,
  tier,
  connectorVersion,
  period,
}: AskedFilter): SliceFilter {
  return {
    ...(connectionId !== undefined && { connectionId }),
    ...(partner !== undefined && { partner: partner || null }),
    ...(kind !== undefined && { kind }),
    ...(tier !== undefined && { tier }),
    ...(connectorVersion !== undefined && { connectorVersion: connectorVersion || null }),
    ...(period !== undefined && { period: period === 'unknown' ? null : period }),
  };
}

/** Names of slices with commas between them, each once. */
export function readGroupBy(text: string | undefined): SliceName[] {
  const named = new Set(text?.split(','));
  return sliceNames.filter((name) => named.has(name));
}

/** Where a page ended, as `writeCursor` wrote it. @throws DomainError input `range_invalid` */
export function readCursor(text: string): RowCursor {
  const [instant = '', exchangeId = ''] = text.split('_');
  const endedAt = new Date(instant);
  if (!Number.isNaN(endedAt.getTime())) return { endedAt, exchangeId };
  throw new DomainError('input', 'range_invalid', 'before must be `next` of the page before.');
}

export function writeCursor({ endedAt, exchangeId }: RowCursor): string {
  return `${endedAt.toISOString()}_${exchangeId}`;
}
