import { expect, test } from 'vitest';
import { newId, type RunId } from '../../../contracts/ids.ts';
import { listHolds, replaceHolds } from '../../../src/sync/holds/hold-store.ts';
import {
  readEntityStates,
  readSourceStates,
  removeEntityStates,
  removeSourceStates,
  saveEntityState,
  takeOverStates,
} from '../../../src/sync/runs/entity-store.ts';
import {
  addFindings,
  countFound,
  listEntitiesWith,
  listFindings,
  removeFindings,
} from '../../../src/sync/runs/finding-store.ts';
import {
  dropLease,
  holdsLease,
  listOpenRuns,
  renewLease,
  takeLease,
} from '../../../src/sync/runs/turn-store.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld } from './sync-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const ours = await createSyncWorld(testDatabase, 'ours');
const theirs = await createSyncWorld(testDatabase, 'theirs');
const runId = await theirs.request();
const token = newId();
const [we, they] = [database.tenant(ours.tenantId), database.tenant(theirs.tenantId)];
const state = {
  entity: 'users',
  checkpoint: '2',
  rows: 2,
  expected: 2,
  sealed: true,
  state: 'next',
} as const;

test('a lease is its holder’s alone, and no other tenant’s', async () => {
  await takeLease(they, runId, token, 60_000);
  expect(await holdsLease(we, runId, token)).toBe(false);
  expect(await renewLease(we, runId, token, 60_000)).toBeUndefined();
  await dropLease(we, runId, token);
  await takeLease(we, runId, newId(), 60_000);
  expect(await holdsLease(they, runId, token)).toBe(true);
  expect(await holdsLease(they, runId, newId())).toBe(false);
  expect(await renewLease(they, runId, newId(), 60_000)).toBeUndefined();
  expect(await renewLease(they, runId, token, 60_000)).toEqual({ wantsCancel: false });
  expect(await listOpenRuns(we, new Date())).toEqual([]);
  expect(await listOpenRuns(they, new Date())).toMatchObject([{ runId, isWorked: true }]);
});

test('how far a run has come is written by whoever holds it, and is its tenant’s', async () => {
  expect(await saveEntityState(they, runId, newId(), state)).toBe(false);
  expect(await saveEntityState(we, runId, token, state)).toBe(false);
  expect(await saveEntityState(they, runId, token, state)).toBe(true);
  expect((await readEntityStates(they, runId)).get('users')).toEqual(state);
  expect(await readEntityStates(we, runId)).toEqual(new Map());
  await takeOverStates(we, theirs.connectionId, runId, new Date());
  expect(await readSourceStates(they, theirs.connectionId)).toEqual(new Map());
  await takeOverStates(they, theirs.connectionId, runId, new Date());
  await removeSourceStates(we, theirs.connectionId);
  await removeEntityStates(we, runId);
  expect(await readSourceStates(they, theirs.connectionId)).toEqual(new Map([['users', 'next']]));
  expect(await readSourceStates(we, theirs.connectionId)).toEqual(new Map());
  expect((await readEntityStates(they, runId)).size).toBe(1);
});

test('findings are numbered in their order, told once and at most so many', async () => {
  const found = [
    { code: 'ragged_row', severity: 'error', part: 'users.csv', line: 7 },
    { code: 'ragged_row', severity: 'error', part: 'users.csv', line: 9 },
    { code: 'unknown_file', severity: 'warning', part: 'other.csv', count: 3 },
    { code: 'empty_file', severity: 'warning' },
  ] as const;
  const add = () => database.withTenant(theirs.tenantId, (tx) => addFindings(tx, runId, 'users', found, 100));
  await add();
  await add();
  const listed = await listFindings(they, runId, { limit: 10 });
  expect(
    listed.map(({ findingNo, code, part, line, count }) => [findingNo, code, part, line, count]),
  ).toEqual([
    [1, 'ragged_row', 'users.csv', 7, 1],
    [2, 'ragged_row', 'users.csv', 9, 1],
    [3, 'unknown_file', 'other.csv', null, 3],
    [4, 'empty_file', null, null, 1],
  ]);
  expect((await listFindings(they, runId, { after: 2, limit: 1 })).map(({ findingNo }) => findingNo)).toEqual(
    [3],
  );
  await database.withTenant(theirs.tenantId, (tx) => addFindings(tx, runId, 'orgs', [found[3]], 4));
  expect(await listFindings(they, runId, { limit: 10 })).toHaveLength(4);
  // What a comparison has found is numbered apart, and what is read again after it begins below it.
  await superuser.query(
    `insert into sync_finding (tenant_id, run_id, finding_no, code, severity) values ($1, $2, 1000000001, 'x', 'error')`,
    [theirs.tenantId, runId],
  );
  await database.withTenant(theirs.tenantId, (tx) => addFindings(tx, runId, 'orgs', [found[3]], 100));
  expect((await listFindings(they, runId, { limit: 10 })).map(({ findingNo }) => findingNo)).toEqual([
    1, 2, 3, 4, 5, 1_000_000_001,
  ]);
  expect(await listFindings(we, runId, { limit: 10 })).toEqual([]);
  expect(await listEntitiesWith(they, runId, ['ragged_row', 'x', 'empty_file'])).toEqual(['users']);
  expect(await countFound(they, runId, 'unknown_file')).toBe(3);
  expect(await countFound(we, runId, 'unknown_file')).toBe(0);
  expect(await listEntitiesWith(we, runId, ['ragged_row'])).toEqual([]);
  await removeFindings(we, runId);
  await removeFindings(they, runId, 'orgs');
  expect(await listFindings(they, runId, { limit: 10 })).toHaveLength(5);
});

test('beyond the most findings of a run each entity still tells an error that it had not', async () => {
  const add = (entity: 'users' | 'orgs', code: string, line: number) =>
    database.withTenant(theirs.tenantId, (tx) =>
      addFindings(tx, runId, entity, [{ code, severity: 'error', part: 'a.csv', line }], 1),
    );
  await removeFindings(they, runId);
  for (const line of [2, 3, 4]) await add('users', 'ragged_row', line);
  for (const line of [5, 6]) await add('orgs', 'ragged_row', line);
  await add('orgs', 'empty_file', 7);
  const listed = await listFindings(they, runId, { limit: 10 });
  expect(listed.map(({ entity, code, line }) => [entity, code, line])).toEqual([
    ['users', 'ragged_row', 2],
    ['orgs', 'ragged_row', 5],
    ['orgs', 'empty_file', 7],
  ]);
  expect(await listEntitiesWith(they, runId, ['ragged_row'])).toEqual(
    expect.arrayContaining(['users', 'orgs']),
  );
  await removeFindings(they, runId);
});

test('a run of another tenant takes no findings and no holds', async () => {
  const finding = [{ code: 'x', severity: 'error' }] as const;
  await expect(
    database.withTenant(ours.tenantId, (tx) => addFindings(tx, runId, 'users', finding, 10)),
  ).rejects.toThrow();
  const hold = { code: 'removals', entity: 'users', school: null, count: 3, total: 4, allowed: 1 } as const;
  await database.withTenant(theirs.tenantId, (tx) =>
    replaceHolds(tx, runId, [hold, { ...hold, school: 's1' }]),
  );
  await database.withTenant(theirs.tenantId, (tx) => replaceHolds(tx, runId, [hold]));
  await expect(database.withTenant(ours.tenantId, (tx) => replaceHolds(tx, runId, [hold]))).rejects.toThrow();
  expect(await listHolds(they, runId)).toEqual([hold]);
  expect(await listHolds(we, runId)).toEqual([]);
  expect(await listHolds(they, newId<RunId>())).toEqual([]);
});
