import { cpus } from 'node:os';
import type { BenchResult } from '../main.ts';
import { packageVersions } from '../measure/machine.ts';
import { median, percentile, rounded } from '../measure/statistics.ts';
import type { PageTimes } from './pages.ts';
import type { RecomputeTimes } from './recompute.ts';
import type { RecordCost } from './record-cost.ts';

export interface HealthMeasurements {
  cost: RecordCost;
  pages: PageTimes;
  day: RecomputeTimes;
  /** Seconds of the pass of a minute over as many as launches end in five. */
  fiveMinutes: number;
  scale: number;
  postgresVersion: string;
}

/** The measurements as the fields of `--json` and as a table. */
export function describeHealth(
  measured: HealthMeasurements,
  { exchanges, dayExchanges, series }: { exchanges: number; dayExchanges: number; series: number },
): BenchResult {
  const { cost, pages, day, fiveMinutes, scale } = measured;
  const cores = cpus().length;
  // Every minute the five minutes that run are counted anew, on one core.
  const rollUpShare = fiveMinutes / 60 / cores;
  // Where the cores are full, what an exchange takes is taken from launches; of rates a busy machine tells less.
  const [launchCpu, exchangeCpu] = [median(cost.launchCpu), median(cost.exchangeCpu)];
  const copyShare = exchangeCpu / (launchCpu + exchangeCpu);
  const fields = {
    bench: 'health',
    record_cost_pct: rounded((copyShare + rollUpShare) * 100),
    copy_cost_pct: rounded(copyShare * 100),
    launch_cpu_ms: rounded(launchCpu, 3),
    exchange_cpu_ms: rounded(exchangeCpu, 3),
    exchange_cpu_beside_ms: rounded(median(cost.besideCpu), 3),
    slower_pct: rounded(cost.rateShare * 100),
    roll_up_cost_pct: rounded(rollUpShare * 100),
    launches_per_s: rounded(median(cost.without)),
    launches_per_s_while_copying: rounded(median(cost.during)),
    copied_per_s: rounded(median(cost.copied)),
    rounds: {
      without: cost.without.map((each) => rounded(each)),
      during: cost.during.map((each) => rounded(each)),
    },
    noise: rounded(cost.noise, 3),
    page_p95_ms: rounded(percentile(pages.page, 0.95)),
    page_p50_ms: rounded(median(pages.page)),
    page_bare_p50_ms: rounded(median(pages.bare)),
    chart_p95_ms: rounded(percentile(pages.chart, 0.95)),
    chart_p50_ms: rounded(median(pages.chart)),
    year_by_period_p95_ms: rounded(percentile(pages.periods, 0.95)),
    year_by_period_p50_ms: rounded(median(pages.periods)),
    page_exchanges: exchanges,
    series,
    // The longest: whoever waits for it waits for that one.
    recompute_s: rounded(Math.max(...day.recompute)),
    recompute_rounds_s: day.recompute.map((each) => rounded(each)),
    minute_pass_s: rounded(fiveMinutes),
    recompute_bare_pass_s: rounded(median(day.bare)),
    recompute_exchanges: dayExchanges,
    scale,
    cores,
    versions: { node: process.versions.node, postgres: measured.postgresVersion, ...packageVersions(['pg']) },
  };
  return { fields, table: tableOf(fields) };
}

interface Shown {
  record_cost_pct: number;
  copy_cost_pct: number;
  launch_cpu_ms: number;
  exchange_cpu_ms: number;
  roll_up_cost_pct: number;
  launches_per_s: number;
  launches_per_s_while_copying: number;
  copied_per_s: number;
  page_p95_ms: number;
  page_p50_ms: number;
  page_bare_p50_ms: number;
  chart_p95_ms: number;
  year_by_period_p95_ms: number;
  year_by_period_p50_ms: number;
  page_exchanges: number;
  series: number;
  recompute_s: number;
  recompute_bare_pass_s: number;
  recompute_exchanges: number;
}

function tableOf(shown: Shown): string {
  return [
    'What counting costs launches, of their rate',
    `  copying ${shown.copy_cost_pct} % (CPU of a launch ${shown.launch_cpu_ms} ms, of an exchange ${shown.exchange_cpu_ms} ms; ${shown.launches_per_s} launches/s, ${shown.launches_per_s_while_copying} while ${shown.copied_per_s}/s are copied)`,
    `  roll-ups ${shown.roll_up_cost_pct} %; together ${shown.record_cost_pct} %, to reach: at most 5 %`,
    `A manager’s page over ${shown.page_exchanges} exchanges of ${shown.series} series`,
    `  p50 ${shown.page_p50_ms} ms, p95 ${shown.page_p95_ms} ms, to reach: at most 300 ms (its month as one bare statement: ${shown.page_bare_p50_ms} ms)`,
    `  the chart of 28 days with its marks: p95 ${shown.chart_p95_ms} ms`,
    `  a year by part of the school year: p50 ${shown.year_by_period_p50_ms} ms, p95 ${shown.year_by_period_p95_ms} ms, to reach: at most 300 ms`,
    `A day of ${shown.recompute_exchanges} exchanges counted anew`,
    `  ${shown.recompute_s} s (one bare pass: ${shown.recompute_bare_pass_s} s), to reach: at most 60 s`,
  ].join('\n');
}
