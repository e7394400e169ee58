import type { Bench } from '../main.ts';
import { createYardstick } from '../measure/machine.ts';
import type { BenchOptions } from '../options.ts';
import { type Checked, countPending } from './check.ts';
import { describeFairness } from './fairness-report.ts';
import { createHubSide, type HubSide } from './hub-side.ts';
import type { SchoolSize } from './lines.ts';
import { type GradesWorld, openGradesWorld } from './world.ts';

export interface FairnessMeasurements {
  /** Milliseconds of the other tenant's single scores, until its LMS has stored them, by round. */
  alone: number[][];
  flooded: number[][];
  /** Single scores a second. */
  perSecond: number;
  /** Scores of the first tenant that waited as the load began, and still did after each round. */
  queued: number;
  waiting: number[];
  /** Speed of the same small piece of work before each round: how steady the machine was. */
  yardstick: number[];
  checked: Checked;
  postgresVersion: string;
}

/** Scores of the first tenant that wait. Each is of a line of its own, so that every one has to be delivered. */
const floodSize = 50_000;
/** Single scores of the other tenant a second. */
const perSecond = 40;

const [first, other] = [0, 1];
const schools: SchoolSize[] = [
  { items: 50, people: floodSize / 50 },
  { items: 10, people: 100 },
];

export const fairnessBench: Bench = {
  summary: 'single scores of one tenant while another has 50,000 queued',
  run: async (options, signal, say) => {
    say('Starting PostgreSQL, two LMSs, two tenants, two hubs …');
    const world = await openGradesWorld(schools, schools.length);
    try {
      const hub = createHubSide(world, signal);
      return describeFairness(await measure(options, world, hub, signal, say));
    } finally {
      await world.close();
    }
  },
};

async function measure(
  options: BenchOptions,
  world: GradesWorld,
  hub: HubSide,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<FairnessMeasurements> {
  // One side after the other, each in as many rounds: the queue of the first tenant is filled once.
  const seconds = options.seconds / 2;
  const measureSpeed = createYardstick();
  const yardstick: number[] = [];
  const waiting: number[] = [];
  const rounds = (afterEach: () => Promise<void>) =>
    hub.whileWorking(async (send) => {
      const times: number[][] = [];
      for (let round = 1; round <= options.rounds; round++) {
        signal.throwIfAborted();
        yardstick.push(measureSpeed());
        times.push(await send({ schools: [other], perSecond, seconds }));
        await afterEach();
      }
      return times;
    });

  await hub.acceptAndDeliver({ seconds });
  say(`warm: ${hub.checked().deliveries} scores`);
  const alone = await rounds(async () => undefined);
  say(`tenant B alone: ${alone.flat().length} scores`);
  const { perSecond: accepted } = await hub.accept({ schools: [first], most: floodSize });
  say(`tenant A: ${floodSize} scores queued, ${accepted.toFixed(0)}/s`);
  const flooded = await rounds(async () => {
    const pending = await countPending(world);
    if (pending === 0) throw new Error('The queue ran empty during the measurement: give fewer seconds.');
    waiting.push(pending);
  });
  say(`tenant B meanwhile: ${flooded.flat().length} scores`);
  const { version } = world.postgres;
  const checked = hub.checked();
  return {
    alone,
    flooded,
    perSecond,
    queued: floodSize,
    waiting,
    yardstick,
    checked,
    postgresVersion: version,
  };
}
