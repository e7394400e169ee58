import { expect, test } from 'vitest';
import type { OnboardingState, StageEvidence } from '../../../contracts/onboarding.ts';
import { decideReached, decideSince } from '../../../src/health/onboarding/reached.ts';

const entry = (stage: OnboardingState, at: number) => ({ stage, waitingOn: 'us' as const, at });
const shown = (all: Partial<Record<StageEvidence, number>>) =>
  Object.entries(all).map(([evidence, at]) => ({ evidence: evidence as StageEvidence, at }));
const reach = (last: ReturnType<typeof entry>, all: Partial<Record<StageEvidence, number>>) =>
  decideReached(last, shown(all)).map(({ stage, at }) => `${stage} ${at}`);

test('each stage is entered when it was shown, in the order of time, and one of which nothing is shown is passed over', () => {
  const all = { in_use: 90, tried_well: 40, connection_made: 20, sharing_agreed: 10 };
  expect(reach(entry('requested', 5), all)).toEqual([
    'agreement_signed 10',
    'credentials 20',
    'sandbox_tested 40',
    'live 90',
  ]);
});

test('what was shown before the last entry counts from then, as one step', () => {
  const all = { connection_made: 1, connection_switched_on: 2, tried_well: 3 };
  expect(reach(entry('requested', 50), all)).toEqual(['sandbox_tested 50']);
});

test('a stage that is left in the moment it is reached is none', () => {
  expect(reach(entry('requested', 5), { connection_made: 20, connection_switched_on: 20 })).toEqual([
    'configured 20',
  ]);
});

test('nothing leads back, nor to where it stands', () => {
  expect(
    reach(entry('sandbox_tested', 50), { tried_well: 60, connection_made: 70, sharing_agreed: 80 }),
  ).toEqual([]);
});

test('after a return only what is shown from then on counts', () => {
  expect(decideSince([entry('requested', 1), entry('live', 9)])).toBeUndefined();
  const returned = [
    entry('requested', 1),
    entry('live', 9),
    entry('credentials', 20),
    entry('credentials', 25),
  ];
  expect(decideSince(returned)).toBe(20);
});
