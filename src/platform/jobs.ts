import { type Job, PgBoss, type SendOptions } from 'pg-boss';
import { type HubTx, runPrepared, type TenantTx } from './db.ts';
import { DomainError } from './errors.ts';
import { jobsSchema } from './jobs/migrate-jobs.ts';
import type { Queue, Worker } from './jobs/queue.ts';
import type { Log } from './log.ts';
import type { Telemetry } from './telemetry.ts';

export interface JobsOptions {
  url: string;
  log: Log;
  telemetry: Telemetry;
  /** Work done by this copy; none for a copy that only puts jobs in. */
  workers: readonly Worker[];
  /** How often a queue is looked at where no notification came, in seconds (at least 0.5). */
  pollSeconds?: number;
}

export interface EnqueueOptions {
  /** For queues of policy `short`: at most one job of this key waits. */
  singletonKey?: string;
  /** Not before so many seconds. */
  startAfterSeconds?: number;
}

export interface Jobs {
  /**
   * Puts a job in, inside the caller's transaction: it exists exactly if the transaction commits.
   *
   * @returns its id; undefined when the queue's policy found the same work waiting already. Inside a
   *   transaction that is no promise: the waiting job may start before this one commits.
   */
  enqueue<Payload extends object>(
    tx: TenantTx | HubTx,
    queue: Queue<Payload>,
    payload: Payload,
    options?: EnqueueOptions,
  ): Promise<string | undefined>;
  /**
   * Takes no more jobs, waits for those in work, and hands back what is not done after `timeoutMs`: another
   * copy takes it up.
   */
  stop(timeoutMs: number): Promise<void>;
}

/**
 * Options of pg that the library hands through unnamed. A server that went away without a word would hold every connection
 * for as long as TCP tries.
 */
const connectionOptions = { query_timeout: 60_000, keepAlive: true };

/** What a job of ours holds in the database. */
interface Envelope {
  payload: unknown;
  traceparent?: string;
}

/**
 * Starts the job queue of this copy as the app role. Its tables and queues are there already (migrateJobs).
 *
 * @throws Error when the queue's tables are missing or of another version
 */
export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const { url, log, telemetry, workers, pollSeconds = 2 } = options;
  const isWorker = workers.length > 0;
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'gatehouse jobs',
    options: '-c role=gatehouse_app -c timezone=UTC',
    schema: jobsSchema,
    max: isWorker ? 4 : 2,
    ...connectionOptions,
    migrate: false,
    createSchema: false,
    supervise: isWorker,
    schedule: isWorker,
    useListenNotify: isWorker,
    // The app role does not own the indexes.
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', (error) => log.error('jobs_failed', { error }));
  boss.on('warning', ({ data }) => log.warn('jobs_warning', { code: warningType(data) }));
  await boss.start();
  // The library tells jobs only when the time to stop is over.
  const stopping = new AbortController();
  for (const worker of workers) {
    await boss.work<Envelope>(
      worker.queue.name,
      {
        localConcurrency: worker.concurrency,
        pollingIntervalSeconds: pollSeconds,
        notifyPollingIntervalSeconds: pollSeconds,
      },
      async (jobs) => {
        for (const job of jobs) await runJob(worker, job, { log, telemetry, stopping: stopping.signal });
      },
    );
  }
  return {
    enqueue: async (tx, queue, payload, wishes = {}) => {
      const traceparent = telemetry.traceparent();
      const envelope: Envelope = {
        payload: queue.payload.parse(payload),
        ...(traceparent !== undefined && { traceparent }),
      };
      const send: SendOptions = {
        db: { executeSql: async (text, values = []) => ({ rows: await runPrepared(tx, { text, values }) }) },
        ...(wishes.singletonKey !== undefined && { singletonKey: wishes.singletonKey }),
        ...(wishes.startAfterSeconds !== undefined && { startAfter: wishes.startAfterSeconds }),
      };
      return (await boss.send(queue.name, envelope, send)) ?? undefined;
    },
    stop: (timeoutMs) => {
      stopping.abort();
      return boss.stop({ graceful: true, timeout: timeoutMs });
    },
  };
}

async function runJob(
  worker: Worker,
  job: Job<Envelope>,
  { log, telemetry, stopping }: Pick<JobsOptions, 'log' | 'telemetry'> & { stopping: AbortSignal },
): Promise<void> {
  const queue = worker.queue.name;
  const startedAt = performance.now();
  const { traceparent, payload } = job.data;
  const attributes = { 'messaging.destination.name': queue, 'messaging.message.id': job.id };
  const signal = worker.stopsAtOnce ? AbortSignal.any([job.signal, stopping]) : job.signal;
  let outcome = 'done';
  try {
    await telemetry.span(`job ${queue}`, { kind: 'consumer', attributes, traceparent }, () =>
      worker.run(payload, { jobId: job.id, signal }),
    );
  } catch (error) {
    outcome = 'failed';
    log.error('job_failed', { queue, jobId: job.id, attempt: job.retryCount + 1, error });
    // The queue stores what is thrown, and messages of libraries may quote personal data.
    throw new JobFailure(error instanceof DomainError ? error.code : 'internal');
  } finally {
    const milliseconds = Math.round(performance.now() - startedAt);
    log.info('job', { queue, jobId: job.id, attempt: job.retryCount + 1, outcome, milliseconds });
    telemetry.record('gatehouse.job.duration', milliseconds / 1000, { queue, outcome });
  }
}

/** All that is kept of a failure in the queue's own table; the log has the rest, by the job's id. */
class JobFailure extends Error {
  override readonly name = 'JobFailure';
  constructor(code: string) {
    super(code);
    this.stack = '';
  }
}

function warningType(data: object): string {
  return 'type' in data && typeof data.type === 'string' ? data.type : 'unknown';
}
