import type { Express, RequestHandler } from 'express';
import { createApi } from './api/api.ts';
import { type Closers, createClosers } from './app/closers.ts';
import { openCompanySignIn } from './app/company-sign-in.ts';
import { builtConsole, createConsoleRouter } from './app/console-page.ts';
import { createErrorPage } from './app/error-page.ts';
import { createFrontRouter } from './app/front-page.ts';
import { createScoreIntake, type ScoreIntake, startGrades, tellThroughJobs } from './app/grade-passback.ts';
import { openOutlets } from './app/outlets.ts';
import { openAppDatabase, openPlatform, type Platform } from './app/platform.ts';
import { probeSteps } from './app/probes.ts';
import { openRosterSync, type RosterSync } from './app/roster-sync.ts';
import { createSecurityTxtRouter } from './app/security-txt.ts';
import { showSettings } from './app/shown-settings.ts';
import { openSso } from './app/sign-in.ts';
import type { Storage } from './app/storage.ts';
import { readVersion } from './app/version.ts';
import { type Config, isLocal } from './config.ts';
import type { GradeWork } from './grades/grades.ts';
import { drainGrades } from './grades/jobs.ts';
import { reconcileQueues } from './grades/reconcile-jobs.ts';
import { createWorkHookRouter } from './health/burden/routes.ts';
import { recordRelease } from './health/changes/release.ts';
import { healthQueues, healthWorkers, prepareMonths } from './health/jobs.ts';
import { createProbeRouter, type Readiness } from './health/routes.ts';
import { healthWorkQueues, healthWorkWorkers, probeWorkers } from './health/work-jobs.ts';
import { advanceSigningKeys, keyWorkers } from './lti/keys/jobs.ts';
import { ensureSigningKey } from './lti/keys/keys.ts';
import { createLti, type Lti } from './lti/lti.ts';
import { noticeQueues, noticeWorkers } from './lti/notices/jobs.ts';
import { probeTools } from './lti/probe-tools.ts';
import { isServiceCall } from './lti/service-address.ts';
import { tokenPath } from './lti/token/grant.ts';
import type { CompanySignIn } from './operators/company/company.ts';
import { createCompanyRouter } from './operators/company/routes.ts';
import { createPasswords } from './operators/passwords/hashing.ts';
import { createSchoolRouter } from './operators/school/routes.ts';
import type { OperatorServices } from './operators/services.ts';
import { createChanges } from './platform/changes.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Database } from './platform/db.ts';
import { createHttpApp } from './platform/http/http-app.ts';
import { forOAuthClients } from './platform/http/oauth-error.ts';
import { limitByAddress } from './platform/http/rate-limit.ts';
import { defaultFrameAncestors } from './platform/http/security-headers.ts';
import { migrateJobs } from './platform/jobs/migrate-jobs.ts';
import type { Queue, Worker } from './platform/jobs/queue.ts';
import { type Jobs, openJobs } from './platform/jobs.ts';
import type { Log } from './platform/log.ts';
import { migrate, readMigrations } from './platform/migrate.ts';
import { loadReleaseSecret } from './privacy/release-secret.ts';
import type { SsoServices } from './sso/services.ts';
import { type Sso, ssoQueues } from './sso/sso.ts';
import { type SyncServices, syncQueues } from './sync/sync.ts';

export interface HubOptions {
  config: Config;
  storage: Storage;
  log: Log;
  /** Whether this copy does background work beside what it serves. */
  work: boolean;
  clock?: Clock;
  /** What scripts/build-console.ts has built; dist/console if not said. */
  consoleFolder?: string;
}

/** A copy of the hub with everything built, once. */
export interface Hub {
  /** Every router, ready to listen with. */
  app: Express;
  db: Database;
  clock: Clock;
  config: Config;
  /** Takes scores in, as tools hand them in over HTTP. */
  scores: ScoreIntake;
  /** Connects, runs and undoes rosters. */
  sync: SyncServices;
  /** Connects identity providers and directories. */
  sso: SsoServices;
  /** Lets people into the console. */
  operators: OperatorServices;
  /** Answers /readyz with "stopping" from now on, so that no new requests are sent here. */
  drain(): void;
  /** Hands jobs back and closes everything, after requests have ended. */
  close(timeoutMs: number): Promise<void>;
}

/** Every queue of the program. */
const queues: readonly Queue[] = [
  ...healthQueues,
  ...healthWorkQueues,
  advanceSigningKeys,
  drainGrades,
  ...reconcileQueues,
  ...noticeQueues,
  ...syncQueues,
  ...ssoQueues,
];

/** What is done for the jobs of every queue. */
function createWorkers({ config, log }: HubOptions, platform: Platform): Worker[] {
  const { db, clock, secrets } = platform;
  return [
    ...healthWorkers({ database: db, clock }),
    ...healthWorkWorkers({ ...platform, log, ...openOutlets(config, platform) }),
    ...keyWorkers({ db, secrets, clock }),
  ];
}

/** Every router of the program, in the order they are asked. */
function createApp(
  parts: HubOptions & {
    platform: Platform;
    lti: Lti;
    sso: Sso;
    sync: RosterSync;
    operators: OperatorServices;
    company: CompanySignIn | undefined;
    readiness: Readiness;
    migrations: readonly string[];
  },
): Express {
  const { config, log, platform, lti, sso, sync, operators, company, readiness, migrations } = parts;
  const { db, clock, telemetry } = platform;
  const launchLimit = limitByAddress({ name: 'launch', clock, ...config.launchLimit });
  const serviceLimit = limitByAddress({ name: 'service', clock, ...config.serviceLimit });
  const limit: RequestHandler = (request, response, next) =>
    (isServiceCall(request.originalUrl) ? serviceLimit : launchLimit)(request, response, next);
  return createHttpApp({
    https: config.baseUrl.startsWith('https:'),
    trustedProxyHops: config.trustedProxyHops,
    log,
    telemetry,
    renderErrorPage: createErrorPage({ pages: lti.pages, frameAncestors: frameAncestorsOf(config) }),
    routers: [
      createProbeRouter({ database: db, readiness, migrations, clock }),
      createFrontRouter(lti.pages),
      createSecurityTxtRouter(config, clock),
      // Ahead of the console, whose page stands at every other address there.
      ...(company === undefined ? [] : [createCompanyRouter(company, clock)]),
      createConsoleRouter(parts.consoleFolder ?? builtConsole),
      createWorkHookRouter(platform),
      // Ahead of the limit: its refusals, too, are told as OAuth clients read them.
      { path: [tokenPath], handler: forOAuthClients },
      { path: ['/t', '/lti', '/open', '/platform'], handler: limit },
      ...lti.routers,
      ...sso.routers,
      createSchoolRouter({ db, clock }, sso.beginForConsole),
      createApi({
        ...{ db, clock, operators },
        sync: sync.services,
        sso: { ...sso.services, fetch: platform.fetch },
        console: { hubName: config.hubName, company: company?.shown },
        settings: () => showSettings(config),
        allowLoopback: config.allowLoopback,
      }),
    ],
  });
}

/** Builds every part of the hub and starts the background work of this copy. */
export async function openHub(options: HubOptions): Promise<Hub> {
  const { config, log, clock = systemClock } = options;
  const closers = createClosers(log);
  try {
    const platform = await openPlatform({ ...options, clock }, closers);
    await noteRelease(platform, log);
    const intake = createScoreIntake(platform.db);
    const lti = await openLti(config, log, platform, intake);
    const grades = options.work
      ? await startGrades({ ...options, clock }, lti.gradeDestination, closers)
      : undefined;
    await startListening(options, lti, grades, closers);
    const sync = await openRosterSync({ ...options, clock }, platform, closers);
    const sso = openSso(options, platform, lti, closers);
    const workers = [
      ...(grades?.workers ?? []),
      ...sync.workers,
      ...sso.workers,
      ...noticeWorkers(lti.noticeWork),
      ...probeWorkers({
        ...platform,
        log,
        steps: probeSteps({ ...platform, ...config }, lti, sso, sync.services),
        askTools: (signal) => probeTools({ ...platform, ...config, log }, signal),
      }),
    ];
    const jobs = await startJobs(options, platform, workers, closers);
    grades?.useJobs(jobs);
    sync.useJobs(jobs);
    intake.tellTo(grades?.start ?? tellThroughJobs(jobs, { ...options, ...platform }));
    const operators = { ...platform, passwords: createPasswords(), baseUrl: config.baseUrl };
    const company = openCompanySignIn({ ...operators, fetch: platform.fetch, signer: lti.signer }, config);
    const readiness: Readiness = { stopping: false };
    const migrations = (await readMigrations()).map(({ name }) => name);
    return {
      app: createApp({ ...options, platform, lti, sso, sync, operators, company, readiness, migrations }),
      db: platform.db,
      sync: sync.services,
      sso: sso.services,
      operators,
      clock,
      config,
      scores: intake,
      drain: () => {
        readiness.stopping = true;
      },
      close: (timeoutMs) => closers.close(timeoutMs),
    };
  } catch (error) {
    await closers.close(1_000);
    throw error;
  }
}

/** Which version runs is for the reports: a hub that cannot say so starts all the same. */
async function noteRelease({ db, clock }: Platform, log: Log): Promise<void> {
  const by = { actor: 'start', now: clock.now() };
  await recordRelease(db, await readVersion(), by).catch((error: unknown) => {
    log.warn('release_not_recorded', { error });
  });
}

async function openLti(config: Config, log: Log, platform: Platform, grades: ScoreIntake): Promise<Lti> {
  const { db, secrets, clock } = platform;
  await ensureSigningKey({ db, secrets, clock }, { actor: 'start' });
  return createLti({
    ...platform,
    grades,
    baseUrl: config.baseUrl,
    allowLoopback: config.allowLoopback,
    releaseSecret: await loadReleaseSecret(db, secrets, clock),
    frameAncestors: frameAncestorsOf(config),
    onFault: (event, error) => log.warn(event, { error }),
  });
}

async function startListening(
  { storage, log }: HubOptions,
  lti: Lti,
  grades: GradeWork | undefined,
  closers: Closers,
): Promise<void> {
  const changes = await createChanges({
    url: storage.directUrl,
    log,
    onChange: (topic) => {
      lti.forget(topic);
      grades?.heed(topic);
    },
    onReset: () => lti.forgetAll(),
  });
  closers.add(() => changes.stop());
}

async function startJobs(
  options: HubOptions,
  platform: Platform,
  ofFeatures: readonly Worker[],
  closers: Closers,
): Promise<Jobs> {
  const { storage, log, work } = options;
  const { telemetry } = platform;
  const workers = work ? [...createWorkers(options, platform), ...ofFeatures] : [];
  const jobs = await openJobs({ url: storage.directUrl, log, telemetry, workers });
  closers.add((timeoutMs) => jobs.stop(timeoutMs));
  return jobs;
}

function frameAncestorsOf(config: Config): string[] {
  return defaultFrameAncestors({ local: isLocal(config) });
}

/**
 * Brings the database up to date: tables, the job queue's tables and queues, and the partitions of the months ahead.
 *
 * @returns the names of the migrations applied now
 * @throws DomainError as `migrate`
 */
export async function migrateAll(options: Pick<HubOptions, 'config' | 'storage' | 'log'>): Promise<string[]> {
  const { storage, log } = options;
  const applied = await migrate({
    url: storage.directUrl,
    onApplied: (name) => log.info('migrated', { name }),
    onNotice: (notice) => log.warn('migration_notice', { reason: notice }),
  });
  await migrateJobs(storage.directUrl, queues);
  const database = await openAppDatabase(options, 2);
  try {
    // Rows of a month without a partition are kept all the same, and the daily job tries again.
    await prepareMonths({ database, clock: systemClock }).catch((error: unknown) => {
      log.warn('partitions_not_made', { error });
    });
  } finally {
    await database.close();
  }
  return applied;
}
