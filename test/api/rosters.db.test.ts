import { parse } from 'csv-parse/sync';
import { beforeEach, expect, test } from 'vitest';
import type { ApiScope } from '../../contracts/http/scopes.ts';
import { createTestDatabase } from '../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from './support/api-world.ts';
import { writeRun } from './support/run-rows.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
let school: Awaited<ReturnType<typeof world.addSchool>>;
let call: (
  name: EndpointName,
  sent?: Sent & { runId?: string },
) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

beforeEach(async () => {
  school = await world.addSchool();
  const { slug, token, connectionId } = school;
  const opened = await world.open();
  call = (name, { runId = '', params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug, connectionId, runId, ...params } });
});

const write = (given: Parameters<typeof writeRun>[3] = {}) =>
  writeRun(superuser, school.tenantId, school.connectionId, given);

async function audited(subject: string) {
  const { rows } = await superuser.query(
    `select e.action, e.actor, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where subject = $1 order by sequence`,
    [subject],
  );
  return rows;
}

test('connectors are described with their settings, so that a form can be drawn', async () => {
  const { body } = await call('listConnectors');
  expect(body.connectors).toMatchObject([
    {
      id: 'paper-sis',
      title: 'Paper SIS',
      secrets: ['password', 'key'],
      settings: { required: ['url', 'password'] },
    },
  ]);
});

test('a roster is connected, shown without its secrets, changed and switched', async () => {
  const settings = { url: 'https://two.example', password: 'right', pages: 3 };
  const schedule = { zone: 'Europe/Berlin', full: '30 2 * * *' };
  const made = await call('connectRoster', {
    body: { connector: 'paper-sis', name: 'Second', settings, schedule, reason: 'Agreed' },
  });
  expect(made.status).toBe(201);
  const { roster } = made.body;
  expect(roster).toMatchObject({
    name: 'Second',
    settings: { url: 'https://two.example', pages: 3 },
    secrets: ['password'],
    schedule: { quiet: [] },
    nextRunAt: '2026-11-21T01:30:00.000Z',
  });
  expect(made.text).not.toContain('right');
  const params = { connectionId: roster.connectionId };
  expect((await call('showRoster', { params })).body.roster).toEqual(roster);
  expect((await call('listRosters')).body.rosters).toHaveLength(2);
  const changed = await call('updateRoster', {
    params,
    body: { schools: ['s1'], settings: { pages: null } },
  });
  expect(changed.body.roster).toMatchObject({
    schools: ['s1'],
    settings: { pages: 10 },
    secrets: ['password'],
  });
  for (const [name, status] of [
    ['pauseRoster', 'paused'],
    ['resumeRoster', 'active'],
    ['disableRoster', 'disabled'],
  ] as const) {
    expect((await call(name, { params, body: { reason: 'Why not' } })).body.roster.status).toBe(status);
  }
  const actor = `api-token:${school.apiToken.tokenId}`;
  expect(
    (await audited(`connection:${roster.connectionId}`)).map((row) => [row.action, row.actor, row.reason]),
  ).toEqual([
    ['roster.connected', actor, 'Agreed'],
    ['roster.updated', actor, null],
    ['roster.paused', actor, 'Why not'],
    ['roster.resumed', actor, 'Why not'],
    ['roster.disabled', actor, 'Why not'],
  ]);
});

test.each([
  [{ connector: 'nothing', name: 'X', settings: {} }, 'connector_unknown'],
  [{ connector: 'paper-sis', name: 'X', settings: { url: 'x' } }, 'roster_settings_invalid'],
  [{ connector: 'paper-sis', name: ' ', settings: { url: 'x', password: 'right' } }, 'roster_invalid'],
  [{ connector: 'paper-sis', name: 'X', settings: {}, status: 'active' }, 'request_invalid'],
  [{ connector: 'paper-sis', settings: {} }, 'request_invalid'],
  [[], 'request_invalid'],
])('connecting with %j is refused as %s', async (body, code) => {
  const refused = await call('connectRoster', { body });
  expect(refused).toMatchObject({ status: 400, body: { code } });
  expect((await call('listRosters')).body.rosters).toHaveLength(1);
});

test('the source is asked whether it answers, and for its schools', async () => {
  expect((await call('checkRoster')).body).toEqual({
    source: 'Paper SIS 9',
    entities: ['orgs', 'users'],
    warnings: ['It is slow on Mondays.'],
  });
  expect((await call('listSchools')).body.schools).toHaveLength(2);
});

test('a package is handed over as it comes and read by a run that names it', async () => {
  const content = Buffer.alloc(9_000, 7);
  const handed = await call('uploadPackage', { query: { name: 'export.zip' }, body: content });
  expect(handed.status).toBe(201);
  const { uploadId } = handed.body;
  const { rows } = await superuser.query(
    'select u.name, p.bytes from roster_upload u join roster_upload_piece p using (tenant_id, upload_id) where upload_id = $1',
    [uploadId],
  );
  expect(rows).toEqual([{ name: 'export.zip', bytes: content }]);
  const run = await call('startRun', { body: { mode: 'full', uploadId } });
  expect(run.status).toBe(202);
  const large = await call('uploadPackage', { body: Buffer.alloc(10_001) });
  expect(large).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  const empty = await call('uploadPackage', { body: Buffer.alloc(0) });
  expect(empty).toMatchObject({ status: 400, body: { code: 'package_empty' } });
  const unknown = await call('startRun', { body: { mode: 'full', uploadId: school.connectionId } });
  expect(unknown).toMatchObject({ status: 404, body: { code: 'package_unknown' } });
  expect(
    (await superuser.query('select count(*)::int from roster_upload where tenant_id = $1', [school.tenantId]))
      .rows,
  ).toEqual([{ count: 1 }]);
});

test('runs are asked for, dry or for real, and listed newest first, page by page', async () => {
  world.sync.enqueued.length = 0;
  const { run } = (await call('startRun', { body: { mode: 'delta', dry: true, reason: 'Try' } })).body;
  expect(run).toMatchObject({ mode: 'delta', dry: true, state: 'requested', progress: {}, endedAt: null });
  expect(run.requestedBy).toBe(`api-token:${school.apiToken.tokenId}`);
  expect(world.sync.enqueued).toContain('work_roster_run');
  expect(await audited(`run:${run.runId}`)).toMatchObject([
    { action: 'roster_run.requested', reason: 'Try' },
  ]);
  world.clock.time += 1_000;
  const second = (await call('startRun', { body: { mode: 'full' } })).body.run;
  const ids = async (query: Record<string, string> = {}) =>
    (await call('listRuns', { query })).body.runs.map(({ runId }: { runId: string }) => runId);
  expect(await ids()).toEqual([second.runId, run.runId]);
  expect(await ids({ limit: '1' })).toEqual([second.runId]);
  expect(await ids({ before: second.runId })).toEqual([run.runId]);
  for (const query of [{ limit: '0' }, { limit: '501' }, { before: 'last' }]) {
    expect(await call('listRuns', { query })).toMatchObject({ status: 400 });
  }
  expect(await call('startRun', { body: {} })).toMatchObject({
    status: 400,
    body: { code: 'request_invalid' },
  });
  expect(await call('showRun', { runId: 'last' })).toMatchObject({ status: 400 });
});

test('a plan is shown with what holds it; a run that has none says so', async () => {
  const { plan } = (await call('showPlan', { runId: await write() })).body;
  expect(plan.counts).toEqual([
    { entity: 'users', school: 's1', present: 100, created: 3, changed: 2, removed: 40, restored: 1 },
    { entity: 'orgs', school: null, present: 4, created: 0, changed: 0, removed: 0, restored: 0 },
  ]);
  expect(plan.holds).toEqual([
    { code: 'removals', entity: 'users', school: 's1', count: 40, total: 100, allowed: 25 },
  ]);
  const early = await write({ state: 'reading', plan: null });
  expect(await call('showPlan', { runId: early })).toMatchObject({
    status: 409,
    body: { code: 'run_unplanned' },
  });
});

test('findings come page by page to their end, and as one file', async () => {
  const runId = await write({ findings: 5 });
  const seen: number[] = [];
  let after: number | null = 0;
  for (let pages = 0; after !== null && pages < 9; pages++) {
    const { body } = await call('listFindings', { runId, query: { limit: '2', after: String(after) } });
    seen.push(...body.findings.map(({ findingNo }: { findingNo: number }) => findingNo));
    after = body.next;
  }
  expect(seen).toEqual([1, 2, 3, 4, 5]);
  expect(after).toBeNull();
  const file = await call('downloadFindings', { runId });
  expect(file.headers.get('content-disposition')).toContain('findings.csv');
  const rows = parse(file.text, { columns: true }) as Record<string, string>[];
  expect(rows.map(({ line }) => line)).toEqual(['2', '3', '4', '5', '6']);
  expect(await call('listFindings', { runId, query: { limit: '1001' } })).toMatchObject({ status: 400 });
});

test('a plan is approved or discarded once, by the token and for the reason given', async () => {
  const [first, second] = [await write(), await write()];
  const body = { reason: 'The school has closed' };
  expect((await call('approveRun', { runId: first, body })).body.run.state).toBe('approved');
  expect((await call('discardRun', { runId: second })).body.run.state).toBe('discarded');
  expect(await audited(`run:${first}`)).toEqual([
    { action: 'roster_run.approved', actor: `api-token:${school.apiToken.tokenId}`, reason: body.reason },
  ]);
  for (const name of ['approveRun', 'discardRun', 'cancelRun', 'undoRun'] as const) {
    expect(await call(name, { runId: second })).toMatchObject({ status: 409, body: { code: 'run_state' } });
  }
});

test('a run is cancelled before it is applied, and undone after', async () => {
  const waiting = await write({ state: 'requested', plan: null });
  expect((await call('cancelRun', { runId: waiting })).body.run.state).toBe('cancelled');
  const applied = await write({ state: 'applied', now: world.clock.now() });
  expect((await call('undoRun', { runId: applied })).body.run.state).toBe('undone');
});

test('a field is set by hand and let go', async () => {
  await superuser.query(
    `insert into roster_class (tenant_id, connection_id, sourced_id, title, content_hash, created_run, changed_run, part, line, changed_at)
     values ($1, $2, 'c1', 'Bio', 1, 1, 1, 1, 1, now())`,
    [school.tenantId, school.connectionId],
  );
  const field = { entity: 'classes', sourcedId: 'c1', column: 'title' };
  expect((await call('overrideField', { body: { ...field, value: 'Biology' } })).body).toEqual(field);
  expect((await call('listOverrides')).body.overrides).toMatchObject([{ ...field, value: 'Biology' }]);
  expect(await call('overrideField', { body: { ...field, column: 'nothing', value: 'x' } })).toMatchObject({
    status: 400,
  });
  expect((await call('clearOverride', { query: field })).status).toBe(200);
  expect((await call('listOverrides')).body.overrides).toEqual([]);
});

test('what was set by hand of a person is shown to who may read people, and that is written down', async () => {
  const { connectionId } = school;
  for (const [entity, column] of [
    ['users', 'givenName'],
    ['classes', 'title'],
  ]) {
    await superuser.query(
      `insert into roster_override (tenant_id, connection_id, entity, sourced_id, column_name, value, set_by, set_at)
       values ($1, $2, $3, 'x1', $4, 'Zyx', 'test', now())`,
      [school.tenantId, connectionId, entity, column],
    );
  }
  const shownTo = async (scopes: ApiScope[]) => {
    const { token } = await world.makeToken({ scopes, onlyTenantId: school.tenantId });
    const { body } = await call('listOverrides', { token });
    return body.overrides.map(({ value, hidden }: { value: string | null; hidden: boolean }) => [
      value,
      hidden,
    ]);
  };
  const shown = `select from audit_event where action = 'people.shown' and tenant_id = $1`;
  const written = async () => (await superuser.query(shown, [school.tenantId])).rowCount;
  expect(await shownTo(['rosters:read'])).toEqual([
    ['Zyx', false],
    [null, true],
  ]);
  expect(await written()).toBe(0);
  expect(await shownTo(['rosters:read', 'people:read'])).toEqual([
    ['Zyx', false],
    ['Zyx', false],
  ]);
  expect(await written()).toBe(1);
});

test('the description is there for everybody, and nothing else below /api answers', async () => {
  const { origin } = await world.open();
  const description = await fetch(`${origin}/api/openapi.json`);
  expect(await description.json()).toMatchObject({ openapi: '3.1.1' });
  const nothing = await fetch(`${origin}/api/v1/nothing`, { headers: { Accept: 'text/html' } });
  expect(nothing.status).toBe(404);
  expect(nothing.headers.get('content-type')).toContain('application/problem+json');
});

test('ids may come in capitals', async () => {
  const runId = await write();
  const params = { connectionId: school.connectionId.toUpperCase() };
  const { status, body } = await call('showRun', { runId: runId.toUpperCase(), params });
  expect({ status, runId: body.run?.runId }).toEqual({ status: 200, runId });
});

test('a package that was handed over to another roster is not looked into', async () => {
  const settings = { url: 'https://two.example', password: 'right' };
  const other = (await call('connectRoster', { body: { connector: 'paper-sis', name: 'Second', settings } }))
    .body.roster;
  const content = Buffer.alloc(9, 7);
  const { uploadId } = (await call('uploadPackage', { query: { name: 'x.zip' }, body: content })).body;
  const params = { connectionId: other.connectionId };
  const refused = { status: 404, body: { code: 'package_unknown' } };
  expect(await call('checkRoster', { params, body: { uploadId } })).toMatchObject(refused);
  expect(await call('listSchools', { params, query: { uploadId } })).toMatchObject(refused);
});
