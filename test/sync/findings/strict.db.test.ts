import { expect, test } from 'vitest';
import { tables } from '../../../src/roster/tables.ts';
import { listCodes } from '../../../src/sync/runs/finding-store.ts';
import { createTestDatabase } from '../../support/database.ts';
import { smallRoster } from '../engine/world.ts';
import { createPackageWorld, type Package, packageOf } from './package-world.ts';

const database = await createTestDatabase();

const countUsers = async (tenantId: string) => {
  const { rows } = await database.superuser.query(
    `select count(*)::integer as count from ${tables.users} where tenant_id = $1 and removed_at is null`,
    [tenantId],
  );
  return rows[0].count;
};

const { 'courses.csv': courses = '', ...whole } = packageOf(smallRoster());
/** Faults of files that the tolerant profile mends, and one of a value. */
const faulty: Package = {
  ...whole,
  'orgs.csv': String(whole['orgs.csv']).replaceAll(',', ';'),
  'users.csv': String(whole['users.csv']).replace('true', 'TRUE').replace('Ada', 'A\0da'),
  'Courses.csv': courses,
};

test('the tolerant profile takes a package that it can mend', async () => {
  const world = await createPackageWorld(database, 'tolerant');
  const { run, said } = await world.bring(faulty);
  expect(said).toEqual([
    'file_name_case repaired Courses.csv',
    'wrong_delimiter repaired orgs.csv:1',
    'nul_bytes repaired users.csv:2',
    'boolean_format repaired users.csv:2#enabledUser u1',
  ]);
  expect(run.state).toBe('applied');
});

test('the strict profile refuses it whole, once all there is to mend is listed, and leaves the roster as it was', async () => {
  const world = await createPackageWorld(database, 'strict', { profile: 'strict' });
  const fine = await world.bring(packageOf(smallRoster()));
  expect(fine).toMatchObject({ said: [], run: { state: 'applied' } });
  const { run, said } = await world.bring(faulty);
  expect(said).toEqual([
    'file_name_case error Courses.csv',
    'wrong_delimiter error orgs.csv:1',
    'nul_bytes error users.csv:2',
    'boolean_format error users.csv:2#enabledUser u1',
  ]);
  expect(run).toMatchObject({
    state: 'failed',
    reason: 'source_forbidden',
    advice: expect.stringContaining('file_name_case, nul_bytes, wrong_delimiter'),
    plan: null,
  });
  expect(await countUsers(world.tenantId)).toBe(2);
});

test('the strict profile rejects rows one by one for their values, and takes the others', async () => {
  const world = await createPackageWorld(database, 'strict-rows', { profile: 'strict' });
  const roster = smallRoster();
  roster.users.push(
    { ...roster.users[0], sourcedId: 'u3', username: 'c', email: undefined, enabledUser: 'yes' },
    { ...roster.users[0], sourcedId: 'u4', username: 'd', email: undefined, identifier: '1.2E+05' },
    { ...roster.users[0], sourcedId: 'u5', username: 'e', email: undefined },
  );
  const { run, said } = await world.bring(packageOf(roster));
  expect(said).toEqual([
    'value_scientific error users.csv:5#identifier u4',
    'boolean_format error users.csv:4#enabledUser u3',
  ]);
  expect(run.state).toBe('applied');
  expect(await countUsers(world.tenantId)).toBe(3);
});

test('the strict profile wants delta rows to say what has become of them', async () => {
  const world = await createPackageWorld(database, 'strict-delta', { profile: 'strict' });
  await world.bring(packageOf(smallRoster()));
  const row = (sourcedId: string, status: string, dateLastModified: string) => ({
    ...{ sourcedId, name: 'x', type: 'school', status, dateLastModified },
  });
  const { said } = await world.bring(
    packageOf(
      {
        orgs: [
          row('s3', 'active', '2026-11-20T10:00:00.000Z'),
          row('s4', 'closed', '2026-11-20T10:00:00.000Z'),
          row('s5', 'active', '2026-11-20'),
        ],
      },
      'delta',
    ),
    'delta',
  );
  expect(said).toEqual([
    'status_unknown error orgs.csv:3#status s4',
    'moment_unreadable error orgs.csv:4#dateLastModified s5',
  ]);
});

test('a run’s codes are told to its own tenant only', async () => {
  const [ours, theirs] = [
    await createPackageWorld(database, 'codes-ours'),
    await createPackageWorld(database, 'codes-theirs'),
  ];
  const { run } = await ours.bring(faulty);
  const codes = ['boolean_format', 'file_name_case', 'nul_bytes', 'wrong_delimiter'];
  expect((await listCodes(database.database.tenant(ours.tenantId), run.runId)).sort()).toEqual(codes);
  expect(await listCodes(database.database.tenant(theirs.tenantId), run.runId)).toEqual([]);
});
