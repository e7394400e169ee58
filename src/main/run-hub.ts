import { realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openStorage, refusePendingMigrations, type Storage } from '../app/storage.ts';
import { type Hub, migrateAll, openHub } from '../app.ts';
import type { Config } from '../config.ts';
import { createDemo } from '../demo/demo.ts';
import { startHistory } from '../demo/history/seed-history.ts';
import { makeFirstRunLink } from '../operators/links/links.ts';
import { DomainError } from '../platform/errors.ts';
import { type HttpServer, listen } from '../platform/http/server.ts';
import { type Log, openLog } from '../platform/log.ts';
import { listTenants } from '../tenants/tenants.ts';
import { demoCommand } from './demo-command.ts';
import { watchLifeCycle } from './life-cycle.ts';

/** What a copy of the program does. */
export interface Duties {
  serve: boolean;
  work: boolean;
  /** Brings the database up to date first. Otherwise that must have been done. */
  migrate: boolean;
  demo: boolean;
}

/**
 * Runs a copy of the hub until it is told to stop, then stops it: readiness off, requests drained, jobs handed back,
 * connections closed, the embedded database stopped.
 *
 * @returns the exit code
 */
export async function runHub(config: Config, duties: Duties, say: (text: string) => void): Promise<number> {
  const log = openLog({ level: config.logLevel });
  const life = watchLifeCycle(log);
  const storage = await openStorage(config, (error) => life.fail('database_lost', error));
  if (duties.demo && storage.isShared) throw demoInUse(config);
  let hub: Hub | undefined;
  let server: HttpServer | undefined;
  let stopHistory = async () => {};
  try {
    const options = { config, storage, log };
    if (duties.migrate) await migrateAll(options);
    else await refusePendingMigrations(storage);
    hub = await openHub({ ...options, work: duties.work });
    if (duties.serve) server = await serve(hub, duties, storage, say);
    // The rest of the demo's data comes while it runs.
    if (duties.demo) stopHistory = startHistory({ ...hub, log });
    log.info('started', { port: server?.port ?? 0 });
    const code = await life.stopped;
    say('Stopping. Ctrl-C again stops at once.');
    hub.drain();
    // Requests come until their sender has seen that /readyz fails. What failed inside takes no more.
    if (code === 0 && server !== undefined) await delay(config.stopDelayMs);
    return code;
  } finally {
    await stopHistory();
    await stop({ hub, server, storage, log, timeoutMs: config.stopTimeoutMs });
  }
}

async function serve(
  hub: Hub,
  duties: Duties,
  storage: Storage,
  say: (text: string) => void,
): Promise<HttpServer> {
  const { config, app, db, sync, sso, clock } = hub;
  const { host, port, baseUrl } = config;
  if (!duties.demo) {
    const server = await listen({ host, port, handler: app });
    const hint = `${await firstRunLink(hub)}${(await listTenants(db.directory)).length === 0 ? firstRunHint : ''}`;
    say(notice({ title: 'Gatehouse is ready.', open: baseUrl, storage, hint }));
    return server;
  }
  const { handler, rosterHint, signInHint, consoleHint } = await createDemo({
    app,
    db,
    sync,
    sso,
    operators: hub.operators,
    clock,
    baseUrl,
    dataDir: config.dataDir,
    dropFolder: config.dropFolder ?? path.join(config.dataDir, 'packages'),
    command: demoCommand(config),
  });
  const server = await listen({ host, port, handler });
  const open = `http://localhost:${server.port}`;
  say(
    notice({
      title: 'The Gatehouse demo is ready.',
      open,
      storage,
      hint: `${demoHint(config)}${consoleHint}${signInHint}${rosterHint}`,
    }),
  );
  return server;
}

/** While nobody has an account. It stands in the terminal alone, and not in the log. */
async function firstRunLink({ operators, clock }: Hub): Promise<string> {
  const made = await makeFirstRunLink(operators, { actor: 'start', now: clock.now() });
  if (made === undefined) return '';
  return `
Nobody has an account yet. Whoever opens this link makes the first one, an owner's; it is good once, for a day:

  ${made.address}
`;
}

/** Set up again for another address, the schools of a demo that runs would no longer know its LMS. */
function demoInUse({ dataDir }: Config): DomainError {
  return new DomainError(
    'conflict',
    'demo_in_use',
    `Another program uses the demo's data in ${dataDir}. Stop it, or set GATEHOUSE_DATA to another folder, and PORT to another port, for a second demo beside it.`,
  );
}

const firstRunHint = `
No school is set up yet. Make the first one in another terminal:

  npm run hub -- tenant create --slug <short-name> --name "<Name of the school>"
  npm run hub -- --help
`;

function demoHint(config: Config): string {
  const command = demoCommand(config);
  return `
Two schools share a simulated LMS there. Open a course, and in it an activity.
A third one, Westbrook Academy, is yours to connect: make an institution and a registration link in the console, and enter
the link at /schools/westbrook/tools of the LMS, as its teacher.
To see what the hub saw of launches and scores, in another terminal:

  ${command} launch list --tenant northside
  ${command} grades list --tenant northside
`;
}

function notice(parts: { title: string; open: string; storage: Storage; hint: string }): string {
  const { title, open, storage, hint } = parts;
  return `${title}

  Open   ${open}
  Data   ${whereIsData(storage)}
  Stop   Ctrl-C
${hint}`;
}

/** A folder only root can enter holds a link alone: whoever makes a backup needs the place itself. */
function whereIsData({ folder }: Storage): string {
  if (folder === undefined) return 'the database at DATABASE_URL';
  const place = realpathSync(folder);
  return place === folder ? folder : `${folder} (a link to ${place})`;
}

async function stop(parts: {
  hub: Hub | undefined;
  server: HttpServer | undefined;
  storage: Storage;
  log: Log;
  timeoutMs: number;
}): Promise<void> {
  const { hub, server, storage, log, timeoutMs } = parts;
  hub?.drain();
  const cut = await server?.stop(timeoutMs);
  if (cut !== undefined && cut > 0) log.warn('requests_cut_off', { count: cut });
  await hub?.close(timeoutMs);
  await storage.stop();
  log.info('stopped');
  log.flush();
}
