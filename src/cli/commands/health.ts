import { type NumberName, numberNames, sliceNames } from '../../../contracts/health.ts';
import { readCursor, readGroupBy, writeCursor } from '../../api/health/asked.ts';
import { writeExchangesCsv, writeGroupsCsv } from '../../api/health/health-csv.ts';
import { pagesBehind, readGroups } from '../../api/health/reading.ts';
import { type Group, showDelivery, showExchange, showGroup } from '../../api/health/shown.ts';
import { readGradeDelivery } from '../../health/metrics/grade-delivery.ts';
import { listRowsBehind } from '../../health/metrics/rows.ts';
import type { Command } from '../command.ts';
import { columns, facts, instant, table } from '../layout.ts';
import { limitOption, readLimit } from '../page-limit.ts';
import {
  openScope,
  rangeOptions,
  readRangeOptions,
  readSliceOptions,
  sayDuration,
  sayRate,
  sliceOptions,
} from './health-options.ts';

const csvOption = { csv: { value: 'file', about: 'Write all of it into this new file' } };

export const healthRates: Command = {
  name: 'health rates',
  about:
    'Show how integrations go: failure rates beside retries, people’s errors, rejected records and durations',
  options: {
    ...sliceOptions,
    ...rangeOptions,
    by: {
      value: 'names',
      about: `What numbers are apart by, with commas between: ${sliceNames.join(', ')}; kind by default`,
    },
    ...csvOption,
  },
  examples: [
    'health rates',
    'health rates --tenant northfield --by partner,kind --window 28d',
    'health rates --by partner --csv partners.csv',
  ],
  async run({ values, io, open }) {
    const range = readRangeOptions(values, io.clock.now());
    const by = values.optional('by') ?? 'kind';
    const groupBy = readGroupBy(by);
    if (groupBy.length !== new Set(by.split(',')).size) {
      throw values.wrong('by', `takes these, with commas between: ${sliceNames.join(', ')}`);
    }
    const filter = readSliceOptions(values);
    const { hub } = await open();
    const groups = await readGroups(await openScope(hub, values), range, { filter, groupBy });
    const file = values.optional('csv');
    if (file !== undefined) {
      await io.writeFile(file, writeGroupsCsv(groups));
      return { json: { file, groups: groups.length }, text: `Wrote ${groups.length} groups to ${file}.` };
    }
    const [from, to] = [instant(range.from.getTime()), instant(range.to.getTime())];
    const heading = [
      'GROUP',
      'ENDED',
      'FAILED',
      'ATTEMPTS FAILED',
      'TRIES',
      'FIRST TRY',
      'PEOPLE',
      'REJECTED',
      'P50',
      'P95',
    ];
    const shown = table(heading, groups.map(rowOf), 'Nothing has ended in this time.');
    return { json: { from, to, groups: groups.map(showGroup) }, text: `From ${from} to ${to}\n\n${shown}` };
  },
};

function rowOf({ slice, numbers, durations }: Group): string[] {
  const names = Object.values(slice).map((value) => value ?? 'none');
  return [
    names.length === 0 ? 'all' : names.join(' '),
    String(numbers.ended),
    sayRate(numbers.failureRate),
    sayRate(numbers.attemptErrorRate),
    numbers.amplification?.toFixed(2) ?? '–',
    sayRate(numbers.firstTrySuccess),
    sayRate(numbers.userErrorRate),
    sayRate(numbers.recordRejection),
    sayDuration(durations?.p50),
    sayDuration(durations?.p95),
  ];
}

const numberChoices = Object.keys(numberNames) as NumberName[];

export const healthRows: Command = {
  name: 'health rows',
  about: 'List the exchanges behind a number, the newest first: ids and codes, no names',
  arguments: [{ name: 'number', about: numberChoices.join(', ') }],
  options: {
    ...sliceOptions,
    ...rangeOptions,
    ...limitOption(),
    before: { value: 'place', about: 'Those before the page before: what its end says' },
    ...csvOption,
  },
  examples: [
    'health rows failed --partner canvas --window 28d',
    'health rows userErrors --tenant northfield --csv errors.csv',
  ],
  async run({ values, io, open }) {
    const number = numberChoices.find((name) => name === values.text('number'));
    if (number === undefined) throw values.wrong('number', `must be one of: ${numberChoices.join(', ')}`);
    const before = values.optional('before');
    const query = {
      number,
      filter: readSliceOptions(values),
      range: readRangeOptions(values, io.clock.now()),
      limit: readLimit(values),
      ...(before !== undefined && { before: readCursor(before) }),
    };
    const { hub } = await open();
    const scope = await openScope(hub, values);
    const file = values.optional('csv');
    if (file !== undefined) {
      await io.writeFile(file, writeExchangesCsv(pagesBehind(scope, { ...query, limit: 1_000 })));
      return { json: { file }, text: `Wrote them to ${file}.` };
    }
    const rows = await listRowsBehind(scope, query);
    const last = rows.length < query.limit ? undefined : rows.at(-1);
    const next = last === undefined ? null : writeCursor(last);
    const cells = rows.map((row) => [
      instant(row.endedAt.getTime()),
      row.kind,
      row.partner ?? '–',
      row.outcome,
      row.reason ?? '–',
      `${row.failedAttempts} of ${row.attempts}`,
      row.exchangeId,
    ]);
    const heading = ['ENDED', 'KIND', 'PARTNER', 'OUTCOME', 'REASON', 'TRIES FAILED', 'ID'];
    const shown = table(heading, cells, 'None has ended in this time.');
    return {
      json: { exchanges: rows.map(showExchange), next },
      text: next === null ? shown : `${shown}\n\nThere are more: --before ${next}`,
    };
  },
};

export const healthDelivery: Command = {
  name: 'health delivery',
  about: 'Show how scores come through: those within 15 minutes, and what waits',
  options: { ...sliceOptions, ...rangeOptions },
  examples: ['health delivery', 'health delivery --tenant northfield --window 1h'],
  async run({ values, io, open }) {
    const now = io.clock.now();
    const range = readRangeOptions(values, now);
    const { hub } = await open();
    const scope = await openScope(hub, values);
    const delivery = await readGradeDelivery(scope, range, readSliceOptions(values), now);
    const waiting = delivery.waiting.map((each) => [
      each.connectionId,
      each.partner ?? '–',
      String(each.pending),
      String(each.late),
      instant(each.oldest.getTime()),
    ]);
    const told = facts({
      'within 15 minutes': sayRate(delivery.onTime),
      waiting: delivery.pending,
      'of them longer': delivery.late,
      'the oldest for': sayDuration(delivery.oldestMs),
    });
    const rows =
      waiting.length === 0
        ? ''
        : `\n\n${columns([['CONNECTION', 'PARTNER', 'WAITING', 'LONGER', 'OLDEST'], ...waiting])}`;
    return { json: showDelivery(delivery), text: `${told}${rows}` };
  },
};
