import pg from 'pg';
import { PgBoss } from 'pg-boss';
import type { Queue } from './queue.ts';

export const jobsSchema = 'pgboss';

/**
 * Makes or brings up to date the job queue's own tables, the queues and their schedules, as the role that owns
 * them; the app role may then use them and change nothing of their shape.
 *
 * @param queues every queue of the program: schedules of others are taken out
 */
export async function migrateJobs(url: string, queues: readonly Queue[]): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'gatehouse migrate jobs',
    options: '-c role=gatehouse_migrator',
    schema: jobsSchema,
    // It is made by a migration, since the role may not make schemas in a database it does not own.
    createSchema: false,
    max: 1,
    supervise: false,
    schedule: false,
    reindex: false,
  });
  // What goes wrong here rejects the calls below; without a listener it would end the process twice.
  boss.on('error', () => undefined);
  await boss.start();
  try {
    for (const queue of queues) await ensureQueue(boss, queue);
    await ensureSchedules(boss, queues);
  } finally {
    await boss.stop({ graceful: false });
  }
  await grantToApp(url);
}

async function ensureQueue(boss: PgBoss, queue: Queue): Promise<void> {
  const settings = {
    retryLimit: queue.retries,
    retryDelay: 2,
    retryBackoff: true,
    retryDelayMax: 3_600,
    expireInSeconds: queue.expireSeconds,
    retentionSeconds: queue.keepWaitingSeconds,
    deleteAfterSeconds: 3 * 86_400,
    notify: true,
  };
  const existing = await boss.getQueue(queue.name);
  if (existing === null) await boss.createQueue(queue.name, { policy: queue.policy, ...settings });
  else await boss.updateQueue(queue.name, settings);
}

async function ensureSchedules(boss: PgBoss, queues: readonly Queue[]): Promise<void> {
  const wanted = new Map(queues.map((queue) => [queue.name, queue.schedule]));
  for (const schedule of await boss.getSchedules()) {
    if (wanted.get(schedule.name) === undefined) await boss.unschedule(schedule.name);
  }
  for (const [name, cron] of wanted) {
    if (cron !== undefined) await boss.schedule(name, cron, { payload: {} }, { tz: 'UTC', missed: 'once' });
  }
}

async function grantToApp(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: '-c role=gatehouse_migrator' });
  await client.connect();
  try {
    // Several statements in one query are one transaction; grants of two at once would stop each other.
    await client.query(`
      select pg_advisory_xact_lock(hashtext('gatehouse.jobs'));
      grant usage on schema ${jobsSchema} to gatehouse_app;
      grant select, insert, update, delete on all tables in schema ${jobsSchema} to gatehouse_app;
      grant usage on all sequences in schema ${jobsSchema} to gatehouse_app;
      grant execute on all functions in schema ${jobsSchema} to gatehouse_app;`);
  } finally {
    await client.end();
  }
}
