import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { createApiToken } from '../../../src/api/tokens/tokens.ts';
import { packageFiles, writeZip } from '../../../src/demo/sis/csv-package.ts';
import { type Database, openDatabase } from '../../../src/platform/db.ts';
import { openJobs } from '../../../src/platform/jobs.ts';
import { openLog } from '../../../src/platform/log.ts';
import { telemetryOff } from '../../../src/platform/telemetry.ts';
import { planRosterRuns } from '../../../src/sync/runs/queues.ts';
import { createTenant } from '../../../src/tenants/tenants.ts';
import { until } from '../scenarios/settle.ts';
import { type Ground, openGround } from '../world/ground.ts';
import { createOperator, type Operator } from './operator.ts';
import { districtAt, firstNight, type Night, sisConsumer } from './sis.ts';

/** A school whose roster comes from two sources, each of them the same district: a package in a folder, and OneRoster. */
export interface RosterWorld extends Ground {
  tenantId: TenantId;
  connections: readonly ConnectionId[];
  operator: Operator;
  /** What both sources give from now on. */
  become(night: Night): Promise<void>;
}

const slug = 'district';
const packageName = 'night.zip';
/** So that there is time to strike while a list is read. */
const pageMs = 15;

export async function openRosterWorld(): Promise<RosterWorld> {
  const ground = await openGround((folder) => ({ GATEHOUSE_DROP_FOLDER: path.join(folder, 'packages') }));
  try {
    const { tenantId, token } = await prepare(ground.databaseUrl);
    const sis = ground.children.start(new URL('../sis-process.ts', import.meta.url));
    const { baseUrl } = await sis.ask<{ baseUrl: string }>('open', { pageMs });
    const place = path.join(ground.folder, 'packages', tenantId);
    await mkdir(place, { recursive: true });
    const become = async (night: Night) => {
      const fresh = path.join(ground.folder, packageName);
      await writeZip(packageFiles(districtAt(night), { version: '1.2', mode: 'bulk' }), fresh);
      await rename(fresh, path.join(place, packageName));
      await sis.ask('become', night);
    };
    await become(firstNight);
    const { origin } = ground.startServing('serve', 'clock');
    await until('the copy that serves is ready', () => isReady(origin));
    const operator = createOperator({ origin, slug, token });
    const [csv, rest] = [
      await operator.connect('oneroster-csv', { place: 'folder', path: packageName }),
      await operator.connect('oneroster-rest', { baseUrl, tokenUrl: `${baseUrl}/token`, ...sisConsumer }),
    ];
    ground.onClose(await hurry(ground.databaseUrl));
    return { ...ground, tenantId, connections: [csv, rest], operator, become };
  } catch (error) {
    await ground.close();
    throw error;
  }
}

/** Makes the school, and a token for whoever looks after its rosters. */
async function prepare(url: string): Promise<{ tenantId: TenantId; token: string }> {
  const by = { actor: 'faults', now: Date.now() };
  const database = await open(url);
  try {
    const { tenantId } = await createTenant(database, { slug, name: 'District' }, by);
    const wanted = { name: 'Faults', scopes: ['rosters:write' as const] };
    const { token } = await database.withHub((tx) => createApiToken(tx, wanted, by));
    return { tenantId, token };
  } finally {
    await database.close();
  }
}

/** What the clock asks for once a minute is asked for all the time. @returns ends it */
async function hurry(url: string): Promise<() => Promise<unknown>> {
  const database = await open(url);
  const log = openLog({ level: 'silent' });
  const jobs = await openJobs({ url, log, telemetry: telemetryOff, workers: [] });
  let asking = Promise.resolve();
  const timer = setInterval(() => {
    // Without a database nobody can be asked.
    asking = database
      .withHub((tx) => jobs.enqueue(tx, planRosterRuns, {}))
      .then(
        () => undefined,
        () => undefined,
      );
  }, 300);
  return async () => {
    clearInterval(timer);
    await asking;
    await jobs.stop(1_000);
    await database.close();
  };
}

function open(url: string): Promise<Database> {
  return openDatabase({
    url,
    applicationName: 'gatehouse faults',
    connections: 2,
    statementTimeoutMs: 30_000,
    onError: () => undefined,
  });
}

function isReady(origin: string): Promise<boolean> {
  return fetch(`${origin}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
