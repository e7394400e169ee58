import { expect, test } from 'vitest';
import { rowsOf } from '../../../src/demo/sis/oneroster/shelves.ts';
import { manyOrgs, org, startRest } from './reading-rest.ts';

const at = Date.UTC(2026, 10, 20, 12);
const changedAt = (index: number, time: number) => ({
  ...org(index),
  dateLastModified: new Date(time).toISOString(),
});

async function startAt(modes = {}) {
  const clock = { now: at };
  const rest = await startRest({ source: rowsOf({ orgs: manyOrgs(25) }), modes, now: () => clock.now });
  return { ...rest, clock };
}

test("the next delta begins at the source's own time at the start, less the overlap", async () => {
  const { read, sis, clock } = await startAt();
  const pass = () => {
    clock.now += 90_000;
  };
  sis.faults.add({ kind: 'meanwhile', do: pass }, { list: 'orgs', after: 1 });
  const { seal } = await read('orgs');
  expect(seal?.state).toBe(new Date(at - 5 * 60_000).toISOString());
  const wide = await read('orgs', { settings: { overlapMinutes: 60 } });
  expect(wide.seal?.state).toBe(new Date(clock.now - 60 * 60_000).toISOString());
});

test('a delta asks for what changed at or after that time, in UTC, with those that are gone', async () => {
  const { read, sis } = await startAt();
  const { seal } = await read('orgs');
  const state = seal?.state ?? '';
  sis.shelves.put('orgs', changedAt(3, Date.parse(state)));
  sis.shelves.put('orgs', changedAt(4, Date.parse(state) - 1));
  sis.shelves.put('orgs', { ...changedAt(5, at), status: 'tobedeleted' });
  const delta = await read('orgs', { request: { mode: 'delta', state } });
  expect(delta.rows.map(({ sourcedId, status }) => [sourcedId, status])).toEqual([
    ['org-003', 'active'],
    ['org-005', 'tobedeleted'],
  ]);
  expect(sis.calls.at(-1)).toContain(
    `filter=${encodeURIComponent(`dateLastModified>='${state}'`).replaceAll("'", '%27')}`,
  );
  expect(delta.seal?.state).toBeDefined();
});

test('a source that refuses the filter is read whole, and says so; one that does not heed it gives no older rows', async () => {
  for (const modes of [{ refuses: new Set(['filter']) }, { ignores: new Set(['filter']) }]) {
    const { read, sis } = await startAt(modes);
    const { seal } = await read('orgs');
    sis.shelves.put('orgs', changedAt(3, at));
    const delta = await read('orgs', { request: { mode: 'delta', state: seal?.state } });
    expect(delta.ids).toEqual(['org-003']);
    expect(delta.codes).toEqual('refuses' in modes ? ['filter_refused'] : []);
    expect(delta.seal?.state).toBeDefined();
  }
});

test('a delta that was killed goes on as a delta', async () => {
  const { read, sis } = await startAt();
  const { seal } = await read('orgs');
  for (let index = 0; index < 15; index += 1) sis.shelves.put('orgs', changedAt(index, at));
  const whole = await read('orgs', { request: { mode: 'delta', state: seal?.state } });
  expect(whole.ids).toHaveLength(15);
  const rest = await read('orgs', { request: { mode: 'delta', state: whole.checkpoints[0], resumes: true } });
  expect(rest.ids).toEqual(whole.ids.slice(10));
});

test('the first delta, with nothing to begin from, reads everything', async () => {
  const { read } = await startAt();
  expect((await read('orgs', { request: { mode: 'delta' } })).ids).toHaveLength(25);
});
