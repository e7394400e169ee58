import { setTimeout as delay } from 'node:timers/promises';
import type { Copy } from '../world/copies.ts';
import type { FaultWorld } from '../world/world.ts';

/** Waits until something holds. @throws Error that says what did not come */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`In ${timeoutMs} ms it did not come to this: ${what}`);
    await delay(25);
  }
}

/** As `until`, for what need not come. */
export async function atMost(timeoutMs: number, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (await holds()) return true;
    await delay(10);
  }
  return false;
}

/** Time runs ten times as fast: a worker that lives lets go of what it holds long before its hold ends. */
const pollMs = 100;
const stepMs = 1_000;

/**
 * Lets workers whose clock the tests set finish everything. Where all that is left waits for a time to come, the clock goes
 * there at once.
 *
 * @param startMs the offset of the clock now, in milliseconds
 * @returns the offset in the end
 */
export async function settle(world: FaultWorld, workers: readonly Copy[], startMs = 0): Promise<number> {
  let offsetMs = startMs;
  const deadline = performance.now() + 150_000;
  for (;;) {
    const left = await findLeft(world);
    if (left === undefined) return offsetMs;
    if (performance.now() > deadline) throw new Error(`${left.lines} lines never ended`);
    const next = (left.heldLines === 0 ? (left.free ?? 0) : 0) - Date.now();
    offsetMs = Math.max(offsetMs + stepMs, next);
    for (const worker of workers) worker.shift(offsetMs);
    // Leases go by the database's clock, which is one for all. Lines that a worker writes at this moment are passed over:
    // it and this statement would wait for each other.
    await world.query(
      `update grade_line set lease_until = lease_until - interval '1 second' where ctid = any (array(
         select ctid from grade_line where lease_until is not null for update skip locked))`,
    );
    await delay(pollMs);
  }
}

interface Left {
  lines: number;
  heldLines: number;
  /** Unix milliseconds when the first line nobody holds may be sent. */
  free: number | undefined;
}

/** What has not ended yet. */
async function findLeft({ query }: FaultWorld): Promise<Left | undefined> {
  const [row] = await query<{ lines: number; held_lines: number; free: Date | null }>(`
    select count(*)::int as lines, count(lease_token)::int as held_lines,
      min(greatest(l.due_at, r.blocked_until)) filter (where lease_token is null) as free
    from grade_line l left join grade_route r using (tenant_id, connection_id) where l.pending > 0`);
  if (row === undefined || row.lines === 0) return undefined;
  return { lines: row.lines, heldLines: row.held_lines, free: row.free?.getTime() };
}
