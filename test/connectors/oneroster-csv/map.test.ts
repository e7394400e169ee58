import { expect, test } from 'vitest';
import { sourcedIdPattern } from '../../../contracts/roster.ts';
import { csv, headers, manifest, orgs, read, users11, users12 } from './packages.ts';

const package11 = {
  'manifest.csv': manifest('1.1', { orgs: 'bulk', users: 'bulk', lineItems: 'bulk', results: 'bulk' }),
  'orgs.csv': orgs,
  'users.csv': users11,
  'lineItems.csv': csv(headers.lineItems11, 'l1,,,Quiz,,2026-09-01,2026-09-02,c1,k1,term1,0,10'),
  'results.csv': csv(headers.results11, 'r1,,,l1,u1,submitted,7,2026-09-03,'),
};

test('a user of 1.1 has its roles apart, one for each org', async () => {
  const { rows, seal } = await read(package11, 'roles');
  expect(
    rows.map(({ line, userSourcedId, roleType, role, orgSourcedId }) => [
      line,
      userSourcedId,
      roleType,
      role,
      orgSourcedId,
    ]),
  ).toEqual([
    ['2', 'u1', 'primary', 'student', 's1'],
    ['2', 'u1', 'primary', 'student', 's2'],
    ['3', 'u2', 'primary', 'siteAdministrator', 's1'],
    ['4', 'u3', 'primary', 'districtAdministrator', 'd'],
    ['5', 'u4', 'primary', 'siteAdministrator', 'elsewhere'],
  ]);
  expect(seal).toMatchObject({ expected: 5 });
});

test('made roles have stable sourcedIds that the standard allows', async () => {
  const ids = async () => (await read(package11, 'roles')).rows.map(({ sourcedId }) => sourcedId);
  const first = await ids();
  expect(new Set(first).size).toBe(5);
  expect(first.every((id) => sourcedIdPattern.test(id ?? ''))).toBe(true);
  expect(await ids()).toEqual(first);
});

test('an administrator of nowhere known and a user without org are told by their lines', async () => {
  const { findings } = await read(package11, 'roles');
  expect(findings).toContain('administrator_doubtful@5');
  expect(findings).toContain('role_without_org@6');
});

test('orgs of a user of 1.1 that are parted by semicolons are understood, and told', async () => {
  const files = {
    ...package11,
    'users.csv': csv(headers.users11, 'u1,,,true,s1 ; s2,teacher,ann,,Ann,Bee,,,,,,,,'),
  };
  const roles = await read(files, 'roles');
  expect(roles.rows.map(({ role, orgSourcedId }) => [role, orgSourcedId])).toEqual([
    ['teacher', 's1'],
    ['teacher', 's2'],
  ]);
  expect(roles.findings).toEqual(['list_semicolons@2']);
  expect((await read(files, 'users')).rows).toMatchObject([{ primaryOrgSourcedId: '' }]);
});

test('users of 1.1 become those of 1.2, with a primary org where there is only one', async () => {
  const { columns, rows } = await read(package11, 'users');
  expect(columns).not.toContain('role');
  expect(columns).not.toContain('orgSourcedIds');
  expect(rows.map((row) => row.primaryOrgSourcedId)).toEqual(['', 's1', 'd', 'elsewhere', '']);
  expect(rows[0]).toMatchObject({ sourcedId: 'u1', enabledUser: 'true', username: 'ann', grades: '09' });
});

test('a delta of 1.1 cannot tell which orgs a user has left, and says so', async () => {
  const files = { ...package11, 'manifest.csv': manifest('1.1', { orgs: 'delta', users: 'delta' }) };
  expect((await read(files, 'roles', { mode: 'delta' })).codes).toContain('role_removal_unknown');
});

test('in a delta the role of an administrator is left out where the org has not come along', async () => {
  const files = {
    'manifest.csv': manifest('1.1', { orgs: 'delta', users: 'delta' }),
    'orgs.csv': csv(headers.orgs, 's1,active,2026-08-20T00:00:00.000Z,North,school,17,d'),
    'users.csv': csv(
      headers.users11,
      'u1,active,2026-08-20T00:00:00.000Z,true,d,administrator,ann,,Ann,Bee,,,,,,,,',
      'u2,active,2026-08-20T00:00:00.000Z,true,"s1,d",administrator,bob,,Bob,Cee,,,,,,,,',
      'u3,tobedeleted,2026-08-20T00:00:00.000Z,true,d,Administrator,cy,,Cy,Dee,,,,,,,,',
      'u4,active,2026-08-20T00:00:00.000Z,true,d,teacher,di,,Di,Eff,,,,,,,,',
    ),
  };
  const { rows, findings, seal } = await read(files, 'roles', { mode: 'delta' });
  expect(rows.map(({ userSourcedId, status, role }) => [userSourcedId, status, role])).toEqual([
    ['u2', 'active', 'siteAdministrator'],
    ['u3', 'tobedeleted', 'siteAdministrator'],
    ['u4', 'active', 'teacher'],
  ]);
  expect(findings).toEqual([
    'role_removal_unknown',
    'administrator_undecided@2',
    'administrator_undecided@3',
    'administrator_doubtful@4',
  ]);
  expect(seal).toMatchObject({ expected: 3 });
});

test('columns of 1.1 have their names of 1.2', async () => {
  const items = await read(package11, 'lineItems');
  expect(items.rows).toMatchObject([{ sourcedId: 'l1', academicSessionSourcedId: 'term1' }]);
  expect(items.findings).toEqual([]);
  expect((await read(package11, 'results')).findings).toEqual([]);
});

test('the users file has the last word on the version', async () => {
  const files = { ...package11, 'manifest.csv': manifest('1.2', { orgs: 'bulk', users: 'bulk' }) };
  expect((await read(files, 'orgs')).codes).toEqual(['version_contradicts_file']);
  expect((await read(files, 'roles')).rows).toHaveLength(5);
});

test('roles of 1.2 are passed on without what the hub does not keep', async () => {
  const files = {
    'manifest.csv': manifest('1.2', { orgs: 'bulk', users: 'bulk', roles: 'bulk' }),
    'users.csv': users12,
    'roles.csv': csv(headers.roles, 'r1,,,u1,primary,student,,,s1,profile1'),
  };
  const { text, findings } = await read(files, 'roles');
  expect(text).toBe('2,r1,,,u1,primary,student,,,s1\n');
  expect(findings).toEqual([]);
});

test('metadata stands last as JSON, empty ones left out', async () => {
  const files = {
    'manifest.csv': manifest('1.2', { orgs: 'bulk' }),
    'orgs.csv': csv(
      `${headers.orgs},metadata.district.code,metadata.note,metadata.password`,
      's1,,,North,school,,,7,"a ""b"", c",hunter2',
      's2,,,South,school,,,,,',
    ),
  };
  const { columns, rows, text } = await read(files, 'orgs');
  expect(columns.at(-1)).toBe('metadata');
  expect(JSON.parse(rows[0]?.metadata ?? '')).toEqual({ 'district.code': '7', note: 'a "b", c' });
  expect(rows[1]?.metadata).toBe('');
  expect(text).not.toContain('hunter2');
});

test('users of 1.1 keep their metadata, behind everything', async () => {
  const lines = [`${headers.users11},metadata.house`, 'u1,,,true,s1,student,ann,,Ann,Bee,,,,,,,09,,red'];
  const { columns, rows } = await read({ ...package11, 'users.csv': csv(...lines) }, 'users');
  expect(columns.slice(-2)).toEqual(['primaryOrgSourcedId', 'metadata']);
  expect(rows[0]).toMatchObject({ primaryOrgSourcedId: 's1', metadata: '{"house":"red"}' });
});
