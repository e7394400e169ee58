import { expect } from 'vitest';
import { collectEvidence } from '../check/collect.ts';
import type { Evidence } from '../check/evidence.ts';
import { countRepeats, findFaults } from '../check/find-faults.ts';
import { tellStory } from '../check/story.ts';
import type { Scenario } from './start.ts';

/** Holds hub, LMS and tool against each other, and says in figures what happened. */
export async function expectEveryScore({ world, load }: Pick<Scenario, 'world' | 'load'>): Promise<Evidence> {
  const evidence = await collectEvidence(world, load.ledger);
  const faults = findFaults(evidence);
  const count = (state: string) => evidence.deliveries.filter((row) => row.state === state).length;
  const figures = {
    sent: evidence.sent.length,
    accepted: load.ledger.accepted,
    delivered: count('delivered'),
    superseded: count('superseded'),
    attempts: evidence.attempts.length,
    takenTwice: countRepeats(evidence),
    faults: faults.length,
    lms: await world.lms.counts(),
  };
  console.log(JSON.stringify(figures));
  const faulty = new Set(faults.map(({ place }) => place));
  for (const place of [...faulty].slice(0, 5)) console.log(tellStory(evidence, place));
  expect(faults.slice(0, 20)).toEqual([]);
  expect(load.ledger.surprises.slice(0, 20)).toEqual([]);
  return evidence;
}
