import type { CalendarPeriod } from './calendars.ts';

/**
 * Words that the hub, its console and its HTTP API share about how well integrations go. An exchange is one logical unit with
 * an id that stays over its tries: a launch, a sign-in, a delivered grade, a roster run. An attempt is one wire try.
 */

/** How an exchange ended; set once, at its end. */
export const outcomes = [
  'success',
  'failed_partner',
  'failed_hub',
  'failed_config',
  'user_error',
  'suppressed',
  'expired_unknown',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface OutcomeMeaning {
  readonly about: string;
  /** Whether it stands in the denominator of rates. */
  readonly counted: boolean;
  readonly failure: boolean;
  /** Who has to act; nobody after a success and on purpose. */
  readonly blame: 'partner' | 'hub' | 'configuration' | 'person' | 'unknown' | 'nobody';
}

/** What every outcome means for the numbers. Each rate is defined by this table alone. */
export const outcomeMeanings: Readonly<Record<Outcome, OutcomeMeaning>> = {
  success: { about: 'Done, at whichever attempt', counted: true, failure: false, blame: 'nobody' },
  failed_partner: {
    about: 'The other side: time-out, TLS, 5xx, 429 to the end, an answer that cannot be read',
    counted: true,
    failure: true,
    blame: 'partner',
  },
  failed_hub: { about: 'A fault or an outage of the hub', counted: true, failure: true, blame: 'hub' },
  failed_config: {
    about: 'Settings: an expired certificate or secret, an unknown deployment',
    counted: true,
    failure: true,
    blame: 'configuration',
  },
  // Tracked by a rate of its own, since a jump usually means a misjudged configuration.
  user_error: {
    about: 'A person: a wrong password, cancelled, not enrolled; and whatever anybody could have sent',
    counted: false,
    failure: false,
    blame: 'person',
  },
  suppressed: {
    about: 'On purpose: paused, a blackout, a dry run',
    counted: false,
    failure: false,
    blame: 'nobody',
  },
  expired_unknown: {
    about: 'A deadline passed without an answer',
    counted: true,
    failure: true,
    blame: 'unknown',
  },
};

export interface KindMeaning {
  readonly about: string;
  /** Where an exchange of it is written down for good; `batches`: in memory first, by the best effort. */
  readonly record: 'launch' | 'sign_in' | 'token_grant' | 'grade_delivery' | 'sync_run' | 'batches';
  /** Its records are offered to the roster, which may reject some. */
  readonly hasRecords: boolean;
  /** It begins and ends at different moments, so that its duration says something. */
  readonly hasDuration: boolean;
}

/** Every kind of exchange. A new kind is an entry here, and a copy step where it has rows of its own. */
export const kindMeanings = {
  launch: {
    about: 'Somebody opens a tool',
    record: 'launch',
    hasRecords: false,
    hasDuration: true,
  },
  sign_in: {
    about: 'Somebody signs in at the hub',
    record: 'sign_in',
    hasRecords: false,
    hasDuration: false,
  },
  token_request: {
    about: 'A tool asks for an access token',
    record: 'token_grant',
    hasRecords: false,
    hasDuration: false,
  },
  ags_call: {
    about: 'A tool calls Assignment and Grade Services; an accepted score is a grade delivery from there on',
    record: 'batches',
    hasRecords: false,
    hasDuration: true,
  },
  nrps_call: {
    about: 'A tool calls Names and Role Provisioning Services',
    record: 'batches',
    hasRecords: false,
    hasDuration: true,
  },
  deep_linking: {
    about: 'A tool hands over content that somebody chose for a course; opening it for that is a launch',
    record: 'batches',
    hasRecords: false,
    hasDuration: false,
  },
  registration: {
    about:
      'An LMS takes the hub as its tool, or a tool takes the hub as its platform, by dynamic registration',
    record: 'batches',
    hasRecords: false,
    hasDuration: true,
  },
  grade_delivery: {
    about: 'A score on its way from a tool to the gradebook',
    record: 'grade_delivery',
    hasRecords: false,
    hasDuration: true,
  },
  sync_run: {
    about: 'A roster is brought from its source',
    record: 'sync_run',
    hasRecords: true,
    hasDuration: true,
  },
  webhook: {
    about: 'A notice of an LMS, taken by the hub or relayed to a tool, and the calls that arrange it',
    record: 'batches',
    hasRecords: false,
    hasDuration: true,
  },
} as const satisfies Record<string, KindMeaning>;
export type ExchangeKind = keyof typeof kindMeanings;
export const exchangeKinds = Object.keys(kindMeanings) as readonly ExchangeKind[];

/** How much rests on a connection: each tier has targets of its own. */
export const serviceTiers = ['critical', 'standard', 'trial'] as const;
export type ServiceTier = (typeof serviceTiers)[number];

/** What numbers can be limited to, and grouped by. */
export const sliceNames = [
  'partner',
  'tenant',
  'connection',
  'kind',
  'tier',
  'connectorVersion',
  'period',
] as const;
export type SliceName = (typeof sliceNames)[number];

/** Whose exchanges: what is not named is not limited. `null` stands for exchanges without one. */
export interface SliceFilter {
  readonly tenantId?: string;
  readonly connectionId?: string | null;
  readonly partner?: string | null;
  readonly kind?: ExchangeKind;
  readonly tier?: ServiceTier;
  readonly connectorVersion?: string | null;
  /** By each tenant's own calendar; null: of tenants whose calendar names no term. */
  readonly period?: CalendarPeriod | null;
}

/** The series an exchange belongs to: one value for each slice. */
export interface SeriesKey {
  readonly tenantId: string;
  readonly connectionId: string | null;
  readonly partner: string | null;
  readonly kind: ExchangeKind;
  readonly tier: ServiceTier;
  /** Of the connector that was at work; null where none is. */
  readonly connectorVersion: string | null;
}

/** One exchange that has ended, as it is kept for 180 days. No personal data: ids and codes. */
export interface ExchangeEvent extends SeriesKey {
  /** UUIDv7; an exchange that is sent again after its end ends once more under the same id. */
  readonly exchangeId: string;
  readonly toolId: string | null;
  readonly outcome: Outcome;
  /** Stable code of why it ended so. */
  readonly reason: string | null;
  /** Wire tries that led to this end, and those of them that failed. */
  readonly attempts: number;
  readonly failedAttempts: number;
  /** Records offered and rejected; 0 where its kind has none. */
  readonly offered: number;
  readonly rejected: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** Stretches of UTC time that exchanges are counted by, in milliseconds, by the moment they ended. */
export const grainMs = { '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 } as const;
export type Grain = keyof typeof grainMs;

/** What is counted of a series in a stretch of time. Sums of them are counts of the whole. */
export interface ExchangeCounts {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly attempts: number;
  readonly failedAttempts: number;
  /** Successes that needed no second attempt. */
  readonly firstTry: number;
  /** Successes within 15 minutes of their beginning. */
  readonly onTime: number;
  readonly offered: number;
  readonly rejected: number;
  /** When the last of the successes ended; null without one. */
  readonly lastSuccess: Date | null;
}

/** The usual stretches that numbers are of, in milliseconds. */
export const windowMs = { '1h': 3_600_000, '24h': 86_400_000, '28d': 28 * 86_400_000 } as const;
export type WindowName = keyof typeof windowMs;

/** How long a point of a chart is: five minutes, an hour, or a day or a week by a school's own clocks. */
export const chartSteps = ['5m', '1h', '1d', '7d'] as const;
export type ChartStep = (typeof chartSteps)[number];

/** From `from` on and before `to`. Counts are exact at whole five minutes, percentiles at whole hours. */
export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

/** A share with what it was counted from. `share` is null where nothing was counted: no traffic is not a rate of zero. */
export interface Rate {
  readonly part: number;
  readonly whole: number;
  readonly share: number | null;
  /** Wilson score interval at 95 %; null where nothing was counted. */
  readonly low: number | null;
  readonly high: number | null;
  /** Fewer than 20: show the counts and the interval in place of a percentage. */
  readonly isSmall: boolean;
}

/** Every number that is shown of a slice over a window. Milliseconds where it is time. */
export interface HealthNumbers {
  /** Exchanges that ended, whatever came of them. */
  readonly ended: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Failed over valid exchanges. */
  readonly failureRate: Rate;
  /** Failed over all attempts. */
  readonly attemptErrorRate: Rate;
  /** Attempts for each exchange; null without an exchange. */
  readonly amplification: number | null;
  /** Successes at the first attempt over valid exchanges. */
  readonly firstTrySuccess: Rate;
  /** People's errors over all that ended. */
  readonly userErrorRate: Rate;
  /** Rejected over offered records. */
  readonly recordRejection: Rate;
  readonly lastSuccess: Date | null;
}

/** The numbers that open the rows behind them, and what those rows are. */
export const numberNames = {
  ended: 'Exchanges that ended',
  valid: 'Valid exchanges: the denominator of the failure rate',
  failed: 'Failed exchanges',
  failedAttempts: 'Exchanges of which an attempt failed',
  firstTry: 'Successes at the first attempt',
  retried: 'Valid exchanges that did not succeed at the first attempt',
  userErrors: 'Exchanges that a person’s error ended',
  rejected: 'Runs of which records were rejected',
  late: 'Valid grade deliveries that were not delivered within 15 minutes',
} as const;
export type NumberName = keyof typeof numberNames;
