import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ExchangeEvent } from '../../../contracts/health.ts';
import { newId } from '../../../contracts/ids.ts';
import { insertExchanges } from '../../../src/health/recording/exchange-store.ts';
import { createFileSink } from '../../../src/health/sink/file-sink.ts';
import { createS3Sink } from '../../../src/health/sink/s3-sink.ts';
import { listStandings, type SinkDeps, sendOut } from '../../../src/health/sink/send-out.ts';
import type { Sink } from '../../../src/health/sink/sink.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createOutbound } from '../../../src/platform/outbound/fetch.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startS3 } from './s3-stand-in.ts';

const { database: db, superuser } = await createTestDatabase();
const clock = { time: Date.UTC(2026, 10, 21), now: () => clock.time };
const log = openLog({ level: 'silent' });
const key = { accessKeyId: 'hub', secretAccessKey: 'made-up', region: 'eu-central-1' };
const s3 = await startS3(key);
const outbound = createOutbound({ allowLoopback: true, userAgent: 'test' });
afterAll(async () => {
  await outbound.close();
  await s3.close();
});

function event(minutesAgo: number): ExchangeEvent {
  const endedAt = new Date(clock.now() - minutesAgo * 60_000);
  return {
    ...{
      tenantId: newId(),
      exchangeId: newId(endedAt.getTime()),
      kind: 'launch',
      connectionId: null,
      toolId: null,
    },
    ...{
      partner: 'canvas',
      tier: 'standard',
      connectorVersion: null,
      outcome: 'success',
      reason: null,
      attempts: 1,
    },
    ...{ failedAttempts: 0, offered: 0, rejected: 0, startedAt: endedAt, endedAt },
  };
}

const bring = async (count: number, minutesAgo: number): Promise<string[]> => {
  const events = Array.from({ length: count }, () => event(minutesAgo));
  await db.withRollup((tx) => insertExchanges(tx, events));
  return events.map(({ exchangeId }) => exchangeId);
};
/** Sends until nothing waits: transactions of other tests on the same server hold back what is newer than they are. */
const drain = (deps: SinkDeps, most?: number) =>
  expect
    .poll(
      async () => {
        await sendOut(deps, undefined, most);
        const all = await db.withRollup(listStandings);
        return all.find(({ sink }) => sink === deps.sinks[0]?.name)?.waiting;
      },
      { timeout: 30_000 },
    )
    .toBe(0);
const idsOf = (bodies: Iterable<string>) =>
  [...bodies]
    .flatMap((body) =>
      body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).exchangeId as string),
    )
    .sort();

test('everything goes out once to files of its own, however late it ended, and again from where it was', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-sink-'));
  const deps = { db, clock, log, sinks: [createFileSink(folder)] };
  const read = async () => {
    const names = (await readdir(path.join(folder, 'exchanges'))).sort();
    return {
      names,
      ids: idsOf(
        await Promise.all(names.map((name) => readFile(path.join(folder, 'exchanges', name), 'utf8'))),
      ),
    };
  };
  const first = [...(await bring(3, 1)), ...(await bring(3, 2)), ...(await bring(2, 0))];
  await drain(deps, 4);
  const before = await read();
  expect(before.ids).toEqual(first.sort());
  expect(before.names.length).toBeGreaterThan(1);
  // It ended days before what has gone out.
  const late = await bring(2, 5 * 24 * 60);
  await drain(deps, 4);
  const after = await read();
  expect(after.names.slice(0, before.names.length)).toEqual(before.names);
  expect(after.ids).toEqual([...first, ...late].sort());
  await sendOut(deps);
  expect((await read()).names).toEqual(after.names);
  await rm(folder, { recursive: true });
  const [standing] = await db.withRollup(listStandings);
  expect(standing).toMatchObject({ sink: 'files', rowsSent: 10, waiting: 0, oldest: null, failure: null });
});

test('what is being written goes out once it is there, and nothing before it is passed over', async () => {
  const objects = new Map<string, string>();
  const sink: Sink = { name: 'slow', put: async ({ name, body }) => void objects.set(name, body.toString()) };
  const deps = { db, clock, log, sinks: [sink] };
  await drain(deps);
  const known = idsOf(objects.values()).length;
  const held = event(1);
  await db.withRollup(async (tx) => {
    await insertExchanges(tx, [held]);
    const meanwhile = await bring(1, 1);
    await sendOut(deps);
    expect(idsOf(objects.values())).not.toContain(meanwhile[0]);
  });
  await drain(deps);
  expect(idsOf(objects.values())).toContain(held.exchangeId);
  expect(idsOf(objects.values())).toHaveLength(known + 2);
});

test('a copy that dies after it wrote leaves the same object under the same name to the next', async () => {
  const puts: [string, string][] = [];
  let dies = true;
  const sink: Sink = {
    name: 'dying',
    put: async ({ name, body }) => {
      puts.push([name, body.toString()]);
      if (dies) throw new Error('The copy dies');
    },
  };
  const deps = { db, clock, log, sinks: [sink] };
  await sendOut(deps, undefined, 5);
  const added = await bring(1, 1);
  dies = false;
  await drain(deps, 5);
  expect(puts[1]).toEqual(puts[0]);
  expect(idsOf(new Map(puts).values())).toContain(added[0]);
  expect(new Set(idsOf(new Map(puts).values())).size).toBe(idsOf(new Map(puts).values()).length);
});

test('objects are put into a store that checks their signature; a refusal is told and tried again', async () => {
  const sink = createS3Sink({ fetch: outbound, clock }, { ...key, url: s3.url });
  const deps = { db, clock, log, sinks: [sink] };
  s3.failures.push(403);
  await expect.poll(async () => (s3.failures.length > 0 ? sendOut(deps) : 'refused')).toBe('refused');
  expect(s3.objects.size).toBe(0);
  const told = async () => (await db.withRollup(listStandings)).find(({ sink: name }) => name === 's3');
  expect(await told()).toMatchObject({ failure: 'sink_status_403', rowsSent: 0 });
  expect((await told())?.waiting).toBeGreaterThan(0);
  await drain(deps);
  expect(await told()).toMatchObject({ failure: null, waiting: 0 });
  expect([...s3.objects.keys()][0]).toMatch(/^\/bucket\/gatehouse\/exchanges\/\d{20}-\d{20}\.ndjson$/);
  expect(s3.refusals()).toBe(0);
  const line = [...s3.objects.values()][0]?.split('\n')[0] ?? '';
  expect(Object.keys(JSON.parse(line)).sort()).toEqual(
    [
      ...[
        'attempts',
        'connectionId',
        'connectorVersion',
        'endedAt',
        'exchangeId',
        'failedAttempts',
        'kind',
        'offered',
      ],
      ...['outcome', 'partner', 'reason', 'rejected', 'startedAt', 'tenantId', 'tier', 'toolId', 'tries'],
    ].sort(),
  );
  const wrong = createS3Sink({ fetch: outbound, clock }, { ...key, secretAccessKey: 'other', url: s3.url });
  await bring(1, 1);
  await expect.poll(async () => sendOut({ ...deps, sinks: [wrong] }).then(s3.refusals)).toBeGreaterThan(0);
});

test('a line has the tries of its exchange, and of one that was sent again those since the end before', async () => {
  const bodies: string[] = [];
  const sink: Sink = { name: 'tries', put: async ({ body }) => void bodies.push(body.toString()) };
  const first = { ...event(60), kind: 'grade_delivery', attempts: 2, failedAttempts: 2 } as const;
  const at = (minutes: number) => new Date(first.startedAt.getTime() + minutes * 60_000);
  const ended = { ...first, outcome: 'failed_partner', endedAt: at(2) } as const;
  const again = { ...first, attempts: 1, failedAttempts: 0, endedAt: at(30) };
  const tries = [
    [1, 'failed_partner', 'server_error', 5, 1],
    [2, 'failed_partner', 'outbound_timeout', null, 2],
    [3, 'success', null, 2, 30],
  ] as const;
  for (const [attempt, outcome, reason, statusClass, minutes] of tries) {
    await superuser.query(
      `insert into exchange_attempt (tenant_id, exchange_id, attempt, outcome, reason, http_status_class, started_at,
         ended_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [first.tenantId, first.exchangeId, attempt, outcome, reason, statusClass, at(minutes - 1), at(minutes)],
    );
  }
  await db.withRollup((tx) => insertExchanges(tx, [ended, again]));
  const [plain] = await bring(1, 1);
  await drain({ db, clock, log, sinks: [sink] });
  const lines = bodies.flatMap((body) =>
    body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
  const own = lines.filter(({ exchangeId }) => exchangeId === first.exchangeId);
  expect(own).toMatchObject([
    {
      outcome: 'failed_partner',
      tries: [
        { attempt: 1, reason: 'server_error', httpStatusClass: 5 },
        { attempt: 2, reason: 'outbound_timeout', httpStatusClass: null },
      ],
    },
    { outcome: 'success', tries: [{ attempt: 3, outcome: 'success' }] },
  ]);
  expect(own[0].tries[0].endedAt).toBe(at(1).toISOString().replace('Z', '000Z'));
  expect(lines.find(({ exchangeId }) => exchangeId === plain)?.tries).toEqual([]);
});
