import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { DomainError } from '../../platform/errors.ts';
import { defineQueue, type Worker, workOn } from '../../platform/jobs/queue.ts';
import { listDirectoriesInUse } from '../identities/directory-store.ts';
import { openIdentity } from '../identities/identities.ts';
import type { Directories } from '../ldap/ldap.ts';
import { directorySettings } from '../ldap/settings.ts';
import type { SsoServices } from '../services.ts';
import { endSessions, noteChecked, selectSubjectsToCheck } from './session-store.ts';

/** Asks directories whether those who are signed in may still be. */
const checkDirectorySessions = defineQueue({
  name: 'check_directory_sessions',
  payload: z.strictObject({}),
  policy: 'short',
  schedule: '* * * * *',
});

export const sessionQueues = [checkDirectorySessions];

export interface DirectoryCheck extends Pick<SsoServices, 'db' | 'clock' | 'secrets' | 'log'> {
  directories: Directories;
  networks: readonly string[];
}

export function sessionWorkers(deps: DirectoryCheck): Worker[] {
  return [workOn(checkDirectorySessions, (_payload, { signal }) => checkAll(deps, signal))];
}

/** An account is asked about this often, in milliseconds. */
const everyMs = 5 * 60_000;
const most = 500;

/** Ends the sessions of accounts that are disabled or gone. A directory that does not answer ends nobody's. */
export async function checkAll(deps: DirectoryCheck, signal?: AbortSignal): Promise<void> {
  const inUse = await deps.db.withRollup(listDirectoriesInUse);
  for (const { tenantId, connectionId } of inUse) {
    if (signal?.aborted === true) return;
    try {
      await checkOne(deps, tenantId, connectionId);
    } catch (error) {
      // One school's directory holds up no other's.
      if (!(error instanceof DomainError)) throw error;
      deps.log.warn('directory_sessions_not_checked', { tenantId, connectionId, code: error.code });
    }
  }
}

async function checkOne(deps: DirectoryCheck, tenantId: TenantId, connectionId: ConnectionId): Promise<void> {
  const { db, clock, directories, networks } = deps;
  const now = new Date(clock.now());
  const tx = db.tenant(tenantId);
  const due = new Date(now.getTime() - everyMs);
  const subjects = await selectSubjectsToCheck(tx, connectionId, due, most);
  if (subjects.length === 0) return;
  const identity = await openIdentity(deps, tx, connectionId);
  const settings = directorySettings.parse(identity.settings);
  const connection = { tenantId, connectionId, version: identity.version, settings, networks };
  const states = await directories.accountStates(connection, subjects);
  const good = subjects.filter((subject) => states.get(subject) === 'enabled');
  await noteChecked(tx, connectionId, good, now);
  for (const [subject, state] of states) {
    if (state !== 'enabled') await endSessions(tx, { connectionId, subject }, 'directory', now);
  }
}
