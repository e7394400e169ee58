import { Box, Button, Skeleton } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { ExchangeKind, WindowName } from '../../../../contracts/health.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Section } from '../../parts/page.tsx';
import { When } from '../../parts/when.tsx';
import { Rate } from './rate.tsx';
import { useSeries } from './use-series.ts';

// Charts are half as large as everything else together: they come after the numbers.
const RateChart = lazy(async () => ({ default: (await import('./rate-chart.tsx')).RateChart }));

export interface TrendProps {
  slug: string | undefined;
  window: WindowName;
  filter: { partner?: string; kind?: ExchangeKind };
}

/** How rates went over time, as a chart and as the table behind it. */
export function Trend({ slug, window, filter }: TrendProps) {
  const { text, count } = useLanguage();
  const [now] = useState(() => Date.now());
  const [asTable, setAsTable] = useState(false);
  const { points, isPending } = useSeries(slug, window, filter, now);
  return (
    <Section
      title={text('health.trend')}
      actions={
        <Button size="xs" variant="default" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {text('health.asTable')}
        </Button>
      }
    >
      {asTable ? (
        <DataTable
          name="trend"
          label={text('health.trend')}
          rows={points.toReversed()}
          rowKey={({ from }) => from}
          empty={text('word.none')}
          columns={[
            {
              key: 'from',
              header: text('health.from'),
              cell: ({ from }) => <When at={from} />,
              value: ({ from }) => from,
            },
            {
              key: 'ended',
              header: text('health.ended'),
              end: true,
              cell: ({ numbers }) => count(numbers?.ended ?? 0),
              value: ({ numbers }) => numbers?.ended ?? 0,
            },
            {
              key: 'failure',
              header: text('health.failureRate'),
              end: true,
              cell: ({ numbers }) => (numbers ? <Rate of={numbers.failureRate} /> : '–'),
              value: ({ numbers }) => numbers?.failureRate.share,
            },
            {
              key: 'firstTry',
              header: text('health.firstTry'),
              end: true,
              cell: ({ numbers }) => (numbers ? <Rate of={numbers.firstTrySuccess} /> : '–'),
              value: ({ numbers }) => numbers?.firstTrySuccess.share,
            },
          ]}
        />
      ) : (
        <Box className="chart" role="img" aria-label={text('health.trend.about')} aria-busy={isPending}>
          <Suspense fallback={<Skeleton h={230} />}>
            <RateChart points={points} daily={window === '28d'} />
          </Suspense>
        </Box>
      )}
    </Section>
  );
}
