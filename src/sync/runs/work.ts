import type { Connector } from '../../../contracts/connector.ts';
import { entities } from '../../../contracts/roster.ts';
import type { EngineRun } from '../engine.ts';
import type { SyncServices } from '../services.ts';
import type { LeasedRun } from './lease.ts';
import type { StoredRun } from './run-store.ts';

/** A run under work: what its steps share. */
export interface Work {
  deps: SyncServices;
  lease: LeasedRun;
  connector: Connector;
  /** The source's settings whole; they stay in here. */
  settings: object;
}

/** A step of a run: from one state to the next. */
export type Step = (work: Work, run: StoredRun) => Promise<StoredRun>;

/** The run as the engine knows it, once its terms are settled. */
export function engineRunOf({ lease }: Pick<Work, 'lease'>, run: StoredRun): EngineRun {
  const { terms } = run;
  if (terms === null) throw new Error('A run that has begun has terms');
  return {
    tenantId: lease.tenantId,
    connectionId: run.connectionId,
    runId: run.runId,
    runNo: run.runNo,
    holder: lease.token,
    mode: run.mode,
    profile: terms.profile,
    entities: entities.filter((each) => terms.entities.includes(each) || terms.unwanted.includes(each)),
    unwanted: terms.unwanted,
    schools: terms.schools ?? undefined,
    deletes: terms.deletes,
    reading: terms.reading,
    today: (run.startedAt ?? run.requestedAt).toISOString().slice(0, 10),
  };
}
