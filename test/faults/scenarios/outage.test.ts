import { expect, test } from 'vitest';
import { countPending } from '../check/collect.ts';
import { settle, until } from './settle.ts';
import { startScenario } from './start.ts';
import { expectEveryScore } from './verdict.ts';

const minute = 60_000;
const { world, load } = await startScenario('clock', 14);

test('an LMS that is down for an hour gets every last score afterwards, and tools notice nothing', async () => {
  for (const name of ['work-1', 'work-2']) world.startWorking(name, 'clock');
  await load.sendEach(world.places);
  await until('the first scores have arrived', async () => (await countPending(world)) === 0);
  const before = (await world.lms.record()).arrivals.length;

  await world.lms.down();
  for (let now = 0; now < 60 * minute; now += 5 * minute) {
    world.shift(now);
    await load.sendEach(world.places);
  }
  const [ended] = await world.query<{ ended: number }>(
    `select count(*)::int as ended from grade_delivery where state in ('refused', 'expired', 'discarded')`,
  );
  expect(ended?.ended).toBe(0);
  // A host that is down is asked now and then, not for every score.
  const [tries] = await world.query<{ tries: number }>(
    `select count(*)::int as tries from grade_attempt where outcome <> 'success'`,
  );
  expect(tries?.tries).toBeGreaterThan(0);
  expect(tries?.tries).toBeLessThan(world.places.length * 3);

  await world.lms.up();
  expect((await world.lms.record()).arrivals.length).toBe(before);
  await settle(world, world.copies, 60 * minute);
  await expectEveryScore({ world, load });
}, 120_000);
