import { afterAll } from 'vitest';
import { createLoad, type Load } from '../load/load.ts';
import { chooseSeed, createRandom, type Random } from '../random.ts';
import type { CopyPlan } from '../world/copies.ts';
import { type FaultWorld, openWorld } from '../world/world.ts';
import { until } from './settle.ts';

export interface Scenario {
  world: FaultWorld;
  load: Load;
  random: Random;
}

/** Builds the world of a scenario with two copies that serve. Call it at the top level of a test file. */
export async function startScenario(serving: CopyPlan['program'], peopleCount: number): Promise<Scenario> {
  const seed = chooseSeed();
  console.log(`FAULTS_SEED=${seed}`);
  const random = createRandom(seed);
  const world = await openWorld(seed, peopleCount);
  afterAll(() => world.close());
  try {
    // One after the other, since the first one makes the hub's keys.
    for (const name of ['serve-1', 'serve-2']) {
      const { origin } = world.startServing(name, serving);
      await until(`${name} is ready`, () => isReady(origin));
    }
  } catch (error) {
    // No test runs then, and nothing after the tests either.
    await world.close();
    throw error;
  }
  return { world, load: createLoad(world.places, world.client, random.part('load')), random };
}

function isReady(origin: string): Promise<boolean> {
  return fetch(`${origin}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
