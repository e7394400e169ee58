import type { AlertRule, IncidentSeverity } from '../../../contracts/incidents.ts';
import { rateOf } from '../metrics/rate.ts';

/** Valid exchanges of a stretch of time, and those of them that failed. */
export interface Counts {
  valid: number;
  failed: number;
}

/** Stretches that end now. */
export const windowNames = ['5m', '30m', '1h', '6h', '3d'] as const;
export type BurnWindow = (typeof windowNames)[number];
export const burnWindowMs: Readonly<Record<BurnWindow, number>> = {
  '5m': 300_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '3d': 72 * 3_600_000,
};
export type Windows = Readonly<Record<BurnWindow, Counts>>;

export interface BurnRule {
  rule: AlertRule;
  /** Times as fast as the budget lasts. */
  burn: number;
  long: BurnWindow;
  /** So that it ends soon after the trouble does. */
  short: BurnWindow;
  severity: IncidentSeverity;
}

/** From the fastest: multi-window, multi-burn-rate alerts (Site Reliability Workbook, chapter 5). */
export const burnRules: readonly BurnRule[] = [
  { rule: 'burn_fast', burn: 14.4, long: '1h', short: '5m', severity: 'page' },
  { rule: 'burn_slow', burn: 6, long: '6h', short: '30m', severity: 'page' },
  { rule: 'burn_budget', burn: 1, long: '3d', short: '6h', severity: 'ticket' },
];

/**
 * So many valid exchanges in the long window, and so many failures, before anything is said: the traffic of schools is low
 * and comes in bursts, and five failures at night are five failures.
 */
export const leastEvents = 20;
export const leastFailures = 10;

/** Above this a rate is no rate any more: no budget lasts. */
const mostBurn = 0.999;

/** The first rule that fires; undefined for none. */
export function decideBurn(windows: Windows, target: number): BurnRule | undefined {
  return burnRules.find((rule) => fires(rule, windows, target));
}

/**
 * Both windows burn faster than the rule allows, and the long one surely so: the lower end of its Wilson interval is above
 * the rule's rate, too.
 */
function fires(rule: BurnRule, windows: Windows, target: number): boolean {
  const [long, short] = [windows[rule.long], windows[rule.short]];
  const limit = Math.min(mostBurn, rule.burn * (1 - target));
  if (long.valid < leastEvents || long.failed < leastFailures) return false;
  if (short.valid === 0 || short.failed / short.valid < limit) return false;
  return (rateOf(long.failed, long.valid).low ?? 0) > limit;
}

/** A stretch of time in a row of such, the oldest first. */
export interface Bucket extends Counts {
  /** Unix milliseconds of its beginning. */
  at: number;
}

/** So many calm stretches in a row, of those that saw traffic, end what came before them. */
const calmBuckets = 6;

/** When the trouble that goes on now began: the first stretch out of target since the last time it was calm. */
export function decideFirstFailure(buckets: readonly Bucket[], target: number): number | undefined {
  let since: number | undefined;
  let calm = 0;
  for (const { at, valid, failed } of buckets) {
    if (valid === 0) continue;
    if (failed > valid * (1 - target)) {
      since ??= at;
      calm = 0;
    } else if (since !== undefined) {
      calm += 1;
      if (calm === calmBuckets) since = undefined;
    }
  }
  return since;
}
