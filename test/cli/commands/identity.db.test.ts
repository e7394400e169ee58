import { beforeEach, expect, test } from 'vitest';
import { directoryInput } from '../../api/support/sso-services.ts';
import { startDirectory } from '../../sso/ldap/directory-server.ts';
import { directory, person } from '../../sso/ldap/world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { baseUrl, createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const { done, hub, makeTenant } = createCommandLine(testDatabase);

const connect = ['identity', 'connect', '--protocol', 'ldap', '--name', 'Directory'];
const { servicePassword, ...open } = directoryInput().settings;
const files = {
  'ad.json': JSON.stringify(open),
  'whole.json': JSON.stringify({ ...open, servicePassword }),
  password: `${servicePassword}\n`,
  key: '{"attribute":"employeeNumber"}',
  list: '[1]',
  broken: '{"servicePassword": "reader-password"',
};
let at: string[];

beforeEach(async () => {
  at = ['--tenant', await makeTenant()];
});

/** Connects a directory. */
async function connected(...words: string[]): Promise<string> {
  const given = [...connect, ...at, '--settings', 'whole.json', ...words, '--json'];
  const { out, err, exitCode } = await hub(given, files);
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
  return JSON.parse(out).identity.connectionId;
}

const show = async (id: string) => (await done('identity', 'show', id, ...at)).identity;
const list = async () => (await done('identity', 'list', ...at)).identities;

test('protocols are listed with their presets, and their settings with which are secret', async () => {
  const { out } = await hub(['identity', 'protocols']);
  expect(out).toContain('ldap, with the presets generic, ad');
  expect(out).toMatch(/servicePassword +string +required, secret/);
  expect(out).toMatch(/groups +\S+ +–/);
  const { protocols } = await done('identity', 'protocols');
  const ldap = protocols.find(({ protocol }: { protocol: string }) => protocol === 'ldap');
  expect(ldap.settings).toContainEqual(
    expect.objectContaining({ name: 'servers', type: 'array', required: true }),
  );
});

test('settings come from a file and by name, and those by name count more', async () => {
  const given = [
    ...['--settings', 'ad.json', '--secret-file', 'servicePassword=password'],
    ...['--set', 'name=ad.school.example', '--set', 'key=objectGUID', '--preset', 'ad'],
  ];
  const { out } = await hub([...connect, ...at, ...given, '--json'], files);
  const { identity } = JSON.parse(out);
  expect(identity).toMatchObject({
    ...{ name: 'Directory', protocol: 'ldap', preset: 'ad', status: 'active', version: 1 },
    ...{ allowsNew: false, matchAttribute: null, roleRules: [], domains: [], secrets: ['servicePassword'] },
    settings: { name: 'ad.school.example', key: 'objectGUID', kind: 'generic' },
  });
  expect(await list()).toEqual([{ ...identity, warnings: [] }]);
  const text = (await hub([...connect, ...at, ...given], files)).out;
  expect(text).toContain(`identity test-link `);
});

test('settings are read from standard input', async () => {
  const given = [...connect, ...at, '--settings', '-'];
  expect(await hub(given, { '-': files['whole.json'] })).toMatchObject({ exitCode: 0, err: '' });
});

test('a secret is sealed: no command, no row and no audit entry shows it', async () => {
  const id = await connected();
  await hub(['identity', 'update', id, ...at, '--secret-file', 'servicePassword=password'], files);
  const said = [
    (await hub(['identity', 'show', id, ...at])).out,
    JSON.stringify(await show(id)),
    JSON.stringify((await superuser.query('select * from identity_source')).rows),
    JSON.stringify((await superuser.query('select * from audit_event natural join audit_value')).rows),
  ].join('\n');
  expect(said).toMatch(/settings.servicePassword: +\(secret\)/);
  expect(said).not.toContain('reader-password');
});

test('roles, domains and the match attribute are given, kept, changed and taken back', async () => {
  const group = 'CN=Teachers,OU=Groups,DC=school,DC=example';
  const id = await connected(
    ...['--role', `${group}=teacher`, '--role', '*=student', '--domain', 'School.example'],
    ...['--match-attribute', 'employeeNumber', '--allows-new', 'yes'],
  );
  const before = await show(id);
  expect(before).toMatchObject({
    roleRules: [
      { group, role: 'teacher' },
      { group: '*', role: 'student' },
    ],
    ...{ domains: ['school.example'], matchAttribute: 'employeeNumber', allowsNew: true },
  });
  const change = (...words: string[]) => hub(['identity', 'update', id, ...at, ...words], files);
  expect((await change('--set-file', 'key=key', '--reason', 'New key')).exitCode).toBe(0);
  expect(await show(id)).toEqual({
    ...before,
    settings: { ...before.settings, key: { attribute: 'employeeNumber' } },
    version: 2,
  });
  await change(
    '--no-roles',
    '--no-domains',
    '--no-match-attribute',
    '--allows-new',
    'no',
    '--unset',
    'timeouts',
  );
  expect(await show(id)).toMatchObject({
    ...{ roleRules: [], domains: [], matchAttribute: null, allowsNew: false },
    settings: { timeouts: { connectMs: 4000 } },
  });
});

test('a connection is listed, paused, resumed and switched off, with who did it and why', async () => {
  const id = await connected('--domain', 'school.example');
  const shown = async () => (await hub(['identity', 'list', ...at])).out;
  expect(await shown()).toMatch(new RegExp(`${id} +Directory +ldap \\(generic\\) +active +school.example`));
  const paused = await hub(['identity', 'pause', id, ...at, '--reason', 'Moving']);
  expect(paused.out).toBe('"Directory" is paused.\n');
  await done('identity', 'resume', id, ...at);
  await done('identity', 'disable', id, ...at);
  expect(await shown()).toMatch(/disabled/);
  const { rows } = await superuser.query(
    `select e.action, e.actor, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where subject = $1 order by sequence`,
    [`connection:${id}`],
  );
  expect(rows).toEqual([
    { action: 'identity.connected', actor: 'command:identity.connect', reason: null },
    { action: 'identity.status_set', actor: 'command:identity.pause', reason: 'Moving' },
    { action: 'identity.status_set', actor: 'command:identity.resume', reason: null },
    { action: 'identity.status_set', actor: 'command:identity.disable', reason: null },
  ]);
  const other = ['--tenant', await makeTenant()];
  expect((await hub(['identity', 'list', ...other])).out).toContain('Nobody signs in by a connection');
  for (const verb of ['show', 'pause', 'check', 'describe', 'test-link']) {
    const said = await hub(['identity', verb, id, ...other]);
    expect(said).toMatchObject({ exitCode: 1, err: expect.stringContaining('no identity connection') });
  }
});

test('a directory is asked step by step, and what fails is told by the exit code', async () => {
  const server = await startDirectory({ entries: directory(person('ada')) });
  const settings = { ...files, one: JSON.stringify(directoryInput(server.port).settings) };
  const id = await connected();
  const failed = await hub(['identity', 'check', id, ...at]);
  expect(failed).toMatchObject({ exitCode: 1, out: '' });
  expect(failed.err).toMatch(/127\.0\.0\.1:1 +connect +\d+ ms +FAILED: directory_unreachable/);
  expect(failed.err).toContain('What to do: ');
  const { error } = JSON.parse((await hub(['identity', 'check', id, ...at, '--json'])).err);
  expect(error).toMatchObject({
    code: 'identity_check_failed',
    details: { steps: [{ at: '127.0.0.1:1', reason: 'directory_unreachable', advice: expect.any(String) }] },
  });
  await hub(['identity', 'update', id, ...at, '--settings', 'one'], settings);
  const { out, exitCode } = await hub(['identity', 'check', id, ...at]);
  expect(exitCode).toBe(0);
  for (const step of ['connect', 'bind', 'base', 'find'])
    expect(out).toMatch(new RegExp(`${step} +\\d+ ms +ok`));
  expect(server.binds.map(({ dn }) => dn)).toEqual(['CN=reader,DC=school,DC=example']);
});

test('a directory needs to know nothing of the hub', async () => {
  const id = await connected();
  expect((await hub(['identity', 'describe', id, ...at])).out).toContain('needs to know nothing');
  expect(await done('identity', 'describe', id, ...at)).toEqual({ ownSide: null });
});

test('an address for one test is made, also of a paused connection, and not of a disabled one', async () => {
  const id = await connected();
  const [, slug] = at;
  await done('identity', 'pause', id, ...at);
  const { address, expiresAt } = await done(
    'identity',
    'test-link',
    id,
    ...at,
    '--reason',
    'Before the term',
  );
  expect(address).toMatch(new RegExp(`^${baseUrl}/t/${slug}/sign-in/${id}/test/[\\w-]{32}$`));
  expect(expiresAt).toBe('2025-09-02T00:00:00.000Z');
  const { rows } = await superuser.query('select * from sign_in_request where connection_id = $1', [id]);
  expect(rows).toMatchObject([{ is_test: true }]);
  // What stands in the database is not enough to use it.
  expect(JSON.stringify(rows)).not.toContain(address.split('/').at(-1));
  await done('identity', 'disable', id, ...at);
  expect(await hub(['identity', 'test-link', id, ...at])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('is disabled'),
  });
});

test.each([
  [['--settings', 'broken'], 'must name a file with a JSON object'],
  [['--settings', 'list'], 'must name a file with a JSON object'],
  [['--settings', 'nowhere'], 'cannot be read'],
  [['--settings', 'ad.json'], 'servicePassword'],
  [['--settings', 'whole.json', '--set', 'servers=ldaps://dc1.school.example'], 'servers.0'],
  [['--settings', 'whole.json', '--set', 'base=people'], 'distinguished name'],
  [['--settings', 'whole.json', '--set', 'name=Not Short'], 'name: Give a short name'],
  [['--settings', 'whole.json', '--set', 'serverz=x'], 'Did you mean "servers"?'],
  [['--settings', 'whole.json', '--set', 'zzzzzzzzzz=x'], 'See: identity protocols'],
  [
    ['--settings', 'whole.json', '--set', 'servicePassword=reader-password'],
    '--secret-file servicePassword=<path>',
  ],
  [['--settings', 'whole.json', '--preset', 'ads'], 'There is no preset "ads"'],
  [['--settings', 'whole.json', '--domain', '@school'], '--domain: Give a domain such as'],
])('connecting with %j is refused, nothing is kept, and no secret is repeated', async (words, complaint) => {
  const said = await hub([...connect, ...at, ...words], files);
  expect(said).toMatchObject({ exitCode: 2, err: expect.stringContaining(complaint) });
  expect(said.err).not.toContain('reader-password');
  expect(await list()).toEqual([]);
});

test('a tenant that is not there is told as such', async () => {
  for (const words of [connect, ['identity', 'list'], ['session', 'list'], ['sign-in', 'list']]) {
    const said = await hub([...words, '--tenant', 'nowhere-at-all']);
    expect(said).toMatchObject({ exitCode: 1, err: expect.stringContaining('nowhere-at-all') });
  }
});

test('a change that is refused changes nothing', async () => {
  const id = await connected();
  const before = await show(id);
  const change = (...words: string[]) => hub(['identity', 'update', id, ...at, ...words], files);
  for (const [words, complaint] of [
    [['--unset', 'servicePassword'], 'servicePassword'],
    [['--set', 'kind=novell'], 'kind'],
    [['--name', ' '], '--name'],
    [['--domain', 'x'], '--domain'],
    [['--settings', 'broken'], 'JSON object'],
  ] as const) {
    expect(await change(...words)).toMatchObject({ exitCode: 2, err: expect.stringContaining(complaint) });
  }
  expect(await show(id)).toEqual(before);
});

const id = '0199c5a4-0000-7000-8000-000000000000';

test.each([
  [['connect', '--name', 'x'], 'Missing: --protocol <name>'],
  [['connect', '--name', 'x', '--protocol', 'kerberos'], '--protocol'],
  [['connect', '--name', 'x', '--protocol', 'ldpa'], 'Did you mean "ldap"?'],
  [[...connect.slice(1), '--role', 'teachers'], '--role must have the form group=role'],
  [[...connect.slice(1), '--role', 'CN=Staff=teachr'], 'Did you mean "teacher"?'],
  [[...connect.slice(1), '--allows-new', 'maybe'], '--allows-new'],
  [[...connect.slice(1), '--set', 'base'], '--set must have the form name=value'],
  [['update', id], 'no setting is given'],
  [['update', id, '--no-roles', '--role', 'a=teacher'], '--no-roles and --role exclude each other'],
  [['update', id, '--no-domains', '--domain', 'a.example'], '--no-domains and --domain exclude each other'],
  [['update', id, '--no-match-attribute', '--match-attribute', 'x'], 'exclude each other'],
  [['show', 'directory'], '<identity> must be an id'],
  [['check'], 'identity'],
  [['pauze', id], 'Did you mean "identity pause"?'],
])('identity %j is refused before anything is opened', async (words, complaint) => {
  const said = await hub(['identity', ...words, '--tenant', 'north']);
  expect(said).toMatchObject({ exitCode: 2, opened: 0 });
  expect(said.err).toContain(complaint);
});
