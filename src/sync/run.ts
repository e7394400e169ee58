import type { ConnectionId, RunId } from '../../contracts/ids.ts';
import type { Entity } from '../../contracts/roster.ts';
import { type RunMode, type RunState, runStates, type Severity } from '../../contracts/sync.ts';
import type { Applied, PlanSummary } from './engine.ts';

/** What happens to a run. */
export type RunEvent =
  | 'begun'
  | 'read'
  /** Something of what was staged is gone, so it has to be read again. */
  | 'lost'
  | 'validated'
  | 'planned'
  | 'held'
  /** Nothing speaks against the plan, or somebody has approved it. */
  | 'approved'
  /** Another run has changed the roster since the plan was made. */
  | 'overtaken'
  | 'applying'
  /** Creations and changes are in the roster; the removals are planned again and wait. */
  | 'applied_in_part'
  | 'applied'
  /** Nobody wants the rest of what was applied in part. */
  | 'settled'
  | 'discarded'
  | 'cancelled'
  | 'failed'
  | 'undone';

const transitions: Readonly<Record<RunState, Partial<Readonly<Record<RunEvent, RunState>>>>> = {
  requested: { begun: 'reading', discarded: 'discarded', cancelled: 'cancelled', failed: 'failed' },
  reading: { read: 'staged', settled: 'applied', cancelled: 'cancelled', failed: 'failed' },
  staged: {
    validated: 'validated',
    lost: 'reading',
    settled: 'applied',
    cancelled: 'cancelled',
    failed: 'failed',
  },
  validated: {
    planned: 'planned',
    lost: 'reading',
    settled: 'applied',
    cancelled: 'cancelled',
    failed: 'failed',
  },
  planned: {
    held: 'held',
    approved: 'approved',
    lost: 'reading',
    overtaken: 'validated',
    settled: 'applied',
    cancelled: 'cancelled',
    failed: 'failed',
  },
  held: { approved: 'approved', discarded: 'discarded', settled: 'applied', cancelled: 'cancelled' },
  approved: {
    applying: 'applying',
    lost: 'reading',
    overtaken: 'validated',
    settled: 'applied',
    cancelled: 'cancelled',
    failed: 'failed',
  },
  // What has begun to be applied is applied: the engine does so in one transaction.
  applying: {
    applied_in_part: 'validated',
    applied: 'applied',
    lost: 'reading',
    overtaken: 'validated',
    failed: 'failed',
  },
  applied: { undone: 'undone' },
  undone: {},
  discarded: {},
  failed: {},
  cancelled: {},
};

/** The state after an event; undefined where the event does not fit the state. */
export function transition(state: RunState, event: RunEvent): RunState | undefined {
  return transitions[state][event];
}

/** The states in which an event may happen. */
export function statesBefore(event: RunEvent): RunState[] {
  return runStates.filter((state) => transition(state, event) !== undefined);
}

/** The states in which there is something for the hub to do; in `held` it waits for somebody. */
export const workingStates = [
  'requested',
  'reading',
  'staged',
  'validated',
  'planned',
  'approved',
  'applying',
] as const satisfies readonly RunState[];

/** Whether the hub, and not a person, has to do something next. */
export function isWorking(state: RunState): boolean {
  return (workingStates as readonly RunState[]).includes(state);
}

export interface EntityProgress {
  rows: number;
  done: boolean;
}

/** One time that a roster is brought from its source. */
export interface Run {
  runId: RunId;
  connectionId: ConnectionId;
  /** Counts up for each connection. */
  runNo: number;
  mode: RunMode;
  /** Ends with its plan. */
  isDry: boolean;
  state: RunState;
  /** Stable code of why it is where it is. */
  reason: string | null;
  /** What to do about it, in plain words. */
  advice: string | null;
  connector: string;
  connectorVersion: string;
  /** An actor, as in the audit trail. */
  requestedBy: string;
  progress: Partial<Record<Entity, EntityProgress>>;
  plan: PlanSummary | null;
  /** What it has done to the roster; while removals wait, without them. */
  applied: Applied | null;
  /** Somebody wants it to end. */
  wantsCancel: boolean;
  requestedAt: Date;
  /** It is not worked on before then: after a failure, or in quiet hours. */
  notBefore: Date | null;
  startedAt: Date | null;
  plannedAt: Date | null;
  /** A plan that waits is discarded then. */
  expiresAt: Date | null;
  decidedAt: Date | null;
  appliedAt: Date | null;
  endedAt: Date | null;
}

/** Why a plan waits for somebody. */
export interface Hold {
  code: HoldCode;
  /** Null: the run as a whole. */
  entity: Entity | null;
  /** sourcedId of the school; null: all of the entity. */
  school: string | null;
  /** How many, of how many, and how many would have passed. */
  count: number;
  total: number;
  allowed: number;
}

export const holdCodes = [
  'removals',
  'growth',
  'entity_empty',
  'entity_unsealed',
  'rows_unread',
  'ids_changed',
  'ids_recycled',
  'column_emptied',
  'administrators',
  'sharing_changed',
  'reading_changed',
  'rollover_pause',
  'rollover_removals',
  'run_undone',
] as const;
export type HoldCode = (typeof holdCodes)[number];

/** Something about the source that somebody should mend, in words. */
export interface Finding {
  /** Counts up within the run: where the next page begins. */
  findingNo: number;
  code: string;
  severity: Severity;
  entity: Entity | null;
  /** File or address. */
  part: string | null;
  line: number | null;
  column: string | null;
  sourcedId: string | null;
  /** Rows that have it, where one stands for many. */
  count: number;
  happened: string;
  advice: string;
}
