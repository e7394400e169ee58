import { expect, test } from 'vitest';
import { settle } from './scenarios/settle.ts';
import { startScenario } from './scenarios/start.ts';
import { expectEveryScore } from './scenarios/verdict.ts';

const { world, load } = await startScenario('clock', 1);
const worker = world.startWorking('work', 'clock');

// The long run of this, with everything else that can go wrong, is `npm run test:faults`.
test('a worker killed between the LMS taking a score and saying so loses, doubles and disorders nothing', async () => {
  const held = world.lms.hold('stored');
  await load.sendEach(world.places);
  await held;
  await worker.kill();
  await load.sendEach(world.places);
  await world.lms.release();
  await settle(world, [worker]);
  const { attempts } = await expectEveryScore({ world, load });
  expect(attempts.map(({ outcome }) => outcome)).toContain('expired_unknown');
});
