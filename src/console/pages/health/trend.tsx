import { NativeSelect, Skeleton, Stack } from '@mantine/core';
import { lazy, useState } from 'react';
import type { ExchangeKind, WindowName } from '../../../../contracts/health.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { ChartOrTable } from '../../parts/chart-or-table.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { ExchangeLink } from './exchange-link.tsx';
import { MarkTable } from './mark-table.tsx';
import { planBands } from './marks.ts';
import { planRange, rangeNames } from './ranges.ts';
import { Rate } from './rate.tsx';
import { useChart } from './use-health.ts';

const RateChart = lazy(async () => ({ default: (await import('./rate-chart.tsx')).RateChart }));

type Chart = Reply<'tenantHealthChart'>;

export interface TrendProps {
  slug: string | undefined;
  window: WindowName;
  filter: { partner?: string; kind?: ExchangeKind };
}

/** How rates went over time beside terms, exams, breaks, changes and incidents: as a chart and as the tables behind it. */
export function Trend({ slug, window, filter }: TrendProps) {
  const { text } = useLanguage();
  const [url, change] = useUrlState();
  const [now] = useState(() => Date.now());
  const range = oneOf(rangeNames, url.range) ?? window;
  const chart = useChart(slug, { ...planRange(range, now), ...filter });
  const data = chart.data;
  return (
    <ChartOrTable
      title={text('health.trend')}
      about={text('health.trend.about')}
      isBusy={chart.isFetching}
      actions={
        <NativeSelect
          size="xs"
          aria-label={text('chart.range')}
          value={range}
          onChange={({ currentTarget }) => change({ range: currentTarget.value })}
          data={rangeNames.map((value) => ({ value, label: text(`chart.range.${value}`) }))}
        />
      }
      chart={() => (data === undefined ? <Skeleton h={340} /> : <RateChart chart={data} />)}
      beneath={data && <ChartLegend chart={data} />}
      failure={chart.isError && <FailureNote error={chart.error} retry={() => void chart.refetch()} />}
      table={() =>
        data && (
          <Stack gap="md">
            <PointTable slug={slug} chart={data} filter={filter} />
            <MarkTable chart={data} slug={slug} />
          </Stack>
        )
      }
    />
  );
}

function PointTable({
  slug,
  chart,
  filter,
}: { slug: string | undefined; chart: Chart } & Pick<TrendProps, 'filter'>) {
  const { text, count, dayAt } = useLanguage();
  const byDay = chart.step === '1d' || chart.step === '7d';
  type Point = Chart['points'][number];
  const bands = planBands(chart);
  const beside = ({ from, to }: Point) =>
    bands
      .filter((band) => band.from < Date.parse(to) && band.to > Date.parse(from))
      .map(({ name }) => name)
      .join(', ');
  const rows = (point: Point, number: 'ended' | 'failed' | 'retried') => (shown: string) => (
    <ExchangeLink slug={slug} search={{ number, from: point.from, to: point.to, ...filter }}>
      {shown}
    </ExchangeLink>
  );
  return (
    <DataTable
      name="trend"
      label={text('health.trend')}
      rows={chart.points.toReversed()}
      rowKey={({ from }) => from}
      empty={text('word.none')}
      columns={[
        {
          key: 'from',
          header: text('health.from'),
          cell: ({ from, isOver }) => (
            <>
              {byDay ? dayAt(from, chart.zone) : <When at={from} />}
              {!isOver && <span className="when-there">{text('chart.growing')}</span>}
            </>
          ),
          value: ({ from }) => from,
        },
        ...(bands.length > 0
          ? [
              {
                key: 'beside',
                header: text('chart.band'),
                cell: (point: Point) => beside(point) || '–',
                value: beside,
              },
            ]
          : []),
        {
          key: 'ended',
          header: text('health.ended'),
          end: true,
          cell: (point) => rows(point, 'ended')(count(point.numbers.ended)),
          value: ({ numbers }) => numbers.ended,
        },
        {
          key: 'failure',
          header: text('health.failureRate'),
          end: true,
          cell: (point) => <Rate of={point.numbers.failureRate}>{rows(point, 'failed')}</Rate>,
          value: ({ numbers }) => numbers.failureRate.share,
        },
        {
          key: 'firstTry',
          header: text('health.firstTry'),
          end: true,
          cell: (point) => <Rate of={point.numbers.firstTrySuccess}>{rows(point, 'retried')}</Rate>,
          value: ({ numbers }) => numbers.firstTrySuccess.share,
        },
      ]}
    />
  );
}
