import { beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant } = createCommandLine(testDatabase);

const connect = ['roster', 'connect', '--connector', 'paper-sis', '--name', 'SIS'];
const files = { secret: 'right\n', key: '-----BEGIN-----\nabc\n-----END-----\n', mapping: '{"a":"b"}' };
let at: string[];

beforeEach(async () => {
  at = ['--tenant', await makeTenant()];
});

/** Connects a roster that answers. */
async function connected(...words: string[]): Promise<string> {
  const given = [...connect, ...at, '--set', 'url=https://sis.example', '--secret-file', 'password=secret'];
  const { out, err, exitCode } = await hub([...given, ...words, '--json'], files);
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
  return JSON.parse(out).roster.connectionId;
}

const show = async (id: string) => (await done('roster', 'show', id, ...at)).roster;

test('connectors are listed with their settings, which of them are required and which secret', async () => {
  const { out } = await hub(['roster', 'connectors']);
  expect(out).toMatch(/paper-sis: Paper SIS/);
  expect(out).toMatch(/url +string +required +Where it is/);
  expect(out).toMatch(/password +string +required, secret/);
  expect(out).toMatch(/from +upload \| folder +–/);
  const [connector] = (await done('roster', 'connectors')).connectors;
  expect(connector).toMatchObject({ id: 'paper-sis', version: '1.2.0' });
  expect(connector.settings.find(({ name }: { name: string }) => name === 'pages')).toMatchObject({
    type: 'integer',
    required: false,
    secret: false,
  });
});

test('settings are read as their connector wants them', async () => {
  const id = await connected(
    ...['--set', 'pages=20', '--set', 'strict=yes', '--set', 'years=2025, 2026', '--set', 'from=folder'],
    ...['--set-file', 'mapping=mapping', '--secret-file', 'key=key'],
  );
  const { settings, secrets } = await show(id);
  expect(settings).toEqual({
    url: 'https://sis.example',
    pages: 20,
    strict: true,
    years: ['2025', '2026'],
    from: 'folder',
    mapping: { a: 'b' },
  });
  expect(secrets).toEqual(['key', 'password']);
});

test('a secret is sealed: no command, no row and no audit entry shows it', async () => {
  const id = await connected('--secret-file', 'key=key');
  const said = [
    (await hub(['roster', 'show', id, ...at])).out,
    JSON.stringify(await show(id)),
    JSON.stringify((await superuser.query('select * from roster_source')).rows),
    JSON.stringify((await superuser.query('select * from audit_event natural join audit_value')).rows),
  ].join('\n');
  expect(said).toContain('settings.password');
  expect(said).not.toMatch(/right\b|BEGIN/);
  // The line break at the end of the file is no part of the password, or the source would refuse it.
  expect((await hub(['roster', 'check', id, ...at])).exitCode).toBe(0);
});

test('a roster is listed, shown, paused, resumed and switched off', async () => {
  const id = await connected('--zone', 'Europe/Berlin', '--full-at', '30 2 * * *');
  const list = async () => (await hub(['roster', 'list', ...at])).out;
  expect(await list()).toMatch(new RegExp(`${id} +SIS +paper-sis +active +2025-09-01T00:30:00.000Z`));
  expect((await hub(['roster', 'pause', id, ...at, '--reason', 'Moving'])).out).toBe('"SIS" is paused.\n');
  expect(await list()).toMatch(/paused +when asked/);
  await done('roster', 'resume', id, ...at);
  expect(await list()).toMatch(/active +2025-09-01/);
  await done('roster', 'disable', id, ...at);
  expect(await list()).toMatch(/disabled/);
  const { rows } = await superuser.query(
    `select e.action, e.actor, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where subject = $1 order by sequence`,
    [`connection:${id}`],
  );
  expect(rows).toEqual([
    { action: 'roster.connected', actor: 'command:roster.connect', reason: null },
    { action: 'roster.paused', actor: 'command:roster.pause', reason: 'Moving' },
    { action: 'roster.resumed', actor: 'command:roster.resume', reason: null },
    { action: 'roster.disabled', actor: 'command:roster.disable', reason: null },
  ]);
  expect((await hub(['roster', 'list', '--tenant', await makeTenant()])).out).toContain(
    'No roster is connected',
  );
});

test('what is not given in a change stays, part by part', async () => {
  const id = await connected(
    ...['--zone', 'Europe/Berlin', '--full-at', '30 2 * * *', '--quiet', '07:00-16:00'],
    ...[
      '--threshold',
      'removedPercent=5',
      '--school',
      's1',
      '--rollover',
      '2026-07-01..2026-08-31=no_removals',
    ],
  );
  const before = await show(id);
  const change = (...words: string[]) => done('roster', 'update', id, ...at, ...words);
  await change('--delta-at', '0 * * * *', '--threshold', 'grownPercent=90', '--set', 'pages=30');
  const after = await show(id);
  expect(after).toMatchObject({
    schedule: { ...before.schedule, delta: '0 * * * *' },
    thresholds: { ...before.thresholds, grownPercent: 90 },
    settings: { ...before.settings, pages: 30 },
    schools: ['s1'],
    rollovers: before.rollovers,
    secrets: ['password'],
  });
  await change('--wider-percent', '60', '--wider-until', '2026-10-01T06:00:00Z');
  expect((await show(id)).thresholds).toMatchObject({ removedPercent: 5, wider: { removedPercent: 60 } });
  await change('--all-schools', '--no-schedule', '--no-rollover', '--no-wider', '--unset', 'pages');
  const last = await show(id);
  expect(last).toMatchObject({ schools: null, schedule: null, rollovers: [], settings: { pages: 10 } });
  expect(last.thresholds).toEqual({ ...after.thresholds });
});

test('the source is asked: whether it answers, and for its schools', async () => {
  const id = await connected('--school', 's2');
  const { out } = await hub(['roster', 'check', id, ...at]);
  expect(out).toContain('It answers: Paper SIS 9');
  expect(out).toContain('Note: It is slow on Mondays.');
  expect((await hub(['roster', 'schools', id, ...at])).out).toMatch(/s1 +no +North\ns2 +yes +South/);
  await done('roster', 'update', id, ...at, '--set', 'url=https://down.example');
  expect(await hub(['roster', 'check', id, ...at])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('The SIS does not answer. Try again later.'),
  });
});

test.each([
  [['--set', 'urll=x'], 'Did you mean "url"?'],
  [['--set', 'zzzzzz=x'], 'See: roster connectors'],
  [['--set', 'password=right'], '--secret-file password=<path>'],
  [['--set-file', 'password=secret'], '--secret-file password=<path>'],
  [['--secret-file', 'url=secret'], '"url" is none'],
  [['--set', 'pages=many'], 'pages must be a number'],
  [['--set', 'strict=maybe'], 'strict must be yes or no'],
  [['--set', 'mapping={'], 'mapping must be JSON'],
  [['--secret-file', 'password=nowhere'], 'cannot be read'],
  [['--set', 'url=https://x.example'], 'password'],
  [['--connector', 'papersis'], 'Did you mean "paper-sis"?'],
])('connecting with %j is refused, and nothing is kept', async (words, complaint) => {
  const base = words[0] === '--connector' ? ['roster', 'connect', '--name', 'SIS'] : connect;
  const said = await hub([...base, ...at, ...words], files);
  expect(said).toMatchObject({ exitCode: 2, err: expect.stringContaining(complaint) });
  expect(said.err).not.toContain('right');
  expect((await done('roster', 'list', ...at)).rosters).toEqual([]);
});

const id = '0199c5a4-0000-7000-8000-000000000000';

test.each([
  [['connect', '--name', 'x'], 'Missing: --connector <id>'],
  [[...connect.slice(1), '--full-at', '0 2 * * *'], '--zone is missing'],
  [[...connect.slice(1), '--zone', 'Europe/Berlin'], '--full-at or --delta-at is missing'],
  [[...connect.slice(1), '--quiet', 'at night'], '--quiet must have the form'],
  [[...connect.slice(1), '--rollover', 'summer'], '--rollover must have the form'],
  [[...connect.slice(1), '--threshold', 'removed=5'], '--threshold must be one of'],
  [[...connect.slice(1), '--threshold', 'removedPercent=few'], 'removedPercent must be a number'],
  [[...connect.slice(1), '--wider-percent', '50'], '--wider-until belong together'],
  [[...connect.slice(1), '--profile', 'strikt'], 'Did you mean "strict"?'],
  [[...connect.slice(1), '--set', 'url'], '--set must have the form name=value'],
  [[...connect.slice(1), '--set', 'url=a', '--set-file', 'url=b'], 'gives "url" once more'],
  [[...connect.slice(1), '--set', 'url=a', '--set', 'url=b'], 'gives a setting twice'],
  [['update', id], 'no setting is given'],
  [['show', 'sis'], '<roster> must be an id'],
  [['pauze', id], 'Did you mean "roster pause"?'],
  [['run', id, '--full', '--delta'], '--full and --delta exclude each other'],
  [['runs', id, '--limit', '501'], '--limit must be from 1 to 500'],
  [['plan', 'last'], '<run> must be an id'],
  [['findings', id, '--limit', '0'], '--limit must be from 1 to 500'],
  [['findings', id, '--after', 'x'], '--after must be a whole number'],
  [['approve', id], 'Missing: --reason <text>'],
  [['undo', id], 'Missing: --reason <text>'],
])('roster %j is refused before anything is opened', async (words, complaint) => {
  const said = await hub(['roster', ...words, '--tenant', 'north']);
  expect(said).toMatchObject({ exitCode: 2, opened: 0 });
  expect(said.err).toContain(complaint);
});

test.each([
  ['--school', 's1', '--all-schools'],
  ['--full-at', '0 2 * * *', '--zone', 'Europe/Berlin', '--no-schedule'],
  ['--rollover', '2026-07-01..2026-08-31=pause', '--no-rollover'],
  ['--wider-percent', '5', '--wider-until', '2026-10-01T06:00:00Z', '--no-wider'],
])('a change that gives and takes back at once is refused: %s', async (...words) => {
  const said = await hub(['roster', 'update', await connected(), ...at, ...words]);
  expect(said).toMatchObject({ exitCode: 2, err: expect.stringContaining('exclude each other') });
});

test('a value that cannot be is named by what refuses it', async () => {
  const words = [...connect, ...at, '--set', 'url=x', '--secret-file', 'password=secret'];
  const said = await hub([...words, '--zone', 'Mars/North', '--full-at', '0 2 * * *'], files);
  expect(said).toMatchObject({ exitCode: 2, err: expect.stringContaining('Give a time zone') });
});

test('a roster of another tenant is none', async () => {
  const roster = await connected();
  const elsewhere = ['--tenant', await makeTenant()];
  for (const words of [
    ['show'],
    ['check'],
    ['schools'],
    ['pause'],
    ['resume'],
    ['disable'],
    ['update', '--name', 'Mine'],
    ['run'],
    ['runs'],
  ]) {
    const [verb, ...rest] = words as [string, ...string[]];
    const said = await hub(['roster', verb, roster, ...elsewhere, ...rest]);
    expect({ verb, ...said }).toMatchObject({ verb, exitCode: 1, err: expect.stringContaining(roster) });
  }
  expect(await show(roster)).toMatchObject({ name: 'SIS', status: 'active', version: 1 });
});
