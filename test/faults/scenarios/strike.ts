import type { Load } from '../load/load.ts';
import type { Random } from '../random.ts';
import type { Copy } from '../world/copies.ts';
import type { FaultWorld } from '../world/world.ts';
import { atMost } from './settle.ts';

/** No point is waited for longer: what should come may be kept back by an earlier blow. */
const patienceMs = 4_000;

/**
 * Comes to a random point and kills there with −9: after so many acknowledged scores, after so many at the LMS, or in the
 * very moment when the LMS has a score in its hands, has stored it or not, and has not answered.
 *
 * @returns how many processes were killed
 */
export async function strike(world: FaultWorld, load: Load, random: Random): Promise<number> {
  const came = async () => (await world.lms.counts())['score came'] ?? 0;
  const workers = world.copies.filter(({ duty }) => duty === 'work');
  // Between blows something gets done, else every process would only ever start.
  await pass(came, random.whole(1, 60));
  const kind = random.next();
  if (kind < 0.4) {
    await pass(() => load.ledger.accepted, random.whole(1, 40));
    return killAll([random.pick(world.copies)]);
  }
  if (kind < 0.6) return killAll([random.pick(workers)]);
  let isHeld = false;
  const held = world.lms.hold(random.pick(['arrived', 'stored'])).then(() => {
    isHeld = true;
  });
  await atMost(patienceMs, () => isHeld);
  // Nobody knows which of the workers has sent what is held.
  const killed = await killAll(random.chance(0.5) ? workers : [random.pick(workers)]);
  await world.lms.release();
  await held;
  return killed;
}

/** Waits until a number has grown by so much. */
async function pass(read: () => number | Promise<number>, by: number): Promise<void> {
  const goal = (await read()) + by;
  await atMost(patienceMs, async () => (await read()) >= goal);
}

async function killAll(copies: readonly Copy[]): Promise<number> {
  await Promise.all(copies.map((copy) => copy.kill()));
  return copies.length;
}
