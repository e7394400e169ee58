import { z } from 'zod';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { clearAlarm, raiseAlarm } from '../../health/incidents/alarms.ts';
import type { TenantTx } from '../../platform/db.ts';
import { DomainError } from '../../platform/errors.ts';
import { defineQueue, type Worker, workOn } from '../../platform/jobs/queue.ts';
import { listDirectoriesInUse } from '../identities/directory-store.ts';
import { openIdentity } from '../identities/identities.ts';
import type { SubjectState } from '../ldap/check-account.ts';
import type { DirectoryConnection } from '../ldap/connection.ts';
import type { Directories } from '../ldap/ldap.ts';
import { directorySettings } from '../ldap/settings.ts';
import type { SsoServices } from '../services.ts';
import { decideGone } from './decide-gone.ts';
import { endSessions, noteChecked, selectSubjects } from './session-store.ts';

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
/** Accounts of one directory that are looked at in one go, and those that it is asked about at one time. */
const most = 20_000;
const atOneTime = 500;

/** Directories asked at one time: those that keep silent hold up no other's. */
const atOnce = 8;

/**
 * Ends the sessions of accounts that are disabled or gone. A directory that does not answer ends nobody's, and neither does
 * one that no longer shows many of those it has shown before.
 */
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
  const { db, clock, networks } = deps;
  const tx = db.tenant(tenantId);
  const now = new Date(clock.now());
  const before = new Date(now.getTime() - everyMs);
  const due = await selectSubjects(tx, connectionId, { before, now, most });
  if (due.length === 0) return;
  const { version, settings: given } = await openIdentity(deps, tx, connectionId);
  const settings = directorySettings.parse(given);
  const ask = { deps, tx, now, connection: { tenantId, connectionId, version, settings, networks } };
  const found = await settle(ask, due, signal);
  if (decideGone(found.asked, found.gone.length) === 'doubtful') {
    // Whom the directory has shown a moment ago tells whether it still shows anybody.
    const others = await selectSubjects(tx, connectionId, {
      since: before,
      before: now,
      now,
      most: atOneTime,
    });
    const more = await settle(ask, others, signal);
    found.asked += more.asked;
    found.gone.push(...more.gone);
  }
  if (signal?.aborted === true) return;
  const { asked, gone } = found;
  if (decideGone(asked, gone.length) === 'doubtful') {
    // They stay due, and are asked about again a minute later.
    deps.log.warn('directory_accounts_vanished', { tenantId, connectionId, count: gone.length });
    await raiseAlarm(tx, connectionId, { code: 'directory_accounts_vanished', amount: gone.length, now });
    return;
  }
  await clearAlarm(tx, connectionId, 'directory_accounts_vanished');
  await endAll(ask, gone);
}

interface Asking {
  deps: DirectoryCheck;
  tx: TenantTx;
  now: Date;
  connection: DirectoryConnection;
}

/** Notes who is there, and ends the sessions of whom the directory says that they may not be. @returns who is gone */
async function settle(
  ask: Asking,
  subjects: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ asked: number; gone: string[] }> {
  const { deps, tx, now, connection } = ask;
  const gone: string[] = [];
  let asked = 0;
  for (let first = 0; first < subjects.length && signal?.aborted !== true; first += atOneTime) {
    const some = subjects.slice(first, first + atOneTime);
    const states = await deps.directories.accountStates(connection, some);
    const having = (...wanted: SubjectState[]) =>
      [...states].flatMap(([subject, state]) => (wanted.includes(state) ? [subject] : []));
    await noteChecked(tx, connection.connectionId, having('enabled'), now);
    await endAll(ask, having('account_disabled', 'account_expired'));
    asked += states.size;
    gone.push(...having('gone'));
  }
  return { asked, gone };
}

async function endAll({ tx, now, connection }: Asking, subjects: readonly string[]): Promise<void> {
  const { connectionId } = connection;
  for (const subject of subjects) await endSessions(tx, { connectionId, subject }, 'directory', now);
}
