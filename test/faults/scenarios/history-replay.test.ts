import { expect, test } from 'vitest';
import { plantTruth } from '../../../src/health/history/truth.ts';
import { makeWorld } from '../../../src/health/history/world.ts';
import { expectTruthFound } from '../../health/history/found.ts';
import { replay, rollUp } from '../../health/history/replay.ts';

test('alerts replayed over 18 months find every planted fault with its cause, and nothing else wakes anybody', () => {
  const world = makeWorld({ seed: 'gatehouse', end: '2026-11-21' });
  const truth = plantTruth(world);
  const { series, exchanges } = rollUp(world, truth);
  expect(exchanges).toBeGreaterThan(2_000_000);
  const incidents = replay(world, truth, series);
  expectTruthFound(truth, incidents);
  const faults = [truth.outage, truth.certificate, truth.release];
  const minutes = faults.map(({ from }, index) => ((incidents[index]?.openedAt ?? 0) - from) / 60_000);
  console.log(JSON.stringify({ exchanges, minutesToDetect: minutes }));
}, 300_000);
