import { expect, test, vi } from 'vitest';
import { copyAll } from '../../src/health/jobs.ts';
import { setIdentityStatus } from '../../src/sso/identities/identities.ts';
import { readForm } from '../demo/support/user-agent.ts';
import { createTestDatabase } from '../support/database.ts';
import { startDirectory } from './ldap/directory-server.ts';
import { directory, person } from './ldap/world.ts';
import type { Visitor } from './support/visitor.ts';
import { signInAt, startSignInWorld } from './support/world.ts';

vi.setConfig({ testTimeout: 30_000 });

const database = await createTestDatabase();
const world = await startSignInWorld(database);
const { superuser } = database;

/** Stands in every value that tells of somebody; nothing that is kept beside the identity graph may hold it. */
const marker = 'zyxmarker';

const zyx = person(`${marker}.uid`, {
  entryUUID: '5a5a5a5a-0000-4000-8000-0123456789ab',
  mail: `${marker}.mail@school.example`,
  displayName: `${marker} display`,
  givenName: `${marker} given`,
  sn: `${marker} family`,
  memberOf: `CN=${marker} group,DC=school,DC=example`,
  employeeNumber: `${marker}-17`,
});
const disabled = person(`${marker}.disabled`, { pwdAccountLockedTime: '000001010000Z' });

async function openSchool(options: { allowsNew?: boolean } = {}) {
  const tenant = await world.addTenant();
  const server = await startDirectory({ entries: directory(zyx, disabled) });
  const identity = await world.connect(tenant, [server], {
    ...options,
    matchAttribute: 'employeeNumber',
    settings: { groups: { from: 'entry' } },
  });
  return { tenant, server, identity, address: signInAt(tenant, identity) };
}

type School = Awaited<ReturnType<typeof openSchool>>;

const refusals: [
  reason: string,
  rules: string[],
  refuse: (school: School, visitor: Visitor) => Promise<unknown>,
][] = [
  [
    'password_wrong',
    ['+user_unknown', '-password_wrong'],
    ({ address }, visitor) => visitor.signIn(address, `${marker}.uid`, `${marker} wrong`),
  ],
  [
    'user_unknown',
    ['-user_unknown'],
    ({ address }, visitor) => visitor.signIn(address, `${marker}.nobody`, `${marker} wrong`),
  ],
  ['password_missing', ['-password_missing'], ({ address }, visitor) => visitor.signIn(address, marker, ' ')],
  [
    'name_invalid',
    ['-name_invalid'],
    ({ address }, visitor) => visitor.signIn(address, `${marker}\n`, marker),
  ],
  [
    'account_disabled',
    ['+user_unknown', '+password_wrong', '-account_disabled'],
    ({ address }, visitor) => visitor.signIn(address, `${marker}.disabled`),
  ],
  [
    'directory_unreachable',
    ['-directory_unreachable'],
    async ({ address, server }, visitor) => {
      await server.stop();
      await visitor.signIn(address, `${marker}.uid`);
    },
  ],
  [
    'request_unknown',
    ['-request_unknown'],
    ({ address }, visitor) => visitor.post(address, { handle: marker, username: marker, password: marker }),
  ],
  [
    'browser_changed',
    ['-browser_changed'],
    async ({ address }, visitor) => {
      const { action, fields } = readForm((await visitor.open(address)).body);
      visitor.cookies.clear();
      await visitor.post(action, { ...fields, username: `${marker}.uid`, password: marker });
    },
  ],
  [
    'connection_closed',
    ['-connection_closed'],
    async ({ address, tenant, identity }, visitor) => {
      await setIdentityStatus(world.services, tenant.tenantId, identity.connectionId, 'paused', world.by());
      await visitor.open(`${address}?returnTo=${marker}`);
    },
  ],
];

test.each(refusals)('%s leaves one row with the reason and the rules', async (reason, rules, refuse) => {
  const school = await openSchool();
  const visitor = world.first.visitor();
  await refuse(school, visitor);
  const rows = await world.tries(school.tenant);
  expect(rows).toHaveLength(1);
  const [row] = rows;
  expect(row).toMatchObject({
    reason,
    connection_id: school.identity.connectionId,
    protocol: 'ldap',
    is_test: false,
    person_id: null,
    how: null,
  });
  expect(row?.outcome).not.toBe('success');
  expect(row?.trace).toEqual(rules.map((rule) => ({ rule: rule.slice(1), passed: rule.startsWith('+') })));
  expect(visitor.session).toBeUndefined();
  expect(await world.sessions(school.tenant)).toEqual([]);
  // The line of the request has the reason as well, to be found by the reference.
  const line = world.log.map((each) => JSON.parse(each)).find((each) => each.reference === row?.reference);
  expect(line).toMatchObject({ code: reason });
});

test('somebody whom the roster does not know is told so, with a reference that the row has', async () => {
  const school = await openSchool({ allowsNew: false });
  const answer = await world.first.visitor().signIn(school.address, `${marker}.uid`);
  expect(answer.status).toBe(400);
  expect(answer.body).toContain('We do not know you yet');
  const [row] = await world.tries(school.tenant);
  expect(row).toMatchObject({ reason: 'person_unknown', outcome: 'user_error' });
  expect(answer.body).toContain(`<code>${row?.reference}</code>`);
  expect(answer.body).toContain('For the help desk');
  expect(answer.body).not.toContain(marker);
  const { rows } = await superuser.query('select 1 from person where tenant_id = $1', [
    school.tenant.tenantId,
  ]);
  expect(rows).toEqual([]);
});

test('nothing that is kept or logged tells of a person, beside the identity graph', async () => {
  const school = await openSchool();
  const visitor = world.first.visitor();
  await visitor.signIn(school.address, `${marker}.mail@school.example`, `${marker}.uid-password`);
  expect(visitor.session).toBeDefined();
  const names = await superuser.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and not c.relispartition`,
  );
  const holding: string[] = [];
  for (const { name } of names.rows) {
    // Bytes are shown as hexadecimal digits.
    const hex = Buffer.from(marker).toString('hex');
    const { rows } = await superuser.query(
      `select 1 from ${name} t where t::text ilike '%${marker}%' or t::text ilike '%${hex}%' limit 1`,
    );
    if (rows.length > 0) holding.push(name);
  }
  expect(holding.sort()).toEqual(['person', 'person_link']);
  expect(world.log.length).toBeGreaterThan(20);
  expect(world.log.filter((line) => line.toLowerCase().includes(marker))).toEqual([]);
});

test('tries are copied into the exchanges once, and test sign-ins are not', async () => {
  const school = await openSchool();
  await world.first.visitor().signIn(school.address, `${marker}.uid`);
  await world.first.visitor().signIn(school.address, 'nobody', 'x');
  await superuser.query(
    `insert into sign_in (tenant_id, sign_in_id, reference, connection_id, protocol, outcome, is_test, trace, at)
     select tenant_id, gen_random_uuid(), 'R', connection_id, protocol, 'suppressed', true, '[]', at from sign_in
     where tenant_id = $1 limit 1`,
    [school.tenant.tenantId],
  );
  const copy = () => copyAll({ database: database.database, clock: world.clock });
  await Promise.all([copy(), copy()]);
  await copy();
  const { rows } = await superuser.query(
    `select kind, outcome::text, reason, attempts, partner, exchange_id from exchange where tenant_id = $1
     order by exchange_id`,
    [school.tenant.tenantId],
  );
  const real = (await world.tries(school.tenant)).filter((row) => row.is_test !== true);
  const shared = { kind: 'sign_in', attempts: 1, partner: 'ldap' };
  expect(rows).toEqual([
    { ...shared, outcome: 'success', reason: null, exchange_id: real[0]?.sign_in_id },
    { ...shared, outcome: 'user_error', reason: 'user_unknown', exchange_id: real[1]?.sign_in_id },
  ]);
  const left = (await world.tries(school.tenant)).filter((row) => row.copied !== true);
  expect(left).toEqual([]);
});
