import { cpus } from 'node:os';
import type { OpenLoopTimes } from '../load/open-loop.ts';
import type { BenchResult } from '../main.ts';
import { packageVersions } from '../measure/machine.ts';
import { median, percentile, rounded, spread } from '../measure/statistics.ts';
import type { LaunchMeasurements, MeasuredRound, OpenRound } from './launch-bench.ts';
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
  const evenly = describeOpenLoop(measured.openLoop);
  return {
    bench: 'launch',
    hub_per_s: rate(hub),
    ltijs_per_s: rate(ltijs),
    limit_per_s: rate(limit),
    ratio_ltijs: ratio(hub, ltijs),
    ratio_limit: ratio(hub, limit),
    ...evenly,
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

/** Of each round, and the medians of the rounds. */
function describeOpenLoop(rounds: readonly OpenRound[]) {
  const each = (of: (times: OpenLoopTimes) => number[], share: number) =>
    rounds.map(({ times }) => rounded(percentile(of(times), share)));
  const requests = ({ requests: byPhase }: OpenLoopTimes) => Object.values(byPhase).flat();
  const launches = ({ wholeJourneys }: OpenLoopTimes) => wholeJourneys;
  const byRound = {
    per_s: rounds.map(({ perSecond }) => perSecond),
    request_p99_ms: each(requests, 0.99),
    launch_p99_ms: each(launches, 0.99),
  };
  return {
    request_p99_ms: rounded(median(byRound.request_p99_ms)),
    launch_p99_ms: rounded(median(byRound.launch_p99_ms)),
    request_p50_ms: rounded(median(each(requests, 0.5))),
    launch_p50_ms: rounded(median(each(launches, 0.5))),
    open_loop_per_s: rounded(median(byRound.per_s)),
    open_loop_launches: rounds.reduce((sum, { times }) => sum + times.journeys, 0),
    open_loop_rounds: byRound,
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
  const byRound = summary.open_loop_rounds;
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
    'Hub at half of the rate it had just reached, launches arriving evenly; medians of the rounds',
    ...Object.keys(openLoop[0]?.times.requests ?? {}).map((name) => latencyLine(name, openLoop)),
    `  a request: p99 ${summary.request_p99_ms} ms (at most 25), by round ${byRound.request_p99_ms.join(', ')}`,
    `  a launch:  p99 ${summary.launch_p99_ms} ms (at most 50), by round ${byRound.launch_p99_ms.join(', ')}`,
    `  launches a second: ${byRound.per_s.join(', ')}; together ${summary.open_loop_launches} launches`,
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

function latencyLine(name: string, rounds: readonly OpenRound[]): string {
  const at = (share: number) =>
    median(rounds.map(({ times }) => percentile(times.requests[name] ?? [], share))).toFixed(1);
  return `  ${name.padEnd(10)} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
