import { outcomes, type Rate } from '../../../contracts/health.ts';
import type { ExchangeRow } from '../../health/metrics/rows.ts';
import { csvRecord } from '../csv.ts';
import type { Group } from './shown.ts';

const rates = [
  'failureRate',
  'attemptErrorRate',
  'firstTrySuccess',
  'userErrorRate',
  'recordRejection',
] as const;
const percentiles = ['p50', 'p90', 'p95', 'p99'] as const;
const slices = ['partner', 'tenantId', 'connectionId', 'kind', 'tier', 'connectorVersion', 'period'] as const;

/** Groups as CSV with a header: for each rate its part, its whole, the share and the bounds of its interval. */
export async function* writeGroupsCsv(groups: readonly Group[]): AsyncIterable<string> {
  yield csvRecord([
    ...slices,
    'ended',
    ...outcomes,
    ...rates.flatMap((name) => [name, ...['Part', 'Whole', 'Low', 'High'].map((end) => `${name}${end}`)]),
    'amplification',
    'lastSuccess',
    ...percentiles.map((name) => `${name}Ms`),
  ]);
  for (const { slice, numbers, durations } of groups) {
    yield csvRecord([
      ...slices.map((name) => slice[name]),
      numbers.ended,
      ...outcomes.map((outcome) => numbers.outcomes[outcome]),
      ...rates.flatMap((name) => cellsOf(numbers[name])),
      numbers.amplification,
      numbers.lastSuccess?.toISOString(),
      ...percentiles.map((name) => durations?.[name]),
    ]);
  }
}

function cellsOf({ share, part, whole, low, high }: Rate): (number | null)[] {
  return [share, part, whole, low, high];
}

const fields = [
  'exchangeId',
  'tenantId',
  'kind',
  'connectionId',
  'toolId',
  'partner',
  'tier',
  'connectorVersion',
  'outcome',
  'reason',
  'attempts',
  'failedAttempts',
  'offered',
  'rejected',
] as const;

/** Exchanges as CSV with a header, a page at a time. @param pages an empty page ends it */
export async function* writeExchangesCsv(
  pages: AsyncIterable<readonly ExchangeRow[]>,
): AsyncIterable<string> {
  yield csvRecord([...fields, 'startedAt', 'endedAt']);
  for await (const page of pages) {
    yield page
      .map((row) =>
        csvRecord([
          ...fields.map((name) => row[name]),
          row.startedAt.toISOString(),
          row.endedAt.toISOString(),
        ]),
      )
      .join('');
  }
}
