import { expect, test } from 'vitest';
import { noFaults, stormyMix } from '../lms/faults.ts';
import { settle } from './settle.ts';
import { startScenario } from './start.ts';
import { strike } from './strike.ts';
import { expectEveryScore } from './verdict.ts';

const kills = 50;
const restarts = 3;

const { world, load, random } = await startScenario('main', 40);

test('50 times kill −9, three database restarts and a stormy LMS lose, double and disorder no score', async () => {
  const workers = ['work-1', 'work-2'].map((name) => world.startWorking(name, 'main'));
  await world.lms.plan({ mix: stormyMix, mostPerScore: Number.POSITIVE_INFINITY });
  load.start(6);
  const blows = random.part('blows');
  let restarted = 0;
  for (let killed = 0; killed < kills; ) {
    killed += await strike(world, load, blows);
    if (restarted < restarts && killed > ((restarted + 1) * kills) / (restarts + 1)) {
      await world.restartDatabase();
      restarted += 1;
    }
  }
  expect(restarted).toBe(restarts);
  await load.finish();
  // Each side was at work when it was struck.
  expect(load.ledger.accepted).toBeGreaterThan(1_000);
  expect((await world.lms.counts())['score came']).toBeGreaterThan(300);
  // They die in the middle for a last time; others, whose clock can be moved on, take up what they held.
  await Promise.all(workers.map((copy) => copy.stop('SIGKILL')));
  await world.lms.plan(noFaults);
  await settle(world, [world.startWorking('finish-1', 'clock'), world.startWorking('finish-2', 'clock')]);
  expect(world.copies.flatMap(({ ownEnds }) => ownEnds)).toEqual([]);
  await expectEveryScore({ world, load });
}, 400_000);
