import { setTimeout as delay } from 'node:timers/promises';
import type { GradesWorld } from './world.ts';

/** What the check after a phase has seen so far in the whole run. */
export interface Checked {
  /** Deliveries, every one accepted and ended. */
  deliveries: number;
  delivered: number;
  /** A newer score of the same line took their place. */
  superseded: number;
  /** Lines whose final score at the LMS is the last accepted one. */
  lines: number;
}

const settleMs = 30_000;

/**
 * Checks what became of everything accepted, once nothing is under way: the LMS's score of every line is the last
 * accepted one, nothing came twice or out of order, every accepted score has a delivery that ended.
 *
 * @param accepted how many scores were accepted in the whole run
 * @throws Error that says what is wrong
 */
export async function checkDelivered(
  world: Pick<GradesWorld, 'lms' | 'load' | 'superuser' | 'tenants'>,
  accepted: number,
  signal: AbortSignal,
): Promise<Checked> {
  const { lms, load, tenants } = world;
  const finals = await load.finals(tenants.map((_tenant, number) => number));
  await lms.waitFor(finals, settleMs, signal);
  const { stored, doubled, disordered, overlapping, refused, missing } = await lms.counts();
  const { states, attempts } = await countDeliveries(world);
  const deliveries = Object.values(states).reduce((sum, count) => sum + count, 0);
  const { delivered = 0, superseded = 0 } = states;
  const rules: [string, number, number][] = [
    ['deliveries for accepted scores', deliveries, accepted],
    ['deliveries that ended as delivered or superseded', delivered + superseded, accepted],
    ['scores stored at the LMS for those delivered', stored, delivered],
    ['tries for those delivered', attempts, delivered],
    ['scores that came twice', doubled, 0],
    ['scores out of order', disordered, 0],
    ['scores of one line at the same time', overlapping, 0],
    ['requests the LMS did not understand', refused, 0],
    ['lines that lack their last score', missing, 0],
  ];
  const broken = rules.filter(([, found, expected]) => found !== expected);
  if (broken.length > 0) {
    throw new Error(broken.map(([what, found, right]) => `${what}: ${found}, not ${right}`).join('\n'));
  }
  const lines = finals.reduce((count, final) => count + (final === 0 ? 0 : 1), 0);
  return { deliveries, delivered, superseded, lines };
}

/** Waits until no delivery is pending: the LMS has the last score a moment before that is written down. */
export async function waitForEnds(
  { superuser }: Pick<GradesWorld, 'superuser'>,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + settleMs;
  for (;;) {
    const { rows } = await superuser.query<{ waits: boolean }>(
      'select exists (select from grade_line where due_at is not null) as waits',
    );
    if (rows[0]?.waits === false) return;
    if (performance.now() > end) throw new Error('Some scores have arrived and are still pending.');
    await delay(10, undefined, { signal });
  }
}

/** @returns how many scores wait for delivery */
export async function countPending({ superuser }: Pick<GradesWorld, 'superuser'>): Promise<number> {
  const { rows } = await superuser.query<{ pending: number }>(
    `select count(*)::int as pending from grade_delivery where ended_at is null`,
  );
  return rows[0]?.pending ?? 0;
}

async function countDeliveries({ superuser }: Pick<GradesWorld, 'superuser'>) {
  const { rows } = await superuser.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from grade_delivery group by state',
  );
  const attempts = await superuser.query<{ count: number }>(
    'select count(*)::int as count from grade_attempt',
  );
  const states: Record<string, number> = Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  return { states, attempts: attempts.rows[0]?.count ?? 0 };
}
