import type { ConnectionId, RunId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { listHolds } from '../holds/hold-store.ts';
import type { Hold, Run } from '../run.ts';
import { unknownRun } from './requests.ts';
import * as store from './run-store.ts';

export interface RunPage {
  /** Goes on after the page that ended with this run. */
  before?: RunId | undefined;
  /** Default 50, at most 500. */
  limit?: number | undefined;
}

/** Runs of one connection or of all, from the latest to the oldest. */
export async function listRuns(
  tx: TenantTx,
  connectionId?: ConnectionId,
  page: RunPage = {},
): Promise<Run[]> {
  const limit = Math.min(page.limit ?? 50, 500);
  return (await store.listRuns(tx, connectionId, { before: page.before, limit })).map(shown);
}

/** A run, and why it waits. @throws DomainError not_found `run_unknown` */
export async function getRun(tx: TenantTx, runId: RunId): Promise<Run & { holds: Hold[] }> {
  const run = (await store.findRun(tx, runId)) ?? unknownRun(runId);
  return { ...shown(run), holds: await listHolds(tx, runId) };
}

function shown(run: store.StoredRun): Run {
  const {
    uploadId: _u,
    base: _b,
    terms: _t,
    inPart: _i,
    removals: _r,
    tries: _n,
    failures: _f,
    setbacks: _s,
    undoBy: _by,
    outcome: _o,
    ...rest
  } = run;
  return rest;
}
