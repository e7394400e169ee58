import { expect, test } from 'vitest';
import { countPending } from '../check/collect.ts';
import { noFaults } from '../lms/faults.ts';
import { settle, until } from './settle.ts';
import { startScenario } from './start.ts';
import { expectEveryScore } from './verdict.ts';

const second = 1_000;
const hour = 3_600 * second;
const { world, load, random } = await startScenario('clock', 14);
const workers = ['work-1', 'work-2'].map((name) => world.startWorking(name, 'clock'));

test('two workers at once, undisturbed, send nothing twice', async () => {
  for (let round = 0; round < 3; round += 1) await load.sendEach(world.places);
  await until('every score has ended', async () => (await countPending(world)) === 0);
  const { arrivals } = await expectEveryScore({ world, load });
  const serials = arrivals.map(({ serial }) => serial);
  expect(new Set(serials).size).toBe(serials.length);
});

test('copies whose clocks jump by hours to and fro still bring every score in order', async () => {
  await world.lms.plan({ mix: { slow_before: 0.1, error_after: 0.05 }, mostPerScore: 10 });
  load.start(6);
  const jumps = random.part('jumps');
  for (let jump = 0; jump < 30; jump += 1) {
    const goal = load.ledger.accepted + jumps.whole(5, 40);
    await until('scores go on being accepted', () => load.ledger.accepted >= goal);
    const copy = jumps.pick(world.copies);
    // One copy that serves stays near the tool's time, or nobody would believe its assertions any more.
    copy.shift(copy.name === 'serve-1' ? jumps.whole(-30, 30) * second : jumps.whole(-24, 24) * hour);
  }
  await load.finish();
  await world.lms.plan(noFaults);
  // What was written while a clock was ahead waits until all have come there.
  for (const copy of world.copies) copy.shift(24 * hour);
  await settle(world, workers, 24 * hour);
  await expectEveryScore({ world, load });
}, 120_000);
