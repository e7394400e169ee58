import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { type ToilKind, toilKinds } from '../../../../contracts/burden.ts';
import { useLanguage } from '../../i18n/language.ts';
import type { ToilMonth } from './toil.ts';

/** Colours that stay apart for those who see few, in light and in dark. */
const colors: Readonly<Record<ToilKind, string>> = {
  incidents: 'red.8',
  replays: 'pine.7',
  rotations: 'yellow.5',
  edits: 'indigo.4',
  holds: 'gray.6',
};

/** Toil by month, its kinds on top of each other. */
export function ToilChart({ months }: { months: readonly ToilMonth[] }) {
  const { text, month, count } = useLanguage();
  return (
    <BarChart
      h={230}
      data={months.map((each) => ({ ...each, at: month(each.month) }))}
      dataKey="at"
      type="stacked"
      withLegend
      legendProps={{ verticalAlign: 'top', height: 34 }}
      gridAxis="x"
      valueFormatter={count}
      maxBarWidth={44}
      series={toilKinds.map((name) => ({ name, label: text(`toil.${name}`), color: colors[name] }))}
      // The table is there for keyboards and readers; bars to step through would say less.
      barChartProps={{ accessibilityLayer: false }}
      barProps={{ isAnimationActive: false }}
    />
  );
}
