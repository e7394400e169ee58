import { cpus } from 'node:os';
import type { BenchResult } from '../main.ts';
import { packageVersions } from '../measure/machine.ts';
import { median, percentile, rounded, spread } from '../measure/statistics.ts';
import type { LaunchMeasurements, MeasuredRound } from './launch-bench.ts';
import { limitWork } from './limit-side.ts';
import { introductions, tenantCount } from './population.ts';
import { lanesPerProcess, processCount } from './side.ts';

/** The measurements as the fields of `--json` and as a table. */
export function describeLaunches(measured: LaunchMeasurements): BenchResult {
  const fields = summarize(measured);
  return { fields, table: tableOf(fields, measured) };
}

function summarize(measured: LaunchMeasurements) {
  const { hub, ltijs, limit } = measured.rounds;
  const { perSecond, times } = measured.openLoop;
  const requests = Object.values(times.requests).flat();
  return {
    bench: 'launch',
    hub_per_s: rate(hub),
    ltijs_per_s: rate(ltijs),
    limit_per_s: rate(limit),
    ratio_ltijs: ratio(hub, ltijs),
    ratio_limit: ratio(hub, limit),
    request_p99_ms: rounded(percentile(requests, 0.99)),
    launch_p99_ms: rounded(percentile(times.wholeJourneys, 0.99)),
    request_p50_ms: rounded(percentile(requests, 0.5)),
    launch_p50_ms: rounded(percentile(times.wholeJourneys, 0.5)),
    open_loop_per_s: perSecond,
    open_loop_launches: times.journeys,
    hub_spread: spreadOf(hub),
    ltijs_spread: spreadOf(ltijs),
    limit_spread: spreadOf(limit),
    machine_noise: rounded(spread(measured.yardstick), 3),
    // Others on the machine disturb these less than the rates.
    cpu_ratio_ltijs: cpuRatio(hub, ltijs),
    cpu_ratio_limit: cpuRatio(hub, limit),
    cpu_ms_per_launch: { hub: cpuOf(hub), ltijs: cpuOf(ltijs), limit: cpuOf(limit) },
    launches_checked: measured.launchesChecked,
    tokens_verified: measured.tokensVerified,
    rounds: { hub: rates(hub), ltijs: rates(ltijs), limit: rates(limit) },
    tenants: tenantCount,
    warm_up: introductions,
    processes: processCount,
    lanes_per_process: lanesPerProcess,
    limit_work: limitWork,
    cores: cpus().length,
    versions: {
      node: process.versions.node,
      postgres: measured.postgresVersion,
      ...packageVersions(['ltijs', 'ltijs-sequelize', 'express', 'jose', 'pg', 'undici']),
    },
  };
}

const rates = (rounds: MeasuredRound[]) => rounds.map(({ perSecond }) => rounded(perSecond, 1));
const rate = (rounds: MeasuredRound[]) => rounded(median(rates(rounds)), 1);
const spreadOf = (rounds: MeasuredRound[]) => rounded(spread(rates(rounds)), 3);

/** Median of the ratios round by round, which stand next to each other in time. */
function ratio(hub: MeasuredRound[], other: MeasuredRound[]): number {
  return rounded(median(hub.map(({ perSecond }, round) => perSecond / other[round]!.perSecond)));
}

function cpuOf(rounds: MeasuredRound[]) {
  const of = (who: keyof MeasuredRound['cpu']) => rounded(median(rounds.map(({ cpu }) => cpu[who])), 3);
  return { processes: of('processes'), postgres: of('postgres'), generator: of('generator') };
}

/** How many launches the hub does with the CPU of one of the other side's, load included. */
function cpuRatio(hub: MeasuredRound[], other: MeasuredRound[]): number {
  const total = ({ cpu }: MeasuredRound) => cpu.processes + cpu.postgres + cpu.generator;
  return rounded(median(hub.map((round, index) => total(other[index]!) / total(round))));
}

type Summary = ReturnType<typeof summarize>;

function tableOf(summary: Summary, { rounds, openLoop }: LaunchMeasurements): string {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return [
    `Launches, both legs (ltijs: its one leg), ${processCount} processes × ${lanesPerProcess} connections, ${tenantCount} tenants`,
    '         a second  spread  CPU ms a launch',
    sideLine('hub', rounds.hub),
    sideLine('ltijs', rounds.ltijs),
    sideLine('limit', rounds.limit),
    `  limit: ${limitWork}`,
    '',
    `  ${summary.ratio_ltijs} × ltijs (to reach 2.5, aim 3.5); by CPU ${summary.cpu_ratio_ltijs} ×`,
    `  ${percent(summary.ratio_limit)} of the limit (to reach 55 %, aim 75 %); by CPU ${percent(summary.cpu_ratio_limit)}`,
    '',
    `Hub at ${openLoop.perSecond} launches a second, arriving evenly, ${openLoop.times.journeys} launches`,
    ...Object.entries(openLoop.times.requests).map(([name, times]) => latencyLine(name, times)),
    `  a request: p99 ${summary.request_p99_ms} ms (at most 25)`,
    `  a launch:  p99 ${summary.launch_p99_ms} ms (at most 50)`,
    '',
    `Checked: every reply, ${summary.launches_checked} launch rows, ${summary.tokens_verified} signatures.`,
    `The same work took up to ${percent(summary.machine_noise)} longer or shorter: what others on this machine did meanwhile.`,
  ].join('\n');
}

function sideLine(name: string, rounds: MeasuredRound[]): string {
  const phases = (rounds[0]?.phases ?? []).map(({ name: phase }, index) => {
    const perSecond = median(rounds.map(({ count, phases: all }) => count / all[index]!.seconds));
    return `${phase} ${perSecond.toFixed(0)}/s`;
  });
  const { processes, postgres, generator } = cpuOf(rounds);
  const cpu = `${processes} processes + ${postgres} PostgreSQL + ${generator} load`;
  const spreadText = `±${((spreadOf(rounds) / 2) * 100).toFixed(0)} %`;
  return `  ${name.padEnd(6)} ${rate(rounds).toFixed(0).padStart(8)}  ${spreadText.padEnd(6)}  ${cpu}   (${phases.join(', ')})`;
}

function latencyLine(name: string, times: number[]): string {
  return `  ${name.padEnd(10)} p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms`;
}
