import { acceptScore } from '../grades/accept.ts';
import type { GradeDestination } from '../grades/destination.ts';
import { type GradeWork, startGradeWork } from '../grades/grades.ts';
import { createHints } from '../grades/hints.ts';
import { drainGrades } from '../grades/jobs.ts';
import { reconcileWorkers } from '../grades/reconcile-jobs.ts';
import type { GradeIntake } from '../lti/services.ts';
import type { Database } from '../platform/db.ts';
import type { Jobs } from '../platform/jobs.ts';
import type { Log } from '../platform/log.ts';
import type { Closers } from './closers.ts';
import { openAppDatabase, type PlatformOptions } from './platform.ts';
import { randomShare } from './random-share.ts';

type Tell = GradeWork['start'];

export interface ScoreIntake extends GradeIntake {
  /** Where accepted scores are told from now on. Until then the workers' sweep finds them a second later. */
  tellTo(tell: Tell): void;
}

/** Takes scores in. Each is durable before anybody is told of it, so that being told may fail. */
export function createScoreIntake(db: Database): ScoreIntake {
  let tell: Tell = () => undefined;
  return {
    accept: async (handedIn) => {
      const acceptance = await acceptScore(db, handedIn);
      if (acceptance.kind === 'accepted') tell(handedIn.tenantId, acceptance.connectionId);
      return acceptance;
    },
    tellTo: (next) => {
      tell = next;
    },
  };
}

/** A copy that does no background work tells the others through the job queue. */
export function tellThroughJobs(jobs: Jobs, { db, log }: { db: Database; log: Log }): Tell {
  const hints = createHints((connections) => {
    jobs
      .enqueue(db.hub(), drainGrades, { connections })
      .catch((error: unknown) => log.debug('grades_hint_lost', { count: connections.length, error }));
  });
  return hints.tell;
}

/** What a lone score never waits for, and one among many does not notice. */
const gatherMs = 20;

/** Connections to the database for deliveries: few, and not those that requests wait for. */
const connections = 3;

/** The delivering part of a copy, and its daily work. */
export interface GradeService extends GradeWork {
  /** The queue of this copy, once it is open: the daily work puts jobs in for each connection. */
  useJobs(jobs: Jobs): void;
}

/** Starts delivering in this copy; stopped through `closers`. */
export async function startGrades(
  options: PlatformOptions & { log: Log },
  destination: GradeDestination,
  closers: Closers,
): Promise<GradeService> {
  const { clock, log } = options;
  const db = await openAppDatabase(options, connections);
  closers.add(() => db.close());
  const work = startGradeWork({ db, destination, clock, log, gatherMs, random: randomShare });
  closers.add((timeoutMs) => work.stop(timeoutMs));
  const opened = Promise.withResolvers<Jobs>();
  const daily = reconcileWorkers({
    db,
    destination,
    clock,
    log,
    enqueue: async (...job) => (await opened.promise).enqueue(...job),
  });
  return { ...work, workers: [...work.workers, ...daily], useJobs: opened.resolve };
}
