import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { newId, type TenantId } from '../../contracts/ids.ts';
import { migrateJobs } from '../../src/platform/jobs/migrate-jobs.ts';
import { defineQueue, type Worker, workOn } from '../../src/platform/jobs/queue.ts';
import { type Jobs, openJobs } from '../../src/platform/jobs.ts';
import { openLog } from '../../src/platform/log.ts';
import { telemetryOff } from '../../src/platform/telemetry.ts';
import { createTestDatabase } from '../support/database.ts';

const { url, database, superuser } = await createTestDatabase();
const greet = defineQueue({ name: 'greet', payload: z.strictObject({ personId: z.string() }), retries: 1 });
const sweep = defineQueue({
  name: 'sweep',
  payload: z.strictObject({}),
  policy: 'short',
  schedule: '0 3 * * *',
});
await migrateJobs(url, [greet, sweep]);

const lines: Record<string, unknown>[] = [];
const log = openLog({
  level: 'info',
  destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
});
const opened: Jobs[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((jobs) => jobs.stop(1000)));
  await superuser.query('delete from pgboss.job');
  lines.length = 0;
});

async function open(...workers: Worker[]): Promise<Jobs> {
  const jobs = await openJobs({ url, log, telemetry: telemetryOff, workers, pollSeconds: 0.5 });
  opened.push(jobs);
  return jobs;
}

async function jobsOf(
  queue: string,
): Promise<{ state: string; data: unknown; output: unknown; retry_count: number }[]> {
  const { rows } = await superuser.query(
    'select state, data, output, retry_count from pgboss.job where name = $1',
    [queue],
  );
  return rows;
}

const tenantId = newId<TenantId>();

test('a job exists exactly if the transaction that put it in commits', async () => {
  const jobs = await open();
  await expect(
    database.withTenant(tenantId, async (tx) => {
      expect(await jobs.enqueue(tx, greet, { personId: 'lost' })).toMatch(/^[0-9a-f-]{36}$/);
      throw new Error('roll back');
    }),
  ).rejects.toThrow('roll back');
  expect(await jobsOf('greet')).toEqual([]);
  await database.withTenant(tenantId, (tx) => jobs.enqueue(tx, greet, { personId: 'kept' }));
  expect(await jobsOf('greet')).toMatchObject([
    { state: 'created', data: { payload: { personId: 'kept' } } },
  ]);
});

test('a handler gets the parsed payload', async () => {
  const { promise: seen, resolve } = Promise.withResolvers<string>();
  const jobs = await open(workOn(greet, async ({ personId }) => resolve(personId)));
  await database.withHub((tx) => jobs.enqueue(tx, greet, { personId: 'p1' }));
  expect(await seen).toBe('p1');
  await expect.poll(async () => (await jobsOf('greet'))[0]?.state).toBe('completed');
});

test('a payload with more than its schema allows is refused where it is put in', async () => {
  const jobs = await open();
  const extra = { personId: 'p1', email: 'x@school.example' };
  await expect(database.withHub((tx) => jobs.enqueue(tx, greet, extra))).rejects.toThrow();
});

test('what a failed job threw is not kept in its row', async () => {
  const jobs = await open(
    workOn(greet, async () => {
      throw new Error('cannot greet pupil@school.example');
    }),
  );
  await database.withHub((tx) => jobs.enqueue(tx, greet, { personId: 'p1' }));
  await expect.poll(async () => (await jobsOf('greet'))[0]?.output).toBeTruthy();
  expect(JSON.stringify(await jobsOf('greet'))).not.toContain('pupil@school.example');
  expect(lines.find((line) => line.event === 'job_failed')).toMatchObject({ queue: 'greet', attempt: 1 });
  expect(JSON.stringify(lines)).not.toContain('pupil@school.example');
});

test('of a short queue one job waits for each key', async () => {
  const jobs = await open();
  const put = (singletonKey: string) =>
    database.withHub((tx) => jobs.enqueue(tx, sweep, {}, { singletonKey }));
  expect(await put('a')).toBeDefined();
  expect(await put('a')).toBeUndefined();
  expect(await put('b')).toBeDefined();
});

test('stopping waits for a job in work', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const jobs = await open(
    workOn(greet, async () => {
      begin();
      await held;
    }),
  );
  await database.withHub((tx) => jobs.enqueue(tx, greet, { personId: 'p1' }));
  await begun;
  const stopped = jobs.stop(10_000);
  release();
  await stopped;
  expect((await jobsOf('greet'))[0]?.state).toBe('completed');
});

test('a job that does not end in time is handed back and told so', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const jobs = await open(
    workOn(greet, async (_payload, { signal }) => {
      begin();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      tell();
    }),
  );
  await database.withHub((tx) => jobs.enqueue(tx, greet, { personId: 'p1' }));
  await begun;
  await jobs.stop(1_000);
  await told;
  expect((await jobsOf('greet'))[0]?.state).toBe('retry');
});

test('the app role uses the queue and cannot change its shape', async () => {
  const client = new pg.Client({ connectionString: url, options: '-c role=gatehouse_app' });
  await client.connect();
  await expect(client.query('create table pgboss.mine (a int)')).rejects.toMatchObject({ code: '42501' });
  await expect(client.query('drop table pgboss.job')).rejects.toMatchObject({ code: '42501' });
  await client.end();
});

test('migrating again changes settings, and schedules of unknown queues go', async () => {
  const shortened = defineQueue({ ...greet, retries: 9 });
  await migrateJobs(url, [shortened]);
  const { rows: queues } = await superuser.query("select retry_limit from pgboss.queue where name = 'greet'");
  const { rows: schedules } = await superuser.query('select name from pgboss.schedule');
  expect([queues[0].retry_limit, schedules]).toEqual([9, []]);
  await migrateJobs(url, [greet, sweep]);
  expect((await superuser.query('select name from pgboss.schedule')).rows).toEqual([{ name: 'sweep' }]);
});
