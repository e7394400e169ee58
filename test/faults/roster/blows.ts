import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { RunId } from '../../../contracts/ids.ts';
import type { RunState } from '../../../contracts/sync.ts';
import type { Copy } from '../world/copies.ts';
import type { RosterWorld } from './roster-world.ts';

/** What was struck, by the state that the run stood in. */
export type Blows = Map<string, number>;

const patienceMs = 8_000;

/** A run's row, locked. */
interface Seen {
  state: RunState;
  lease_token: string | null;
  ended_at: Date | null;
}

/**
 * Waits until one of the runs has come to a state, and keeps it there: whoever works on it waits for its row.
 *
 * @param mayCome whether the run may still come there
 * @returns lets it go; undefined where none came there in time
 */
export async function catchRun(
  { databaseUrl }: Pick<RosterWorld, 'databaseUrl'>,
  runIds: readonly RunId[],
  isThere: (run: Seen) => boolean,
  mayCome: (run: Seen) => boolean = (run) => run.ended_at === null,
): Promise<(() => Promise<void>) | undefined> {
  const deadline = performance.now() + patienceMs;
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  const letGo = async () => {
    await client.end().catch(() => undefined);
  };
  try {
    await client.connect();
    while (performance.now() < deadline) {
      await client.query('begin');
      // Always in line for the row, it is there whenever a step ends.
      const { rows } = await client.query<Seen>(
        'select state, lease_token, ended_at from sync_run where run_id = any($1) for update',
        [runIds],
      );
      if (rows.some((row) => isThere(row))) return letGo;
      await client.query('rollback');
      if (!rows.some((row) => mayCome(row))) break;
      await delay(1);
    }
  } catch {
    // The database was restarted meanwhile.
  }
  await letGo();
  return undefined;
}

/** kill −9 of copies. */
export async function killAll(copies: readonly Copy[]): Promise<void> {
  await Promise.all(copies.map((copy) => copy.kill()));
}

/** What the dead have held is free at once, as it is a minute later when nobody waits for minutes; the living lose theirs. */
export async function freeLeases({ query }: Pick<RosterWorld, 'query'>): Promise<void> {
  await query(`update sync_run set lease_until = now() - interval '1 second' where lease_until is not null`);
}

/** Stops a copy where it stands, so that others go on without it; after a time it goes on as if nothing had happened. */
export function freeze({ pid }: Copy, ms: number): void {
  if (pid === undefined) return;
  process.kill(pid, 'SIGSTOP');
  // It may have been killed meanwhile, and its number is not another's so soon.
  setTimeout(() => isAlive(pid) && process.kill(pid, 'SIGCONT'), ms);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Lets what is under way go on for so many milliseconds before the blow. */
export const goOnFor = (ms: number): Promise<void> => delay(ms);
