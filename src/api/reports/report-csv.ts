import type { Report, ReportLine } from '../../health/reports/read-report.ts';
import { csvRecord } from '../csv.ts';

/** A month's report as CSV with a header (RFC 4180): each line of each of its tables by numbers, none of them rounded. */
export function writeReportCsv(report: Report): string {
  const header = [
    'table',
    'name',
    'ended',
    'failed',
    'valid',
    'failureRate',
    'low',
    'high',
    'firstTry',
    'attempts',
    'failedAttempts',
    'userErrors',
    'offered',
    'rejected',
  ];
  const lines: [string, readonly ReportLine[]][] = [
    ['month', [{ name: report.month, numbers: report.now }]],
    ['month_before', [{ name: undefined, numbers: report.before }]],
    ['day', report.days],
    ['partner', report.partners],
    ['institution', report.institutions],
    ['kind', report.kinds],
    ['period', report.periods],
  ];
  const records = lines.flatMap(([table, all]) => all.map((line) => csvRecord([table, ...cellsOf(line)])));
  return [csvRecord(header), ...records].join('');
}

function cellsOf({ name, numbers }: ReportLine) {
  const { failureRate, firstTrySuccess, attemptErrorRate, userErrorRate, recordRejection } = numbers;
  const { part, whole, share, low, high } = failureRate;
  return [
    ...[name, numbers.ended, part, whole, share, low, high, firstTrySuccess.part],
    ...[attemptErrorRate.whole, attemptErrorRate.part, userErrorRate.part],
    ...[recordRejection.whole, recordRejection.part],
  ];
}
