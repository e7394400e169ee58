import { afterEach, expect, test } from 'vitest';
import { type FaultKind, noFaults } from '../lms/faults.ts';
import { settle } from './settle.ts';
import { startScenario } from './start.ts';
import { expectEveryScore } from './verdict.ts';

const { world, load } = await startScenario('clock', 14);
const workers = ['work-1', 'work-2'].map((name) => world.startWorking(name, 'clock'));
let offsetMs = 0;

afterEach(() => world.lms.plan(noFaults));

test.each<[string, FaultKind, times?: number]>([
  ['that again and again stores a score and answers 500', 'error_after', 4],
  ['that has stored a score and answers 500', 'error_after'],
  ['that has stored a score and hangs up without an answer', 'cut_after'],
  ['that has stored a score and answers what is no HTTP', 'garbage_after'],
  ['that answers 500', 'error_before'],
  ['that asks to slow down', 'throttle'],
  ['that is slow', 'slow_before'],
])(
  'two workers bring every score once to an LMS %s',
  async (_, kind, mostPerScore = 1) => {
    await world.lms.plan({ mix: { [kind]: mostPerScore > 1 ? 0.5 : 0.3 }, mostPerScore });
    for (let round = 0; round < 2; round += 1) await load.sendEach(world.places);
    offsetMs = await settle(world, workers, offsetMs);
    const { attempts } = await expectEveryScore({ world, load });
    expect(attempts.length).toBeGreaterThan(0);
  },
  90_000,
);
