import { cpus } from 'node:os';
import type { BenchResult } from '../main.ts';
import { packageVersions } from '../measure/machine.ts';
import { percentile, rounded, spread } from '../measure/statistics.ts';
import type { FairnessMeasurements } from './fairness-bench.ts';
import { lmsMilliseconds } from './lms.ts';
import { processCount } from './sides.ts';

/** The measurements as the fields of `--json` and as a table. */
export function describeFairness(measured: FairnessMeasurements): BenchResult {
  const fields = summarize(measured);
  return { fields, table: tableOf(fields) };
}

function summarize(measured: FairnessMeasurements) {
  const { alone, flooded, waiting, yardstick, checked } = measured;
  const p99 = (rounds: number[][]) => rounded(percentile(rounds.flat(), 0.99));
  const p50 = (rounds: number[][]) => rounded(percentile(rounds.flat(), 0.5));
  const byRound = (rounds: number[][]) => rounds.map((round) => rounded(percentile(round, 0.99)));
  return {
    bench: 'fairness',
    other_tenant_p99_ms: p99(flooded),
    other_tenant_p50_ms: p50(flooded),
    other_tenant_max_ms: rounded(Math.max(...flooded.flat())),
    alone_p99_ms: p99(alone),
    alone_p50_ms: p50(alone),
    queued: measured.queued,
    queued_after_rounds: waiting,
    scores: { alone: alone.flat().length, flooded: flooded.flat().length },
    per_s: measured.perSecond,
    rounds_p99_ms: { alone: byRound(alone), flooded: byRound(flooded) },
    spreads: { alone: rounded(spread(byRound(alone)), 3), flooded: rounded(spread(byRound(flooded)), 3) },
    machine_noise: rounded(spread(yardstick), 3),
    checked,
    processes: processCount,
    lms_ms: lmsMilliseconds,
    cores: cpus().length,
    versions: {
      node: process.versions.node,
      postgres: measured.postgresVersion,
      ...packageVersions(['pg-boss', 'express', 'pg', 'undici', 'openid-client']),
    },
  };
}

function tableOf(summary: ReturnType<typeof summarize>): string {
  const { scores, checked } = summary;
  const line = (name: string, p50: number, p99: number, count: number) =>
    `  ${name.padEnd(38)} p50 ${p50} ms, p99 ${p99} ms (${count} scores)`;
  return [
    `Single scores of tenant B, ${summary.per_s} a second, from POST to its LMS, which takes ${summary.lms_ms} ms`,
    line('B alone', summary.alone_p50_ms, summary.alone_p99_ms, scores.alone),
    line(
      `while tenant A had ${summary.queued} queued`,
      summary.other_tenant_p50_ms,
      summary.other_tenant_p99_ms,
      scores.flooded,
    ),
    `  to reach: p99 at most 250 ms. A still had ${summary.queued_after_rounds.at(-1)} waiting at the end.`,
    '',
    `Checked: ${checked.deliveries} accepted, ${checked.delivered} delivered once and in order, ${checked.superseded} superseded by newer ones.`,
    `The same work took up to ${(summary.machine_noise * 100).toFixed(0)} % longer or shorter: what others on this machine did meanwhile.`,
  ].join('\n');
}
