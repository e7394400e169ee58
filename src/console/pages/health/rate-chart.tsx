import '@mantine/charts/styles.css';
import { LineChart } from '@mantine/charts';
import { useLanguage } from '../../i18n/language.ts';
import type { Point } from './use-series.ts';

/** Failure rate and first-try success over time, told apart by their lines as well as their colours. */
export function RateChart({ points, daily }: { points: readonly Point[]; daily: boolean }) {
  const { text, day, time, percent } = useLanguage();
  const data = points.map(({ from, numbers }) => ({
    at: daily ? day(from) : time(from),
    failure: numbers?.failureRate.share ?? null,
    firstTry: numbers?.firstTrySuccess.share ?? null,
  }));
  return (
    <LineChart
      h={230}
      data={data}
      dataKey="at"
      connectNulls={false}
      curveType="linear"
      withLegend
      legendProps={{ verticalAlign: 'top', height: 34 }}
      gridAxis="x"
      strokeWidth={2}
      valueFormatter={percent}
      yAxisProps={{ domain: [0, 1], width: 52 }}
      series={[
        {
          name: 'firstTry',
          label: text('health.firstTry'),
          color: 'var(--mantine-primary-color-filled)',
        },
        { name: 'failure', label: text('health.failureRate'), color: 'red.7', strokeDasharray: '6 3' },
      ]}
      // The table is there for keyboards and readers; points to step through would say less.
      lineChartProps={{ accessibilityLayer: false }}
    />
  );
}
