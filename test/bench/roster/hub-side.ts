import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Child, Children } from '../process/parent.ts';
import type { BenchHub } from '../world/hub.ts';
import { hubNodeOptions } from '../world/hub-copies.ts';
import type { Difference } from './bare-side.ts';
import type { BenchedEntity } from './packages.ts';

export interface NewSource {
  connector: string;
  settings: Record<string, unknown>;
}

/** A roster connection of a school of its own. */
export interface Connected {
  tenantId: string;
  connectionId: string;
}

/** A run as the process that worked it has seen it. */
export interface FinishedRun {
  /** From the request to the end, as an admin sees it. */
  seconds: number;
  /** How long each state lasted, in seconds. */
  states: Record<string, number>;
  counts: Partial<Record<BenchedEntity, Difference>>;
  /** Largest resident memory of the process so far. */
  peakRssMb: number;
}

/** A copy of the hub that works, in a process of its own. */
export interface HubWorker {
  /** @param slug of a school that is made for it */
  connect(slug: string, source: NewSource): Promise<Connected>;
  /** Changes what the connection reads. */
  point(connected: Connected, settings: Record<string, unknown>): Promise<void>;
  /** @throws Error where the run does not end in the roster */
  run(connected: Connected): Promise<FinishedRun>;
  /** Waits for what follows a run, people's links, and stops. @returns the seconds it took after the run */
  stop(): Promise<number>;
}

export interface HubWorkerOptions {
  children: Children;
  hub: BenchHub;
  /** The operator's folder for packages. */
  dropFolder: string;
  /** Superuser's connection to the hub's database. */
  hubClient: Client;
}

export async function startHubWorker(options: HubWorkerOptions): Promise<HubWorker> {
  const { children, hub, dropFolder, hubClient } = options;
  const environment = { ...hub.environment, GATEHOUSE_DROP_FOLDER: dropFolder };
  const child: Child = children.start(new URL('./roster-process.ts', import.meta.url), environment, {
    nodeOptions: hubNodeOptions,
  });
  await child.ask('open');
  return {
    connect: (slug, source) => child.ask('connect', { slug, ...source }),
    point: (connected, settings) => child.ask('point', { connected, settings }),
    run: (connected) => child.ask('run', connected),
    stop: async () => {
      const start = performance.now();
      while (await isLinking(hubClient)) await delay(50);
      const seconds = (performance.now() - start) / 1000;
      await child.ask('shut');
      return seconds;
    },
  };
}

/** @throws Error where people could not be linked: the hub would try again and again beside what is measured */
async function isLinking(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ state: string; output: unknown }>(
    "select state, output from pgboss.job where name = 'link_roster_people' and state <> 'completed'",
  );
  const fault = rows.find(({ state }) => state === 'failed' || state === 'retry');
  if (fault !== undefined) throw new Error(`People were not linked: ${JSON.stringify(fault.output)}`);
  return rows.length > 0;
}
