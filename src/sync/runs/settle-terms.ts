import type { Connector } from '../../../contracts/connector.ts';
import type { TenantTx } from '../../platform/db.ts';
import { findSource } from '../sources/source-store.ts';
import { unknownRoster } from '../sources/sources.ts';
import { readSourceStates, removeEntityStates } from './entity-store.ts';
import { removeFindings } from './finding-store.ts';
import type { StoredRun } from './run-store.ts';
import { planTerms } from './terms.ts';

/**
 * Settles how a run reads from now on. What it may have read before, or what an earlier one has left under the same name, is
 * forgotten: all of a run is read in the same terms.
 */
export async function settleTerms(
  tx: TenantTx,
  run: StoredRun,
  connector: Connector,
): Promise<Pick<StoredRun, 'mode' | 'terms' | 'connectorVersion' | 'progress'>> {
  const { runId, connectionId } = run;
  const source = (await findSource(tx, connectionId)) ?? unknownRoster(connectionId);
  const terms = planTerms(connector, source);
  const states = await readSourceStates(tx, connectionId);
  const { delta } = connector.capabilities;
  // Without a place to begin at for each of them there are no changes to ask for.
  const knowsWhere = delta === 'files' || terms.entities.every((entity) => states.has(entity));
  const mode = run.mode === 'delta' && delta !== 'none' && knowsWhere ? 'delta' : 'full';
  await removeEntityStates(tx, runId);
  await removeFindings(tx, runId);
  return { mode, terms, connectorVersion: connector.version, progress: {} };
}

/** Whether what the run has read is what would be read today: otherwise the rest would not fit to it. */
export async function areTermsCurrent(
  tx: TenantTx,
  { connectionId, terms }: StoredRun,
  connector: Connector,
): Promise<boolean> {
  const source = (await findSource(tx, connectionId)) ?? unknownRoster(connectionId);
  return JSON.stringify(planTerms(connector, source)) === JSON.stringify(terms);
}
