import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import { defineQueue, type Worker, workOn } from '../../platform/jobs/queue.ts';
import { refreshMetadata } from './metadata.ts';
import { listDueMetadata } from './metadata-store.ts';
import type { SamlServices } from './services.ts';

/** Asks for the metadata of identity providers that is due, of every tenant. */
const refreshIdentityMetadata = defineQueue({
  name: 'refresh_identity_metadata',
  payload: z.strictObject({}),
  policy: 'short',
  expireSeconds: 1_800,
  schedule: '*/5 * * * *',
});

export const samlQueues = [refreshIdentityMetadata];

type Deps = Pick<SamlServices, 'db' | 'clock' | 'fetch' | 'log'>;

export function samlWorkers(deps: Deps): Worker[] {
  return [workOn(refreshIdentityMetadata, (_payload, { signal }) => refreshDue(deps, signal))];
}

/** Asked for in one go, and side by side: one identity provider that hangs holds up few others. */
const most = 400;
const atOnce = 8;

/** Refreshes what is due. One that fails is noted at its connection, is tried again in an hour, and stops no other. */
export async function refreshDue(deps: Deps, signal?: AbortSignal): Promise<void> {
  const due = await deps.db.withRollup((tx) => listDueMetadata(tx, new Date(deps.clock.now()), most));
  const work = async () => {
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      if (signal?.aborted === true) return;
      await refreshOne(deps, next, signal);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function refreshOne(
  deps: Deps,
  { tenantId, connectionId }: { tenantId: TenantId; connectionId: ConnectionId },
  signal: AbortSignal | undefined,
): Promise<void> {
  const by = { actor: `job:${refreshIdentityMetadata.name}`, now: deps.clock.now() };
  try {
    await refreshMetadata(deps, tenantId, connectionId, by, signal);
  } catch (error) {
    const code = error instanceof DomainError ? error.code : 'internal';
    const more = error instanceof DomainError ? {} : { error };
    deps.log.warn('identity_metadata_not_refreshed', { tenantId, connectionId, code, ...more });
  }
}
