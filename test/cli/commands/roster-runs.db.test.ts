import { parse } from 'csv-parse/sync';
import { beforeEach, expect, test } from 'vitest';
import type { ConnectionId, RunId, TenantId } from '../../../contracts/ids.ts';
import { writeRun } from '../../api/support/run-rows.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant, sync, whileWaiting } = createCommandLine(testDatabase);
let at: string[];
let tenantId: TenantId;
let roster: ConnectionId;

beforeEach(async () => {
  const slug = await makeTenant();
  at = ['--tenant', slug];
  tenantId = (await done('tenant', 'show', slug)).tenant.tenantId;
  const words = [
    '--connector',
    'paper-sis',
    '--name',
    'SIS',
    '--set',
    'url=x',
    '--secret-file',
    'password=p',
  ];
  const { out } = await hub(['roster', 'connect', ...at, ...words, '--json'], { p: 'right' });
  roster = JSON.parse(out).roster.connectionId;
});

const write = (given: Parameters<typeof writeRun>[3] = {}) => writeRun(superuser, tenantId, roster, given);
const reason = ['--reason', 'Because'];

async function audited(runId: RunId) {
  const { rows } = await superuser.query(
    `select e.action, e.actor, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where subject = $1 order by sequence`,
    [`run:${runId}`],
  );
  return rows;
}

test('a run is asked for, full unless said otherwise, and listed newest first, page by page', async () => {
  sync.enqueued.length = 0;
  const first = (await done('roster', 'run', roster, ...at)).run;
  expect(first).toMatchObject({ mode: 'full', isDry: false, state: 'requested' });
  expect(sync.enqueued).toContain('work_roster_run');
  const second = (await done('roster', 'run', roster, ...at, '--delta', '--dry', ...reason)).run;
  expect(second).toMatchObject({ mode: 'delta', isDry: true, requestedBy: 'command:roster.run' });
  const ids = async (...words: string[]) =>
    (await done('roster', 'runs', roster, ...at, ...words)).runs.map(({ runId }: { runId: string }) => runId);
  expect(await ids()).toEqual(expect.arrayContaining([first.runId, second.runId]));
  const [newest] = await ids('--limit', '1');
  expect(await ids('--before', newest)).toHaveLength(1);
  expect((await hub(['roster', 'runs', roster, ...at])).out).toMatch(/ delta, dry +requested /);
});

test('a package is handed over and read by the run', async () => {
  const { out, exitCode } = await hub(
    ['roster', 'run', roster, ...at, '--package', './in/export.zip', '--json'],
    {
      './in/export.zip': 'PK…',
    },
  );
  expect(exitCode).toBe(0);
  const { rows } = await superuser.query(
    `select u.name, u.bytes::int, p.bytes as content from sync_run r
     join roster_upload u using (tenant_id, upload_id) join roster_upload_piece p using (tenant_id, upload_id)
     where r.run_id = $1`,
    [JSON.parse(out).run.runId],
  );
  expect(rows).toEqual([{ name: 'export.zip', bytes: 5, content: Buffer.from('PK…') }]);
  const missing = await hub(['roster', 'run', roster, ...at, '--package', 'nowhere.zip']);
  expect(missing).toMatchObject({ exitCode: 2, err: expect.stringContaining('nowhere.zip cannot be read') });
  const large = { 'big.zip': 'x'.repeat(10_001) };
  const refused = await hub(['roster', 'run', roster, ...at, '--package', 'big.zip'], large);
  expect(refused).toMatchObject({ exitCode: 1, err: expect.stringContaining('larger') });
  expect((await done('roster', 'runs', roster, ...at)).runs).toHaveLength(1);
});

test('a run is waited for, and how it goes is told on the way', async () => {
  const steps = [
    ['reading', { users: { rows: 50, done: false } }],
    ['reading', { users: { rows: 50, done: false } }],
    ['validated', { users: { rows: 107, done: true } }],
    ['held', {}],
  ] as const;
  let step = 0;
  whileWaiting(async () => {
    const [state, progress] = steps[step++]!;
    await superuser.query('update sync_run set state = $2, progress = $3 where tenant_id = $1', [
      tenantId,
      state,
      JSON.stringify(progress),
    ]);
  });
  const { out, err, exitCode } = await hub(['roster', 'run', roster, ...at, '--wait']);
  expect(exitCode).toBe(0);
  expect(err).toBe('requested\nreading: users 50…\nvalidated: users 107\n');
  expect(out).toMatch(/state: +held/);
  expect(out).toContain('It waits for somebody: look at roster plan');
});

test('a dry run is waited for to its plan', async () => {
  whileWaiting(async () => {
    await superuser.query(
      `update sync_run set state = 'planned', ended_at = requested_at, outcome = 'success' where tenant_id = $1`,
      [tenantId],
    );
  });
  const { out, err } = await hub(['roster', 'run', roster, ...at, '--dry', '--wait']);
  expect(err).toBe('requested\n');
  expect(out).toMatch(/state: +planned/);
});

test('a run that fails is told by the exit code, with what to do', async () => {
  whileWaiting(async () => {
    await superuser.query(
      `update sync_run set state = 'failed', reason = 'token_refused', advice = 'Enter the secret anew.',
         ended_at = requested_at, outcome = 'failed_config' where tenant_id = $1`,
      [tenantId],
    );
  });
  const { exitCode, out, err } = await hub(['roster', 'run', roster, ...at, '--wait']);
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(err).toBe('requested\nThe run has failed (token_refused). Enter the secret anew.\n');
});

test('a plan is shown by entity and school, with samples and with what holds it', async () => {
  const runId = await write();
  const { out } = await hub(['roster', 'plan', runId, ...at]);
  expect(out).toMatch(/users +s1 +100 +3 +2 +40 +1/);
  expect(out).toMatch(/orgs +– +4 +0 +0 +0 +0/);
  expect(out).toMatch(/remove +users +u1 u2/);
  expect(out).toContain('107 rows were offered, 2 of them rejected.');
  expect(out).toMatch(/removals +users +s1 +40 of 100 +25 would have passed/);
  const { plan, holds } = await done('roster', 'plan', runId, ...at);
  expect(plan.counts).toHaveLength(2);
  expect(holds).toMatchObject([{ code: 'removals', allowed: 25 }]);
  const early = await write({ state: 'reading', plan: null });
  expect(await hub(['roster', 'plan', early, ...at])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('has no plan; it is reading'),
  });
});

test('findings are listed page by page, or all of them written into a file', async () => {
  const runId = await write({ findings: 7 });
  const numbers = async (...words: string[]) =>
    (await done('roster', 'findings', runId, ...at, ...words)).findings.map(
      ({ findingNo }: { findingNo: number }) => findingNo,
    );
  expect(await numbers()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await numbers('--limit', '3')).toEqual([1, 2, 3]);
  expect(await numbers('--after', '5')).toEqual([6, 7]);
  expect(await numbers('--after', '1000000001')).toEqual([]);
  expect((await hub(['roster', 'findings', runId, ...at])).out).toMatch(
    /warning +enum_unknown +users\.csv:2 +role/,
  );
  const files: Record<string, string> = {};
  expect((await hub(['roster', 'findings', runId, ...at, '--csv', 'out.csv'], files)).out).toBe(
    'Wrote out.csv.\n',
  );
  const rows = parse(files['out.csv']!, { columns: true }) as Record<string, string>[];
  expect(rows.map(({ line }) => line)).toEqual(['2', '3', '4', '5', '6', '7', '8']);
  expect(rows[0]).toMatchObject({ file: 'users.csv', sourcedId: "'=u1" });
  expect((await hub(['roster', 'findings', await write(), ...at])).out).toContain('Nothing was found wrong.');
});

test('a plan that is held is approved or discarded once, and the reason is on record', async () => {
  const [first, second] = [await write(), await write()];
  expect((await done('roster', 'approve', first, ...at, ...reason)).run.state).toBe('approved');
  expect((await hub(['roster', 'discard', second, ...at, ...reason])).out).toMatch(/state: +discarded/);
  expect(await audited(first)).toEqual([
    { action: 'roster_run.approved', actor: 'command:roster.approve', reason: 'Because' },
  ]);
  for (const verb of ['approve', 'discard']) {
    const again = await hub(['roster', verb, second, ...at, ...reason, '--json']);
    expect(JSON.parse(again.err).error).toMatchObject({ code: 'run_state', details: { state: 'discarded' } });
  }
});

test('a run is cancelled before it is applied, and undone after', async () => {
  const waiting = await write({ state: 'requested', plan: null });
  expect((await done('roster', 'cancel', waiting, ...at, ...reason)).run.state).toBe('cancelled');
  const applied = await write({ state: 'applied' });
  expect(await hub(['roster', 'cancel', applied, ...at, ...reason])).toMatchObject({ exitCode: 1 });
  expect((await done('roster', 'undo', applied, ...at, ...reason)).run.state).toBe('undone');
  expect(await hub(['roster', 'undo', applied, ...at, ...reason])).toMatchObject({ exitCode: 1 });
});

test('a run of another tenant is none', async () => {
  const runId = await write({ findings: 1 });
  const elsewhere = ['--tenant', await makeTenant()];
  for (const words of [
    ['plan'],
    ['findings'],
    ['findings', '--csv', 'out.csv'],
    ...['approve', 'discard', 'cancel', 'undo'].map((verb) => [verb, ...reason]),
  ]) {
    const [verb, ...rest] = words as [string, ...string[]];
    const files = {};
    const said = await hub(['roster', verb, runId, ...elsewhere, ...rest], files);
    expect({ verb, ...said }).toMatchObject({ verb, exitCode: 1, err: expect.stringContaining(runId) });
    expect(files).toEqual({});
  }
  const { rows } = await superuser.query('select state from sync_run where run_id = $1', [runId]);
  expect(rows).toEqual([{ state: 'held' }]);
});
