import { expect, test } from 'vitest';
import { followHandlers } from '../../../src/api/rosters/follow-run.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';
import { writeRun } from '../support/run-rows.ts';

const testDatabase = await createTestDatabase();
const { superuser, database } = testDatabase;
const world = createApiWorld(testDatabase);

interface Event {
  name: string;
  data: Record<string, unknown>;
}

/** Reads the events of a run as they come. */
async function follow(origin: string, address: string, token: string) {
  const controller = new AbortController();
  const response = await fetch(`${origin}${address}`, {
    headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' },
    signal: controller.signal,
  });
  async function* read(): AsyncGenerator<Event> {
    let rest = '';
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      rest += piece;
      for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
        const [, name = '', data = '{}'] = /^event: (\w+)\ndata: (.*)$/s.exec(rest.slice(0, end)) ?? [];
        rest = rest.slice(end + 2);
        yield { name, data: JSON.parse(data) };
      }
    }
  }
  return { response, events: read(), leave: () => controller.abort() };
}

async function openRun(state: 'reading' | 'held' | 'applied') {
  const school = await world.addSchool();
  const runId = await writeRun(superuser, school.tenantId, school.connectionId, { state, plan: null });
  const address = `/api/v1/tenants/${school.slug}/rosters/${school.connectionId}/runs/${runId}/events`;
  const set = (assignment: string) =>
    superuser.query(`update sync_run set ${assignment} where tenant_id = $1 and run_id = $2`, [
      school.tenantId,
      runId,
    ]);
  return { school, runId, address, set };
}

test('progress comes as it happens, and the end ends it', async () => {
  const { origin } = await world.open();
  const { school, address, set } = await openRun('reading');
  const { response, events } = await follow(origin, address, school.token);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-disposition')).toBeNull();
  const first = await events.next();
  expect(first.value).toMatchObject({ name: 'progress', data: { state: 'reading', read: 107 } });
  await set(`progress = '{"users": {"rows": 200, "done": true}}'`);
  const second = await events.next();
  expect(second.value).toMatchObject({ name: 'progress', data: { read: 200 } });
  await set(`state = 'applied', ended_at = now(), outcome = 'success'`);
  expect((await events.next()).value).toMatchObject({ name: 'end', data: { state: 'applied' } });
  expect((await events.next()).done).toBe(true);
});

test('a run that waits for somebody is told once', async () => {
  const { origin } = await world.open();
  const { school, address } = await openRun('held');
  const { events } = await follow(origin, address, school.token);
  expect((await events.next()).value).toMatchObject({
    name: 'end',
    data: { state: 'held', reason: 'removals' },
  });
  expect((await events.next()).done).toBe(true);
});

test('a run of another roster or school is none', async () => {
  const { origin, call } = await world.open();
  const [ours, theirs] = [await openRun('reading'), await openRun('reading')];
  const foreign = await call('followRun', {
    token: ours.school.token,
    params: { slug: ours.school.slug, connectionId: ours.school.connectionId, runId: theirs.runId },
  });
  expect(foreign).toMatchObject({ status: 404, body: { code: 'run_unknown' } });
  const { response } = await follow(origin, theirs.address, ours.school.token);
  expect(response.status).toBe(404);
  await response.body?.cancel();
});

test('so many streams are open at once, and whoever goes makes room', async () => {
  const { school, runId } = await openRun('reading');
  const { followRun } = followHandlers(database, systemClock, { streams: 2, tickMs: 5 });
  const controller = new AbortController();
  const tenant = { tenantId: school.tenantId };
  const params = { connectionId: school.connectionId, runId };
  const call = { tenant, params, by: { actor: 'a' }, signal: controller.signal };
  const open = async () =>
    (await followRun(call as unknown as Parameters<typeof followRun>[0]))[Symbol.asyncIterator]();
  const [first, second] = [await open(), await open()];
  expect((await first.next()).value).toContain('event: progress');
  await expect(open()).rejects.toMatchObject({ kind: 'rate_limited', code: 'too_many_streams' });
  await first.return?.();
  const third = await open();
  expect((await third.next()).value).toContain('event: progress');
  await second.next();
  controller.abort();
  expect(await Promise.all([second.next(), third.next()])).toMatchObject([{ done: true }, { done: true }]);
  await expect(Promise.all([open(), open()])).resolves.toHaveLength(2);
});

test('one caller leaves streams to the others', async () => {
  const { school, runId } = await openRun('reading');
  const { followRun } = followHandlers(database, systemClock, { streams: 5, ofOneCaller: 2, tickMs: 5 });
  const { signal } = new AbortController();
  const call = {
    tenant: { tenantId: school.tenantId },
    params: { connectionId: school.connectionId, runId },
  };
  const open = async (actor: string) =>
    (await followRun({ ...call, by: { actor }, signal } as unknown as Parameters<typeof followRun>[0]))[
      Symbol.asyncIterator
    ]();
  const tries = await Promise.allSettled(['a', 'a', 'a', 'a', 'b'].map(open));
  expect(tries.map(({ status }) => status).sort()).toEqual([
    ...['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  ]);
  expect(tries[4]!.status).toBe('fulfilled');
});

test('a stream ends after a while, so that whether its reader still may is asked anew', async () => {
  const { school, runId } = await openRun('reading');
  const { followRun } = followHandlers(database, systemClock, { tickMs: 5, longestMs: 20 });
  const call = {
    tenant: { tenantId: school.tenantId },
    params: { connectionId: school.connectionId, runId },
    by: { actor: 'a' },
    signal: new AbortController().signal,
  };
  const pieces: string[] = [];
  for await (const piece of await followRun(call as unknown as Parameters<typeof followRun>[0]))
    pieces.push(piece);
  expect(new Set(pieces.map((piece) => piece.split('\n', 1)[0]))).toEqual(new Set(['event: progress']));
  // Nothing comes: once without a rate, once with a rate of nothing, and nothing is told twice.
  expect(pieces.length).toBeLessThanOrEqual(2);
});
