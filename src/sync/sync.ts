/**
 * The front of syncing: rosters are connected, run, decided on and undone through this module by commands and over HTTP. What
 * it offers is listed here and lives beside it, a folder for each concern.
 */

export type { Thresholds, ThresholdsInput } from './holds/thresholds.ts';
export { askForDryPlan } from './runs/dry-plan.ts';
export { failureRules } from './runs/failure.ts';
export { listFindings } from './runs/findings.ts';
export { syncQueues, syncWorkers } from './runs/jobs.ts';
export { approveRun, cancelRun, discardRun, type RunRequest, requestRun } from './runs/requests.ts';
export { getRun, listRuns, type RunPage } from './runs/runs.ts';
export { undoRun } from './runs/undo.ts';
export { workRun } from './runs/work-run.ts';
export { cadenceOf, pausesOf } from './schedule/cadence.ts';
export type { Rollover } from './schedule/rollover.ts';
export type { Schedule } from './schedule/schedule.ts';
export { limitsOf, type SyncLimits, type SyncServices, usualLimits } from './services.ts';
export { clearOverride, listOverrides, type Override, overrideField } from './sources/overrides.ts';
export { checkRoster, discoverRoster } from './sources/probe.ts';
export type { NewRoster, RosterChanges, RosterSource } from './sources/source.ts';
export {
  connectRoster,
  disableRoster,
  getRoster,
  listRosters,
  pauseRoster,
  resumeRoster,
  updateRoster,
} from './sources/sources.ts';
export { handOverPackage, type UploadId } from './uploads/uploads.ts';
