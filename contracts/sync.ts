/** Words that the hub, its connectors and its HTTP API share about bringing a roster from its source. */

export const runStates = [
  'requested',
  'reading',
  'staged',
  'validated',
  'planned',
  'held',
  'approved',
  'discarded',
  'applying',
  'applied',
  'undone',
  'failed',
  'cancelled',
] as const;
export type RunState = (typeof runStates)[number];

/** `full`: all there is, so that what is missing may be removed. `delta`: what has changed since the last run. */
export const runModes = ['full', 'delta'] as const;
export type RunMode = (typeof runModes)[number];

/** What a plan does to a row. */
export const rowActions = ['create', 'change', 'remove', 'restore'] as const;
export type RowAction = (typeof rowActions)[number];

/** `error`: rows are left out. `warning`: they are taken, perhaps without a value. `repaired`: taken as they were meant. */
export const severities = ['error', 'warning', 'repaired'] as const;
export type Severity = (typeof severities)[number];

/** `tolerant`: repair and report. `strict`: reject what the binding forbids. */
export const profiles = ['tolerant', 'strict'] as const;
export type Profile = (typeof profiles)[number];

/** `paused`: nothing runs by itself. `disabled`: nothing runs. */
export const sourceStatuses = ['active', 'paused', 'disabled'] as const;
export type SourceStatus = (typeof sourceStatuses)[number];

/** Between school years: `pause`: nothing is changed. `no_removals`: only removals wait. */
export const rolloverPolicies = ['pause', 'no_removals'] as const;
export type RolloverPolicy = (typeof rolloverPolicies)[number];

/** How a run asks for changes only: by the source's own time, by delta files, or not at all. */
export const deltaKinds = ['cursor', 'files', 'none'] as const;
export type DeltaKind = (typeof deltaKinds)[number];
