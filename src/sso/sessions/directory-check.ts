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

/** Directories asked at one time: those that keep silent hold up no other's. */
const atOnce = 8;

/** Ends the sessions of accounts that are disabled or gone. A directory that does not answer ends nobody's. */
export async function checkAll(deps: DirectoryCheck, signal?: AbortSignal): Promise<void> {
  const waiting = await deps.db.withRollup(listDirectoriesInUse);
  const faults: unknown[] = [];
  const goOn = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (signal?.aborted === true) return;
      try {
        await checkOne(deps, next, signal);
      } catch (error) {
        if (!(error instanceof DomainError)) faults.push(error);
        else deps.log.warn('directory_sessions_not_checked', { ...next, code: error.code });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, goOn));
  if (faults.length > 0) throw faults[0];
}

interface InUse {
  tenantId: TenantId;
  connectionId: ConnectionId;
}

async function checkOne(
  deps: DirectoryCheck,
  { tenantId, connectionId }: InUse,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { db, clock, directories, networks } = deps;
  const tx = db.tenant(tenantId);
  let settled = most;
  while (settled === most && signal?.aborted !== true) {
    const now = new Date(clock.now());
    const before = new Date(now.getTime() - everyMs);
    const subjects = await selectSubjectsToCheck(tx, connectionId, { before, now, most });
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
    settled = states.size;
  }
}
