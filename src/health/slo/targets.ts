import type { ExchangeKind, ServiceTier } from '../../../contracts/health.ts';

/** Shares of valid exchanges that have to succeed. */
export interface ServiceLevel {
  target: number;
  /** While a school has exams: a budget of its own. */
  examTarget: number;
}

/**
 * What is promised where nobody says otherwise. Runs are few a day, so that one failed run is a larger share; people who
 * wait for a page are worse off than programs that try again.
 */
const standard: Readonly<Record<ExchangeKind, number>> = {
  launch: 0.995,
  sign_in: 0.995,
  token_request: 0.995,
  ags_call: 0.995,
  nrps_call: 0.99,
  deep_linking: 0.99,
  // A try now and then, by somebody who is setting up.
  registration: 0.95,
  grade_delivery: 0.995,
  sync_run: 0.95,
  webhook: 0.99,
};
/** How much of the standard tier's room for failures each tier has, and how much is left of it during exams. */
const room: Readonly<Record<ServiceTier, number>> = { critical: 0.4, standard: 1, trial: 4 };
const examRoom = 0.5;

/** The built-in targets of a kind and tier. */
export function builtInLevel(kind: ExchangeKind, tier: ServiceTier): ServiceLevel {
  const failing = (1 - standard[kind]) * room[tier];
  return { target: rounded(1 - failing), examTarget: rounded(1 - failing * examRoom) };
}

function rounded(share: number): number {
  return Math.round(share * 1e6) / 1e6;
}

/** A level somebody has set, for one school or for all. */
export interface SetLevel extends ServiceLevel {
  kind: string;
  tier: string;
}

/** A school's own level counts before the hub's, and that before the built-in one. */
export function decideLevel(
  kind: ExchangeKind,
  tier: ServiceTier,
  ofSchool: readonly SetLevel[],
  ofHub: readonly SetLevel[],
): ServiceLevel {
  const isIt = (level: SetLevel) => level.kind === kind && level.tier === tier;
  const { target, examTarget } = ofSchool.find(isIt) ?? ofHub.find(isIt) ?? builtInLevel(kind, tier);
  return { target, examTarget };
}
