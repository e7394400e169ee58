import pg from 'pg';
import type { Child } from '../../bench/process/parent.ts';
import type { FaultPlan } from '../lms/faults.ts';
import type { Moment } from '../lms/hold.ts';
import type { LmsRecord, LmsSettings } from '../lms-process.ts';
import { createToolClient, createToolKey, type ToolClient } from '../load/tool-client.ts';
import { type Ground, openGround } from './ground.ts';
import { faultSchools, type Place } from './population.ts';
import { setUpSchools } from './schools.ts';

/** The LMS, in a process of its own. */
export interface FaultLms {
  plan(plan: FaultPlan): Promise<void>;
  /** Resolves when a score is held at that moment, or when `release` came first. */
  hold(moment: Moment): Promise<void>;
  release(): Promise<void>;
  down(): Promise<void>;
  up(): Promise<void>;
  counts(): Promise<Record<string, number>>;
  record(): Promise<LmsRecord>;
}

/** Everything a scenario of scores needs, each part in a process of its own. */
export interface FaultWorld extends Ground {
  lms: FaultLms;
  places: readonly Place[];
  client: ToolClient;
}

/** @param peopleCount at each of the schools */
export async function openWorld(seed: string, peopleCount: number): Promise<FaultWorld> {
  const ground = await openGround();
  try {
    const { origins, hubUrl, databaseUrl } = ground;
    const lmsChild = ground.children.start(new URL('../lms-process.ts', import.meta.url));
    const settings: LmsSettings = {
      schools: faultSchools.map(({ slug, policy, clientId }) => ({ slug, policy, clientId })),
      keySetUrls: origins.map((origin) => `${origin}/.well-known/jwks.json`),
      seed,
    };
    const { origin: lmsOrigin } = await lmsChild.ask<{ origin: string }>('open', settings);
    const superuser = new pg.Client({ connectionString: databaseUrl });
    await superuser.connect();
    const key = await createToolKey();
    const { tool, places } = await setUpSchools(
      databaseUrl,
      superuser,
      lmsOrigin,
      key.jwks,
      peopleCount,
    ).finally(() => superuser.end());
    const client = createToolClient({ origins, hubUrl, clientId: tool.clientId, key });
    ground.onClose(() => client.close());
    return { ...ground, lms: speakWithLms(lmsChild), places, client };
  } catch (error) {
    await ground.close();
    throw error;
  }
}

function speakWithLms(child: Child): FaultLms {
  return {
    plan: (plan) => child.ask('plan', plan),
    hold: (moment) => child.ask('hold', moment),
    release: () => child.ask('release'),
    down: () => child.ask('down'),
    up: () => child.ask('up'),
    counts: () => child.ask('counts'),
    record: () => child.ask('record'),
  };
}
