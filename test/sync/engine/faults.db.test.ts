import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import type { Page, Raw, Seal } from '../../../contracts/connector.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSchool, hooks, pageOf, smallRoster, sourceOf, untilDone } from './world.ts';

const database = await createTestDatabase();
const { superuser, url } = database;
const watcher = new pg.Client({ connectionString: url });
await watcher.connect();
afterAll(() => watcher.end());

test('a run killed in the middle of applying has changed nothing, and does all of it the next time', async () => {
  const school = await createSchool(database, 'killed');
  await school.sync(smallRoster());
  const roster = smallRoster();
  roster.users[0]!.givenName = 'Adele';
  roster.results = [];
  const { run } = await school.planned(roster);
  const options = { removals: true, now: new Date(), signal: untilDone() };
  // The row that is written last is held, so that applying stands still with most of it done.
  await watcher.query('begin');
  await watcher.query(`select from roster_result where tenant_id = $1 for update`, [school.tenantId]);
  const applying = school.engine.apply(run, options).catch((error: unknown) => error);
  const waiting = () =>
    superuser.query(
      `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%roster_result%' and datname = current_database()`,
    );
  await expect.poll(async () => (await waiting()).rowCount).toBe(1);
  await superuser.query('select pg_terminate_backend($1)', [(await waiting()).rows[0].pid]);
  expect(await applying).toBeInstanceOf(Error);
  await watcher.query('rollback');
  expect((await school.rows('users'))[0]).toMatchObject({ given_name: 'Ada' });
  expect(await school.ids('results')).toEqual(['m1']);
  expect(await school.engine.apply(run, options)).toEqual({
    created: 0,
    changed: 1,
    removed: 1,
    restored: 0,
  });
  expect((await school.rows('users'))[0]).toMatchObject({ given_name: 'Adele' });
  // Applied, and asked again by somebody who did not hear of it.
  expect(await school.engine.apply(run, options)).toEqual({
    created: 0,
    changed: 1,
    removed: 1,
    restored: 0,
  });
});

test('readers see the roster as it was until all of a run is there', async () => {
  const school = await createSchool(database, 'readers');
  await school.sync(smallRoster());
  const roster = smallRoster();
  roster.users[0]!.givenName = 'Adele';
  roster.results = [];
  const { run } = await school.planned(roster);
  await watcher.query('begin');
  await watcher.query(`select from roster_result where tenant_id = $1 for update`, [school.tenantId]);
  const applying = school.engine.apply(run, { removals: true, now: new Date(), signal: untilDone() });
  await expect
    .poll(
      async () =>
        (await superuser.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)).rowCount,
    )
    .toBe(1);
  expect((await school.rows('users'))[0]).toMatchObject({ given_name: 'Ada' });
  await watcher.query('commit');
  await applying;
  expect((await school.rows('users'))[0]).toMatchObject({ given_name: 'Adele' });
});

test('staging that was emptied by a crash is noticed before anything is planned or applied', async () => {
  const school = await createSchool(database, 'emptied');
  const { run } = await school.planned(smallRoster());
  expect((await school.engine.begin(run)).staged.get('users')).toBe(2);
  const { rows } = await superuser.query('select place from staging.place where run_id = $1', [run.runId]);
  await superuser.query(`truncate staging_${rows[0].place}.staged_user, staging_${rows[0].place}.fresh_user`);
  expect((await school.engine.begin(run)).staged.get('users')).toBe(0);
  const lost = { kind: 'conflict', code: 'staging_lost' };
  await expect(school.engine.plan(run, new Map(), untilDone())).rejects.toMatchObject(lost);
  await expect(
    school.engine.apply(run, { removals: true, now: new Date(), signal: untilDone() }),
  ).rejects.toMatchObject(lost);
});

test('checkpoints are told when their rows are there, also where the source fails after them', async () => {
  const school = await createSchool(database, 'checkpoints');
  const run = await school.request({ entities: ['users'] });
  await school.engine.begin(run);
  const told: unknown[] = [];
  const counted = hooks(async ({ rows, checkpoint }) => {
    const { staged } = await school.engine.begin(run);
    told.push([rows, checkpoint, staged.get('users')]);
  });
  async function* failing(): AsyncIterable<Page | Raw | Seal> {
    yield pageOf('users', [smallRoster().users[0]!], { first: 1, checkpoint: 'after 1' });
    throw new Error('the source is down');
  }
  await expect(school.engine.load(run, 'users', failing(), counted)).rejects.toThrow('the source is down');
  async function* rest(): AsyncIterable<Page | Raw | Seal> {
    yield pageOf('users', [smallRoster().users[1]!], { first: 2, checkpoint: 'after 2' });
    yield { kind: 'seal', expected: 2, state: 'next' };
  }
  const loaded = await school.engine.load(run, 'users', rest(), counted);
  expect(told).toEqual([
    [1, 'after 1', 1],
    [2, 'after 2', 2],
  ]);
  expect(loaded).toEqual({ rows: 2, seal: { kind: 'seal', expected: 2, state: 'next' } });
  await school.engine.forget(run, 'users');
  expect((await school.engine.begin(run)).staged.get('users')).toBe(0);
});

test('text that is CSV already is copied as it comes, with its findings told after it', async () => {
  const school = await createSchool(database, 'raw');
  const run = await school.request({ entities: ['orgs'] });
  await school.engine.begin(run);
  async function* chunks() {
    yield Buffer.from(
      '2,s1,North,school,"{""metadata.x"": ""1""}"\n3,s2,"Two ""lines""\nand, a comma",school,\n',
    );
    yield Buffer.from('4,s3,"",school,\n');
  }
  const findings: unknown[] = [];
  async function* source(): AsyncIterable<Page | Raw | Seal> {
    yield {
      kind: 'raw',
      part: 'orgs.csv',
      columns: ['line', 'sourcedId', 'name', 'type', 'metadata'],
      chunks: chunks(),
      findings: () => [{ code: 'ragged_row', severity: 'error', line: 5 }],
    };
    yield { kind: 'seal', expected: 3, state: undefined };
  }
  const { rows, seal } = await school.engine.load(
    run,
    'orgs',
    source(),
    hooks(undefined, async (entity, found) => void findings.push([entity, ...found])),
  );
  expect(rows).toBe(3);
  expect(findings).toEqual([['orgs', { code: 'ragged_row', severity: 'error', line: 5 }]]);
  const seals = new Map([['orgs' as const, seal!]]);
  await school.engine.validate(run, seals, untilDone());
  expect(await school.listFindings(run)).toMatchObject([
    { code: 'control_characters', line: 3, sourcedId: 's2' },
    { code: 'value_missing', line: 4, sourcedId: 's3' },
  ]);
  await school.engine.plan(run, seals, untilDone());
  await school.engine.apply(run, { removals: true, now: new Date(), signal: untilDone() });
  expect(await school.rows('orgs')).toMatchObject([
    { name: 'North', metadata: { 'metadata.x': '1' }, line: 2 },
    { name: 'Two "lines" and, a comma', line: 3 },
    { name: null },
  ]);
});

test('rows that are copied as they came stand in the part that is read just then', async () => {
  const school = await createSchool(database, 'parts');
  const run = await school.request({ entities: ['orgs'] });
  await school.engine.begin(run);
  async function* source(): AsyncIterable<Page | Raw | Seal> {
    for (const [part, id] of [
      ['north.csv', 's1'],
      ['south.csv', 's2'],
      ['north.csv', 's3'],
    ] as const) {
      async function* chunks() {
        yield Buffer.from(`2,${id},${id},school\n`);
      }
      const columns = ['line', 'sourcedId', 'name', 'type'];
      yield { kind: 'raw', part, columns, chunks: chunks(), findings: () => [] };
    }
    yield { kind: 'seal', expected: 3, state: undefined };
  }
  const { seal } = await school.engine.load(run, 'orgs', source(), hooks());
  const seals = new Map([['orgs' as const, seal!]]);
  await school.engine.validate(run, seals, untilDone());
  await school.engine.plan(run, seals, untilDone());
  await school.engine.apply(run, { removals: true, now: new Date(), signal: untilDone() });
  expect(await school.rows('orgs')).toMatchObject([{ part: 1 }, { part: 2 }, { part: 1 }]);
  await school.end(run);
});

test('an aborted load leaves what was there, and the place can be used again', async () => {
  const school = await createSchool(database, 'aborted');
  const run = await school.request({ entities: ['orgs'] });
  await school.engine.begin(run);
  const abort = new AbortController();
  async function* chunks() {
    yield Buffer.from('2,s1,North,school\n');
    abort.abort(new Error('enough'));
    yield Buffer.from('3,s2,South,school\n');
  }
  async function* source(): AsyncIterable<Raw> {
    yield {
      kind: 'raw',
      part: 'orgs.csv',
      columns: ['line', 'sourcedId', 'name', 'type'],
      chunks: chunks(),
      findings: () => [],
    };
  }
  const loading = school.engine.load(run, 'orgs', source(), { ...hooks(), signal: abort.signal });
  await expect(loading).rejects.toThrow();
  expect((await school.engine.begin(run)).staged.get('orgs')).toBe(0);
  await school.engine.load(run, 'orgs', sourceOf('orgs', smallRoster().orgs), hooks());
  expect((await school.engine.begin(run)).staged.get('orgs')).toBe(3);
});
