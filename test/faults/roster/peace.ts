import { setTimeout as delay } from 'node:timers/promises';
import type { RosterWorld } from './roster-world.ts';

const peaceMs = 60_000;

/**
 * Leaves the copies in peace until there is nothing for the hub to do any more: every run has ended, or waits for somebody.
 * Where all that is left waits for a time to come, the clock goes there at once.
 *
 * @throws Error where a run stands still
 */
export async function untilPeace({ query, shift }: RosterWorld, clock: { offsetMs: number }): Promise<void> {
  const deadline = performance.now() + peaceMs;
  for (;;) {
    const left = await query<{ state: string; not_before: Date | null; lease_until: Date | null }>(
      `select run_no, state, reason, failures, not_before, lease_until, cleared from sync_run
       where (ended_at is null and state <> 'held') or lease_token is not null
         or (ended_at is not null and not cleared)`,
    );
    if (left.length === 0) return;
    if (performance.now() > deadline) throw new Error(`A run stands still: ${JSON.stringify(left)}`);
    const waits = left.map(({ not_before }) => (not_before?.getTime() ?? 0) - Date.now());
    if (Math.min(...waits) > clock.offsetMs) {
      clock.offsetMs = Math.min(...waits) + 1_000;
      shift(clock.offsetMs);
    }
    await delay(100);
  }
}
