import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionId, RunId, TenantId } from '../../../contracts/ids.ts';
import { openStorage } from '../../../src/app/storage.ts';
import { type Hub, openHub } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { type Log, openLog } from '../../../src/platform/log.ts';
import type { Run } from '../../../src/sync/run.ts';
import { connectRoster, getRun, listFindings, requestRun, updateRoster } from '../../../src/sync/sync.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { answerParent } from '../process/child.ts';
import type { Connected, FinishedRun, NewSource } from './hub-side.ts';
import { benchedEntities } from './packages.ts';

interface Worker {
  hub: Hub;
  /** When the run that is worked on entered each state, by `performance.now()`. */
  states: Map<string, number>;
}

let worker: Worker | undefined;

/** Opens a copy of the hub that only works, put together as `work` does; its settings stand in the environment. */
async function open(): Promise<void> {
  const config = readConfig();
  const states = new Map<string, number>();
  const log = noteStates(openLog({ level: config.logLevel }), states);
  const storage = await openStorage(config, (error) => {
    throw error;
  });
  worker = { hub: await openHub({ config, storage, log, work: true }), states };
}

/** The log tells of each state as it begins. */
function noteStates(log: Log, states: Map<string, number>): Log {
  return {
    ...log,
    info: (event, details) => {
      if (event === 'roster_run') states.set(String(details?.name), performance.now());
      log.info(event, details);
    },
  };
}

const by = () => ({ actor: 'bench', now: Date.now() });

/** @param input.slug of a school that is made for it */
async function connect({ slug, connector, settings }: NewSource & { slug: string }): Promise<Connected> {
  const { hub } = opened();
  const { tenantId } = await createTenant(hub.db, { slug, name: 'District' }, by());
  const source = { connector, name: 'SIS', settings };
  const { connectionId } = await connectRoster(hub.sync, tenantId, source, by());
  return { tenantId, connectionId };
}

async function point(input: { connected: Connected; settings: Record<string, unknown> }): Promise<void> {
  const { hub } = opened();
  const { tenantId, connectionId } = idsOf(input.connected);
  await updateRoster(hub.sync, tenantId, connectionId, { settings: input.settings }, by());
}

function idsOf(connected: Connected): { tenantId: TenantId; connectionId: ConnectionId } {
  return {
    tenantId: connected.tenantId as TenantId,
    connectionId: connected.connectionId as ConnectionId,
  };
}

/** @throws Error where the run has not been applied, with why */
async function run(connected: Connected): Promise<FinishedRun> {
  const { hub, states } = opened();
  const { tenantId, connectionId } = idsOf(connected);
  states.clear();
  const start = performance.now();
  const runId = await requestRun(hub.sync, tenantId, connectionId, { mode: 'full', isDry: false }, by());
  const finished = await untilSettled(hub, tenantId, runId);
  const end = performance.now();
  if (finished.state !== 'applied') {
    const findings = await listFindings(hub.db.tenant(tenantId), runId, { limit: 5 });
    throw new Error(`The run is ${finished.state}: ${JSON.stringify({ ...finished, plan: null, findings })}`);
  }
  return {
    seconds: (end - start) / 1000,
    states: durations([['requested', start], ...states], end),
    counts: countsOf(finished),
    peakRssMb: readPeak(),
  };
}

/** Until the run has ended, waits for somebody, or is tried again later, which would be no measurement. */
async function untilSettled(hub: Hub, tenantId: TenantId, runId: RunId): Promise<Run> {
  for (;;) {
    const run = await hub.db.withTenant(tenantId, (tx) => getRun(tx, runId));
    if (run.endedAt !== null || run.state === 'held' || run.notBefore !== null) return run;
    // Asked more often it would be work for the database of which the hub has none.
    await delay(100);
  }
}

/** How long each state lasted, in seconds. */
function durations(began: readonly (readonly [string, number])[], end: number): Record<string, number> {
  return Object.fromEntries(
    began.map(([name, since], index) => [name, ((began[index + 1]?.[1] ?? end) - since) / 1000]),
  );
}

function countsOf({ plan }: Run): FinishedRun['counts'] {
  const counts: FinishedRun['counts'] = {};
  for (const entity of benchedEntities) {
    const sum = { created: 0, changed: 0, removed: 0 };
    for (const school of plan?.counts.filter((count) => count.entity === entity) ?? []) {
      sum.created += school.created + school.restored;
      sum.changed += school.changed;
      sum.removed += school.removed;
    }
    counts[entity] = sum;
  }
  return counts;
}

/** proc_pid_status(5): the largest resident set so far, in kB. */
function readPeak(): number {
  const [, peak = Number.NaN] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(peak) / 1024;
}

function opened(): Worker {
  if (worker === undefined) throw new Error('The worker is not open.');
  return worker;
}

async function shut(): Promise<void> {
  const closing = worker;
  worker = undefined;
  closing?.hub.drain();
  await closing?.hub.close(1_000);
}

answerParent({ open, connect, point, run, shut, close: shut });
