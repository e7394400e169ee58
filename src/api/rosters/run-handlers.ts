import type { endpoints } from '../../../contracts/http/endpoints.ts';
import type { ConnectionId, RunId, TenantId } from '../../../contracts/ids.ts';
import type { Database } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import {
  approveRun,
  cancelRun,
  discardRun,
  getRoster,
  getRun,
  listFindings,
  listRuns,
  requestRun,
  type SyncServices,
  undoRun,
} from '../../sync/sync.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { Call, Handlers } from '../router.ts';
import { writeFindingsCsv } from './findings-csv.ts';
import { showPlan, showRun } from './shown.ts';

type RunEndpoint =
  | 'startRun'
  | 'listRuns'
  | 'showRun'
  | 'showPlan'
  | 'listFindings'
  | 'downloadFindings'
  | 'approveRun'
  | 'discardRun'
  | 'cancelRun'
  | 'undoRun';
type Endpoints = typeof endpoints;
/** Approving, discarding, cancelling and undoing are asked for and answered alike. */
type Decision = Pick<Call<Endpoints['approveRun']>, 'tenant' | 'by'> & { params: Place };
type Decide = (sync: SyncServices, tenantId: TenantId, runId: RunId, by: ChangeBy) => Promise<unknown>;

interface Place {
  connectionId: string;
  runId: string;
}

/** What is done for the endpoints about runs. */
export function runHandlers(db: Database, sync: SyncServices): Pick<Handlers<Endpoints>, RunEndpoint> {
  /** The run of an address; one of another roster is not there. */
  const findRun = async (tenantId: TenantId, place: Place) => {
    const run = await db.withTenant(tenantId, (tx) => getRun(tx, place.runId as RunId));
    if (run.connectionId === place.connectionId) return run;
    const message = `This roster has no run ${place.runId}. List its runs to see their ids.`;
    throw new DomainError('not_found', 'run_unknown', message);
  };
  const decision =
    (decide: Decide) =>
    async ({ tenant: { tenantId }, params, by }: Decision) => {
      const { runId } = await findRun(tenantId, params);
      await decide(sync, tenantId, runId, by);
      return { run: showRun(await findRun(tenantId, params)) };
    };
  return {
    startRun: async ({ tenant: { tenantId }, params, body: { mode, dry, uploadId }, by }) => {
      const connectionId = params.connectionId as ConnectionId;
      const request = { mode, isDry: dry, ...(uploadId === undefined ? {} : { uploadId }) };
      const runId = await requestRun(sync, tenantId, connectionId, request, by);
      return { run: showRun(await findRun(tenantId, { connectionId, runId })) };
    },
    listRuns: async ({ tenant: { tenantId }, params, query: { limit, before } }) => {
      const connectionId = params.connectionId as ConnectionId;
      const runs = await db.withTenant(tenantId, async (tx) => {
        await getRoster(tx, connectionId);
        return listRuns(tx, connectionId, {
          limit,
          ...(before === undefined ? {} : { before: before as RunId }),
        });
      });
      return { runs: runs.map(showRun) };
    },
    showRun: async ({ tenant, params }) => ({ run: showRun(await findRun(tenant.tenantId, params)) }),
    showPlan: async ({ tenant, params }) => {
      const { plan, holds, state } = await findRun(tenant.tenantId, params);
      if (plan !== null) return { plan: showPlan(plan, holds) };
      throw new DomainError('conflict', 'run_unplanned', `The run has no plan; it is ${state}.`);
    },
    listFindings: async ({ tenant: { tenantId }, params, query: { limit, after } }) => {
      const { runId } = await findRun(tenantId, params);
      // One more than asked for tells whether there is a next page.
      const page = { limit: limit + 1, ...(after === undefined ? {} : { after }) };
      const found = await db.withTenant(tenantId, (tx) => listFindings(tx, runId, page));
      const findings = found.slice(0, limit);
      return { findings, next: found.length > limit ? (findings.at(-1)?.findingNo ?? null) : null };
    },
    downloadFindings: async ({ tenant: { tenantId }, params }) => {
      const { runId } = await findRun(tenantId, params);
      return writeFindingsCsv((after) =>
        db.withTenant(tenantId, (tx) =>
          listFindings(tx, runId, { limit: 1_000, ...(after === undefined ? {} : { after }) }),
        ),
      );
    },
    approveRun: decision(approveRun),
    discardRun: decision(discardRun),
    cancelRun: decision(cancelRun),
    undoRun: decision(undoRun),
  };
}
