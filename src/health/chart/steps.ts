import { type ChartStep, chartSteps, type TimeRange } from '../../../contracts/health.ts';
import { dayIn, midnightIn, weekdayOf } from '../calendars/days.ts';

/** Most points of a chart: beyond, nobody sees them apart. */
export const mostPoints = 750;
/** As many as a step is chosen for where nobody asks for one. */
const fewPoints = 100;

const stepMs: Readonly<Record<ChartStep, number>> = {
  '5m': 300_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
  '7d': 604_800_000,
};

/** The finest step that cuts a range into no more points than a chart is easily read with; else the coarsest. */
export function decideStep({ from, to }: TimeRange): ChartStep {
  const fits = (step: ChartStep) => countOf(step, { from, to }) <= fewPoints;
  return chartSteps.find(fits) ?? '7d';
}

/** About how many points a step makes of a range; at most one too few. */
export function countOf(step: ChartStep, { from, to }: TimeRange): number {
  return Math.ceil((to.getTime() - from.getTime()) / stepMs[step]);
}

/**
 * The stretches of a chart, in order and without gaps. The first is as long as all others, so that it does not look like a
 * dip: it may begin before the range. Days begin at a zone's own midnights, so that one in spring has 23 hours; weeks begin
 * on its Mondays. The last one ends with the range.
 */
export function planSteps(step: ChartStep, { from, to }: TimeRange, zone: string): TimeRange[] {
  const [first, end] = [from.getTime(), to.getTime()];
  const starts = step === '1d' || step === '7d' ? daysFrom(step, first, end, zone) : evenly(step, first, end);
  return starts.map((start, index) => ({
    from: new Date(start),
    to: new Date(Math.min(starts[index + 1] ?? end, end)),
  }));
}

function evenly(step: '5m' | '1h', from: number, to: number): number[] {
  const size = stepMs[step];
  const first = Math.floor(from / size) * size;
  return Array.from({ length: Math.ceil((to - first) / size) }, (_, index) => first + index * size);
}

function daysFrom(step: '1d' | '7d', from: number, to: number, zone: string): number[] {
  const midnightOf = midnightIn(zone);
  const dayAt = dayIn(zone);
  const today = dayAt(from);
  const [first, days] = step === '1d' ? [today, 1] : [today - ((weekdayOf(today) + 6) % 7), 7];
  const starts: number[] = [];
  for (let day = first; day <= dayAt(to - 1); day += days) starts.push(midnightOf(day));
  return starts;
}
