import { cpus } from 'node:os';
import type { BenchResult } from '../main.ts';
import type { CpuUse } from '../measure/cpu.ts';
import { packageVersions } from '../measure/machine.ts';
import { median, percentile, rounded, spread } from '../measure/statistics.ts';
import { bossWorkersPerProcess } from './boss-side.ts';
import type { GradesMeasurements } from './grades-bench.ts';
import { lmsMilliseconds } from './lms.ts';
import { lanesPerProcess, processCount, type Rate } from './sides.ts';

/** The measurements as the fields of `--json` and as a table. */
export function describeGrades(measured: GradesMeasurements): BenchResult {
  const fields = summarize(measured);
  return { fields, table: tableOf(fields) };
}

function summarize(measured: GradesMeasurements) {
  const { hub, boss, plain, yardstick, lone, checked } = measured;
  // The LMS's own time is no fault of the hub's.
  const milliseconds = lone.milliseconds.map((took) => took - lmsMilliseconds);
  return {
    bench: 'grades',
    accept_per_s: rate(hub.accept),
    deliver_per_s: rate(hub.deliver),
    both_per_s: rate(hub.both),
    both_over_http_per_s: rate(hub.bothOverHttp),
    pgboss_send_per_s: rate(boss.send),
    pgboss_work_per_s: rate(boss.work),
    pgboss_both_per_s: rate(boss.both),
    pgboss_both_posting_per_s: rate(boss.bothPosting),
    plain_lms_per_s: rate(plain),
    ratio_accept: ratio(hub.accept, boss.send),
    ratio_deliver: ratio(hub.deliver, boss.work),
    // Both sides are given their work by a call within the process.
    ratio_both: ratio(hub.both, boss.both),
    ratio_both_over_http: ratio(hub.bothOverHttp, boss.both),
    // The hub's scores end at an LMS, and so do these.
    ratio_both_posting: ratio(hub.both, boss.bothPosting),
    lone_p99_ms: rounded(percentile(milliseconds, 0.99)),
    lone_p50_ms: rounded(percentile(milliseconds, 0.5)),
    lone_max_ms: rounded(Math.max(...milliseconds)),
    lone_scores: milliseconds.length,
    lone_per_s: lone.perSecond,
    spreads: {
      accept: spreadOf(hub.accept),
      deliver: spreadOf(hub.deliver),
      both: spreadOf(hub.both),
      both_over_http: spreadOf(hub.bothOverHttp),
      pgboss_send: spreadOf(boss.send),
      pgboss_work: spreadOf(boss.work),
      pgboss_both: spreadOf(boss.both),
      pgboss_both_posting: spreadOf(boss.bothPosting),
      plain_lms: spreadOf(plain),
    },
    machine_noise: rounded(spread(yardstick), 3),
    // Others on the machine disturb these less than the rates.
    cpu_ratio_accept: cpuRatio(hub.accept, boss.send),
    cpu_ratio_deliver: cpuRatio(hub.deliver, boss.work),
    cpu_ratio_both: cpuRatio(hub.both, boss.both),
    cpu_ms_per_score: {
      accept: cpuOf(hub.accept),
      deliver: cpuOf(hub.deliver),
      both: cpuOf(hub.both),
      both_over_http: cpuOf(hub.bothOverHttp),
      pgboss_send: cpuOf(boss.send),
      pgboss_work: cpuOf(boss.work),
      pgboss_both: cpuOf(boss.both),
      pgboss_both_posting: cpuOf(boss.bothPosting),
    },
    checked,
    rounds: {
      accept: rates(hub.accept),
      deliver: rates(hub.deliver),
      both: rates(hub.both),
      both_over_http: rates(hub.bothOverHttp),
      pgboss_send: rates(boss.send),
      pgboss_work: rates(boss.work),
      pgboss_both: rates(boss.both),
      pgboss_both_posting: rates(boss.bothPosting),
      plain_lms: rates(plain),
    },
    tenants: measured.tenants,
    processes: processCount,
    lanes_per_process: lanesPerProcess,
    pgboss_workers_per_process: bossWorkersPerProcess,
    lms_ms: lmsMilliseconds,
    cores: cpus().length,
    versions: {
      node: process.versions.node,
      postgres: measured.postgresVersion,
      ...packageVersions(['pg-boss', 'express', 'jose', 'pg', 'undici', 'openid-client']),
    },
  };
}

const rates = (rounds: readonly Rate[]) => rounds.map(({ perSecond }) => rounded(perSecond, 1));
const rate = (rounds: readonly Rate[]) => rounded(median(rates(rounds)), 1);
const spreadOf = (rounds: readonly Rate[]) => rounded(spread(rates(rounds)), 3);

/** Median of the ratios round by round, which stand next to each other in time. */
function ratio(hub: readonly Rate[], boss: readonly Rate[]): number {
  return rounded(median(hub.map(({ perSecond }, round) => perSecond / boss[round]!.perSecond)));
}

function cpuOf(rounds: readonly Rate[]): CpuUse {
  const names = Object.keys(rounds[0]?.cpu ?? {});
  return Object.fromEntries(
    names.map((name) => [name, rounded(median(rounds.map(({ cpu }) => cpu[name] ?? Number.NaN)), 3)]),
  );
}

/** How many scores the hub does with the CPU of one of pg-boss's, load and LMS included. */
function cpuRatio(hub: readonly Rate[], boss: readonly Rate[]): number {
  const total = ({ cpu }: Rate) => Object.values(cpu).reduce((sum, milliseconds) => sum + milliseconds, 0);
  return rounded(median(hub.map((round, index) => total(boss[index]!) / total(round))));
}

type Summary = ReturnType<typeof summarize>;

function tableOf(summary: Summary): string {
  const { spreads, checked } = summary;
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const { cpu_ms_per_score: used } = summary;
  const line = (name: string, perSecond: number, between: number, rest: CpuUse = {}) =>
    `  ${name.padEnd(22)} ${perSecond.toFixed(0).padStart(6)}  ±${percent(between / 2).padEnd(6)} ${cpu(rest)}`;
  const cpu = (use: CpuUse) =>
    Object.entries(use)
      .map(([name, milliseconds]) => `${milliseconds} ${name}`)
      .join(' + ');
  return [
    `Scores, ${processCount} processes × ${lanesPerProcess} connections, ${summary.tenants} tenants, an LMS that takes ${lmsMilliseconds} ms`,
    '                        a second  spread  CPU ms a score',
    line('accept', summary.accept_per_s, spreads.accept, used.accept),
    line('  pg-boss send', summary.pgboss_send_per_s, spreads.pgboss_send, used.pgboss_send),
    line('deliver', summary.deliver_per_s, spreads.deliver, used.deliver),
    line('  pg-boss work', summary.pgboss_work_per_s, spreads.pgboss_work, used.pgboss_work),
    line('both at once', summary.both_per_s, spreads.both, used.both),
    line('  over HTTP', summary.both_over_http_per_s, spreads.both_over_http, used.both_over_http),
    line('  pg-boss both', summary.pgboss_both_per_s, spreads.pgboss_both, used.pgboss_both),
    line(
      '  pg-boss both, posting',
      summary.pgboss_both_posting_per_s,
      spreads.pgboss_both_posting,
      used.pgboss_both_posting,
    ),
    line('the LMS without a hub', summary.plain_lms_per_s, spreads.plain_lms),
    '',
    `  accept:  ${percent(summary.ratio_accept)} of bare send (to reach 60 %); by CPU ${percent(summary.cpu_ratio_accept)}`,
    `  deliver: ${percent(summary.ratio_deliver)} of bare work at ten a time (to reach 30 %); by CPU ${percent(summary.cpu_ratio_deliver)}`,
    `  both:    ${summary.ratio_both} × bare send and work at once (to reach 2); by CPU ${summary.cpu_ratio_both} ×; ${summary.ratio_both_posting} × where its handler posts to the LMS; ${summary.ratio_both_over_http} × with every score over HTTP`,
    `  a single score, over the LMS's own time: p50 ${summary.lone_p50_ms} ms, p99 ${summary.lone_p99_ms} ms (at most 50)`,
    '',
    `Checked: ${checked.deliveries} accepted, ${checked.delivered} delivered once and in order, ${checked.superseded} superseded by newer ones, the last score of ${checked.lines} lines.`,
    `The same work took up to ${percent(summary.machine_noise)} longer or shorter: what others on this machine did meanwhile.`,
  ].join('\n');
}
