import type { ZodType } from 'zod';

/** A kind of background work: its name, what a job of it holds, and how it is tried. */
export interface Queue<Payload extends object = object> {
  /** snake_case, as it stands in the database. */
  readonly name: string;
  /** Ids only, never secrets or personal data: payloads are kept in clear and outlive their work. */
  readonly payload: ZodType<Payload>;
  /** `short`: at most one job waits (per singleton key); any number may be in work. */
  readonly policy: 'standard' | 'short';
  readonly retries: number;
  /** A handler gets this long before the job counts as lost and is tried again. */
  readonly expireSeconds: number;
  /** Waiting jobs older than this are deleted, so it must be longer than any outage. */
  readonly keepWaitingSeconds: number;
  /** Five cron fields in UTC: the job is also put in by the clock, with an empty payload. */
  readonly schedule?: string;
}

/** Defines a queue; what is not said is the usual: 5 retries with growing waits, 5 minutes, 14 days. */
export function defineQueue<Payload extends object>(
  queue: Pick<Queue<Payload>, 'name' | 'payload'> & Partial<Queue<Payload>>,
): Queue<Payload> {
  return { policy: 'standard', retries: 5, expireSeconds: 300, keepWaitingSeconds: 14 * 86_400, ...queue };
}

export interface JobContext {
  jobId: string;
  /** Ends when the job's time is over or this copy stops: hand the work back by returning or throwing. */
  signal: AbortSignal;
}

/** A queue with what is done for each of its jobs. A job may come twice, so `run` is idempotent. */
export interface Worker {
  readonly queue: Queue;
  /** Jobs in work at once in this copy. */
  readonly concurrency: number;
  /** Its signal ends as soon as the copy stops: long work whose rows say how far it has come, and that others take up. */
  readonly stopsAtOnce: boolean;
  run(payload: unknown, context: JobContext): Promise<void>;
}

/** Ties a queue to its handler; payloads are parsed before the handler sees them. */
export function workOn<Payload extends object>(
  queue: Queue<Payload>,
  run: (payload: Payload, context: JobContext) => Promise<void>,
  options: { concurrency?: number; stopsAtOnce?: boolean } = {},
): Worker {
  return {
    queue: queue as Queue,
    concurrency: options.concurrency ?? 1,
    stopsAtOnce: options.stopsAtOnce ?? false,
    run: (payload, context) => run(queue.payload.parse(payload), context),
  };
}
