import pg from 'pg';
import type { Bench, BenchResult } from '../main.ts';
import { createYardstick } from '../measure/machine.ts';
import type { BenchOptions } from '../options.ts';
import { profileWork } from '../process/profile-work.ts';
import { type BossSide, startBossSide } from './boss-side.ts';
import type { Checked } from './check.ts';
import { describeGrades } from './grades-report.ts';
import { createHubSide, type HubSide } from './hub-side.ts';
import type { SchoolSize } from './lines.ts';
import { type PlainLms, startPlainLms } from './plain-lms.ts';
import type { Rate } from './sides.ts';
import { bossDatabase, type GradesWorld, openGradesWorld } from './world.ts';

export interface GradesMeasurements {
  /** In the order of the rounds. */
  hub: { accept: Rate[]; deliver: Rate[]; both: Rate[]; bothOverHttp: Rate[] };
  /** `bothPosting`: as `both`, with a handler that posts every job to the LMS. */
  boss: { send: Rate[]; work: Rate[]; both: Rate[]; bothPosting: Rate[] };
  /** Posts to the LMS without any hub. */
  plain: Rate[];
  /** Speed of the same small piece of work before each round: how steady the machine was. */
  yardstick: number[];
  /** Milliseconds of single scores, until the LMS has stored them. */
  lone: { perSecond: number; milliseconds: number[] };
  checked: Checked;
  tenants: number;
  postgresVersion: string;
}

/** Schools with an LMS connection each. There are more lines than scores in a run: mostly a person gets one a line item. */
const schools: SchoolSize[] = Array.from({ length: 20 }, () => ({ items: 50, people: 300 }));

export const gradesBench: Bench = {
  summary: 'scores accepted and delivered, against bare pg-boss and an LMS without any hub',
  run: async (options, signal, say) => {
    say('Starting PostgreSQL, the LMS, 20 tenants, two hubs, two pg-boss …');
    const world = await openGradesWorld(schools);
    const bossClient = new pg.Client({ connectionString: world.postgres.urlOf(bossDatabase) });
    try {
      await bossClient.connect();
      const plain = await startPlainLms(world.children, schools);
      const boss = await startBossSide(world, bossClient, plain.origin, signal);
      const hub = createHubSide(world, signal);
      const measured = await measure({ options, world, hub, boss, plain, signal, say });
      const result = describeGrades(measured);
      return options.profile ? await addProfiles(result, world, hub, options, say) : result;
    } finally {
      await bossClient.end();
      await world.close();
    }
  },
};

interface Parts {
  options: BenchOptions;
  world: GradesWorld;
  hub: HubSide;
  boss: BossSide;
  plain: PlainLms;
  signal: AbortSignal;
  say(line: string): void;
}

const lonePerSecond = 25;

async function measure(parts: Parts): Promise<GradesMeasurements> {
  const { options, world, hub, boss, plain, signal, say } = parts;
  // Accepting takes half of a side's time; delivering takes what it needs.
  const seconds = options.seconds / 2;
  // Nobody works on a database that still tidies up after another.
  const settled = async (run: () => Promise<Rate>) => {
    await world.postgres.settle();
    return run();
  };
  const round = async () => ({
    send: await settled(() => boss.send(seconds)),
    accept: await settled(() => hub.accept({ seconds })),
    work: await settled(() => boss.work()),
    deliver: await settled(() => hub.deliver()),
    bossBoth: await settled(() => boss.sendAndWork(options.seconds, { posts: false })),
    bothPosting: await settled(() => boss.sendAndWork(seconds, { posts: true })),
    hubBoth: await settled(() => hub.handInAndDeliver(options.seconds)),
    hubBothOverHttp: await settled(() => hub.acceptAndDeliver({ seconds })),
    posts: await plain.post(Math.min(seconds, 1)),
  });
  await round();
  say(`warm: ${hub.checked().deliveries} scores`);

  const measured: GradesMeasurements = {
    hub: { accept: [], deliver: [], both: [], bothOverHttp: [] },
    boss: { send: [], work: [], both: [], bothPosting: [] },
    plain: [],
    yardstick: [],
    lone: { perSecond: lonePerSecond, milliseconds: [] },
    checked: hub.checked(),
    tenants: schools.length,
    postgresVersion: world.postgres.version,
  };
  const yardstick = createYardstick();
  for (let number = 1; number <= options.rounds; number++) {
    signal.throwIfAborted();
    measured.yardstick.push(yardstick());
    const { posts, ...rates } = await round();
    const { send, accept, work, deliver, bossBoth, hubBoth, hubBothOverHttp, bothPosting } = rates;
    measured.boss.send.push(send);
    measured.boss.work.push(work);
    measured.boss.both.push(bossBoth);
    measured.boss.bothPosting.push(bothPosting);
    measured.hub.accept.push(accept);
    measured.hub.deliver.push(deliver);
    measured.hub.both.push(hubBoth);
    measured.hub.bothOverHttp.push(hubBothOverHttp);
    measured.plain.push(posts);
    say(`round ${number}  ${lineOf(rates)}`);
  }

  await world.postgres.settle();
  say(`single scores, ${lonePerSecond} a second, arriving evenly …`);
  measured.lone.milliseconds = await hub.whileWorking((send) =>
    send({ perSecond: lonePerSecond, seconds: options.seconds * 3 }),
  );
  measured.checked = hub.checked();
  return measured;
}

function lineOf(rates: Record<string, Rate>): string {
  return Object.entries(rates)
    .map(([name, { perSecond }]) => `${name} ${perSecond.toFixed(0)}/s`)
    .join('  ');
}

/** Profiles one copy while it accepts, while it delivers what was accepted, and while it does both. */
async function addProfiles(
  { fields, table }: BenchResult,
  world: GradesWorld,
  hub: HubSide,
  { seconds }: BenchOptions,
  say: (line: string) => void,
): Promise<BenchResult> {
  const { processes } = world.copies;
  say('Profiling one copy while it accepts and delivers …');
  const accept = await profileWork(processes, {
    unit: 'accepted-score',
    run: async () => (await hub.accept({ seconds })).count,
  });
  const deliver = await profileWork(processes, {
    unit: 'delivered-score',
    prepare: () => hub.accept({ seconds }),
    run: async () => (await hub.deliver()).count,
  });
  const both = await profileWork(processes, {
    unit: 'score',
    run: async () => (await hub.acceptAndDeliver({ seconds })).count,
  });
  const profiles = { accept: accept.fields, deliver: deliver.fields, both: both.fields };
  return {
    fields: { ...fields, profiles },
    table: [table, 'Accepting', accept.table, 'Delivering', deliver.table, 'Both', both.table].join('\n\n'),
  };
}
