import '@mantine/charts/styles.css';
import { LineChart } from '@mantine/charts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { planBands, planDrawn, planTop } from './marks.ts';

type Chart = Reply<'tenantHealthChart'>;

/** Of the whole width: a band that is narrower has no room for its name. */
const leastNamed = 0.1;
/** Incidents are seen however short they were. */
const leastShown = 0.004;

/**
 * Failure rate and first-try success over time, one above the other by the same clocks: few failures in a hundred would lie flat
 * on an axis they share. Behind them terms, exams and breaks, and marks of changes and incidents.
 */
export function RateChart({ chart }: { chart: Chart }) {
  const { text, shortDay, time, instant, percent } = useLanguage();
  const [first, last] = [Date.parse(chart.from), Date.parse(chart.to)];
  const byDay = chart.step === '1d' || chart.step === '7d';
  // A number is of a whole stretch, and stands over its middle.
  const rows = chart.points.map(({ from, to, numbers }) => ({
    at: (Date.parse(from) + Date.parse(to)) / 2,
    from,
    failure: numbers.failureRate.share,
    firstTry: numbers.firstTrySuccess.share,
  }));
  const shares = (key: 'failure' | 'firstTry') => rows.flatMap((row) => row[key] ?? []);
  const top = planTop(shares('failure'));
  const below = planTop(shares('firstTry').map((share) => 1 - share));
  const iso = (at: number) => new Date(at).toISOString();
  const sayMoment = (at: number) => {
    const from = rows.find((row) => row.at === at)?.from ?? iso(at);
    return byDay ? shortDay(from, chart.zone) : instant(from);
  };
  const bands = planBands(chart).map(({ kind, name, from, to }) => ({
    ...{ x1: from, x2: to, color: `var(--band-${kind})`, fillOpacity: 1, ifOverflow: 'hidden' as const },
    ...((to - from) / (last - first) >= leastNamed && {
      label: { value: name, position: 'insideTopLeft' as const, className: 'band-name' },
    }),
  }));
  const drawn = planDrawn(chart);
  const incidents = drawn.incidents.map((each) => {
    const from = Math.max(first, Date.parse(each.from));
    const to = Math.min(last, Math.max(Date.parse(each.to ?? chart.to), from + leastShown * (last - first)));
    return { x1: from, x2: to, color: 'var(--chart-bad)', fillOpacity: 0.28, ifOverflow: 'hidden' as const };
  });
  const changes = drawn.changes.map(({ at }) => ({
    ...{ x: Date.parse(at), color: 'var(--calm)', strokeDasharray: '2 3' },
    label: { value: '◆', position: 'top' as const, className: 'mark-change-sign' },
  }));
  const shared = {
    h: 150,
    data: rows,
    dataKey: 'at',
    connectNulls: false,
    curveType: 'linear' as const,
    gridAxis: 'x' as const,
    strokeWidth: 2,
    withDots: rows.length <= 31,
    dotProps: { r: 2.5 },
    referenceAreas: [...bands, ...incidents],
    referenceLines: changes,
    valueFormatter: percent,
    xAxisProps: {
      type: 'number' as const,
      scale: 'time' as const,
      domain: [first, last] as [number, number],
      tickFormatter: (at: number) => (byDay ? shortDay(iso(at), chart.zone) : time(iso(at))),
      minTickGap: 34,
    },
    // Before the pointer is over the chart there is no moment.
    tooltipProps: { labelFormatter: (at: unknown) => (typeof at === 'number' ? sayMoment(at) : '') },
    // The table is there for keyboards and readers; points to step through would say less.
    lineChartProps: { accessibilityLayer: false, syncId: 'health', margin: { top: 14, right: 12 } },
    lineProps: { isAnimationActive: false },
  };
  return (
    <>
      <div className="chart-name">{text('health.failureRate')}</div>
      <LineChart
        {...shared}
        yAxisProps={{ domain: [0, top], width: 56, tickCount: 3 }}
        series={[{ name: 'failure', label: text('health.failureRate'), color: 'var(--chart-bad)' }]}
      />
      <div className="chart-name">{text('health.firstTry')}</div>
      <LineChart
        {...shared}
        yAxisProps={{ domain: [1 - below, 1], width: 56, tickCount: 3 }}
        series={[{ name: 'firstTry', label: text('health.firstTry'), color: 'var(--chart-good)' }]}
      />
    </>
  );
}
