import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { Database, TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { type ChangeBy, recordChange } from '../../tenants/changes.ts';
import {
  knowsConnection,
  listProbes,
  listSwitchedOff,
  type ProbeRun,
  switchOff,
  switchOn,
} from './probe-store.ts';

export type { ProbeRun } from './probe-store.ts';

export interface ProbeOverview {
  /** The newest first. */
  runs: ProbeRun[];
  /** Connections that are not asked. */
  off: ConnectionId[];
}

/** What asking a school's connections without people has told. */
export async function readProbes(tx: TenantTx, limit: number): Promise<ProbeOverview> {
  return { runs: await listProbes(tx, limit), off: await listSwitchedOff(tx) };
}

/**
 * Says whether a connection is asked without people. What is so already is left as it is.
 *
 * @throws DomainError not_found `connection_unknown`
 */
export async function setProbing(
  db: Pick<Database, 'withTenant'>,
  tenantId: TenantId,
  { connectionId, isOn }: { connectionId: ConnectionId; isOn: boolean },
  by: ChangeBy,
): Promise<void> {
  await db.withTenant(tenantId, async (tx) => {
    if (!(await knowsConnection(tx, connectionId))) throw connectionUnknown();
    const changed = isOn
      ? await switchOn(tx, connectionId)
      : await switchOff(tx, connectionId, new Date(by.now));
    if (!changed) return;
    const action = isOn ? 'connection.probing_switched_on' : 'connection.probing_switched_off';
    const subject = `connection:${connectionId}`;
    await recordChange(tx, { announce: `tenant:${tenantId}`, action, subject }, by);
  });
}

export function connectionUnknown(): DomainError {
  const message = 'This school has no such connection. List its connections to see their ids.';
  return new DomainError('not_found', 'connection_unknown', message);
}
