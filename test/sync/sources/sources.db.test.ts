import { expect, test } from 'vitest';
import type { ConnectionId } from '../../../contracts/ids.ts';
import {
  checkRoster,
  clearOverride,
  connectRoster,
  disableRoster,
  discoverRoster,
  getRoster,
  listOverrides,
  listRosters,
  overrideField,
  pauseRoster,
  resumeRoster,
  updateRoster,
} from '../../../src/sync/sync.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createSyncWorld, type SyncWorld, schoolOf } from '../runs/sync-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const act = (world: SyncWorld) => [world.deps, world.tenantId, world.connectionId] as const;
const get = (world: SyncWorld) =>
  database.withTenant(world.tenantId, (tx) => getRoster(tx, world.connectionId));

test('what is secret of the settings is sealed, opens for the connector alone, and is never shown', async () => {
  const world = await createSyncWorld(testDatabase, 'secret', {
    roster: { settings: { address: 'there', password: 'hunter2' } },
  });
  const source = await get(world);
  expect(source).toMatchObject({
    settings: { address: 'there', limit: 2 },
    secrets: ['password'],
    status: 'active',
  });
  expect(await checkRoster(...act(world))).toMatchObject({ source: 'Memory hunter2' });
  const { rows } = await superuser.query(
    `select (select jsonb_agg(to_jsonb(s)) from roster_source s where tenant_id = $1)::text
       || (select jsonb_agg(to_jsonb(a)) from audit_event a where tenant_id = $1)::text as everything`,
    [world.tenantId],
  );
  expect(rows[0].everything).toContain('there');
  expect(rows[0].everything).not.toContain('hunter2');
  expect(JSON.stringify(source)).not.toContain('hunter2');
});

test('a sealed secret opens for no other connection', async () => {
  const world = await createSyncWorld(testDatabase, 'moved', {
    roster: { settings: { address: 'there', password: 'hunter2' } },
  });
  const other = await connectRoster(
    world.deps,
    world.tenantId,
    { connector: 'memory', name: 'Other', settings: { address: 'here' } },
    world.by(),
  );
  await superuser.query(
    `update roster_source set sealed_secrets =
       (select sealed_secrets from roster_source where connection_id = $1) where connection_id = $2`,
    [world.connectionId, other.connectionId],
  );
  await expect(checkRoster(world.deps, world.tenantId, other.connectionId)).rejects.toMatchObject({
    code: 'secret_unreadable',
  });
});

test('settings are merged one by one, a secret stays until another is entered, and null takes one out', async () => {
  const world = await createSyncWorld(testDatabase, 'merged', {
    roster: { settings: { address: 'there', password: 'hunter2' } },
  });
  const updated = await updateRoster(
    ...act(world),
    { name: 'New name', settings: { address: 'here' } },
    world.by(),
  );
  expect(updated).toMatchObject({
    name: 'New name',
    settings: { address: 'here' },
    secrets: ['password'],
    version: 2,
  });
  expect(await get(world)).toEqual(updated);
  expect(await checkRoster(...act(world))).toMatchObject({ source: 'Memory hunter2' });
  await updateRoster(...act(world), { settings: { password: null } }, world.by());
  expect((await get(world)).secrets).toEqual([]);
  expect(await checkRoster(...act(world))).toMatchObject({ source: 'Memory open' });
});

test('settings that the connector cannot read are refused with the field', async () => {
  const world = await createSyncWorld(testDatabase, 'refused');
  await expect(
    updateRoster(...act(world), { settings: { limit: 'many' } }, world.by()),
  ).rejects.toMatchObject({
    code: 'roster_settings_invalid',
    details: { issues: [{ path: 'limit' }] },
  });
  const input = { connector: 'unheard-of', name: 'SIS', settings: {} };
  await expect(connectRoster(world.deps, world.tenantId, input, world.by())).rejects.toMatchObject({
    code: 'connector_unknown',
  });
  const never = { schedule: { zone: 'UTC', full: '0 2 31 2 *' } };
  await expect(updateRoster(...act(world), never, world.by())).rejects.toMatchObject({
    details: { issues: [{ path: 'schedule.full' }] },
  });
  await expect(updateRoster(...act(world), { schools: [] }, world.by())).rejects.toMatchObject({
    code: 'roster_invalid',
  });
});

test('a connector’s refusal is told in its own words', async () => {
  const world = await createSyncWorld(testDatabase, 'wrong', {
    roster: { settings: { address: 'there', password: 'wrong' } },
  });
  await expect(checkRoster(...act(world))).rejects.toMatchObject({
    kind: 'input',
    code: 'password_wrong',
    message: 'Mend the password.',
  });
  world.sis.roster = schoolOf(1);
  expect(await discoverRoster(...act(world))).toEqual({ schools: [{ sourcedId: 's1', name: 'North' }] });
});

test('a source that is paused runs only when asked, one that is switched off never, and it resumes by its schedule', async () => {
  const world = await createSyncWorld(testDatabase, 'paused', {
    roster: { schedule: { zone: 'UTC', full: '0 2 * * *' } },
  });
  expect((await get(world)).nextRunAt?.toISOString()).toBe('2026-11-22T02:00:00.000Z');
  expect(await pauseRoster(...act(world), world.by())).toMatchObject({ status: 'paused', nextRunAt: null });
  expect((await world.sync()).state).toBe('applied');
  const waiting = await world.request();
  expect(await disableRoster(...act(world), world.by())).toMatchObject({ status: 'disabled' });
  await world.work(waiting);
  expect(await world.run(waiting)).toMatchObject({ state: 'cancelled', reason: 'roster_disabled' });
  await expect(world.request()).rejects.toMatchObject({ code: 'roster_disabled' });
  const resumed = await resumeRoster(...act(world), world.by());
  expect(resumed.nextRunAt?.toISOString()).toBe('2026-11-22T02:00:00.000Z');
});

test('the connection of a roster is named and carries its vendor or connector as partner', async () => {
  const world = await createSyncWorld(testDatabase, 'partner', { roster: { vendor: 'skyward' } });
  const { rows } = await superuser.query(
    'select kind, partner, name from connection where connection_id = $1',
    [world.connectionId],
  );
  expect(rows).toEqual([{ kind: 'roster', partner: 'skyward', name: 'SIS' }]);
});

test('a field set by hand holds against the source, and comes back from it once cleared', async () => {
  const world = await createSyncWorld(testDatabase, 'override');
  world.sis.roster = schoolOf(2);
  await world.sync();
  const nameOf = async () => {
    const { rows } = await superuser.query(
      `select given_name, grades from roster_user where tenant_id = $1 and sourced_id = 'u0'`,
      [world.tenantId],
    );
    return rows[0];
  };
  const field = { entity: 'users', sourcedId: 'u0', column: 'givenName' } as const;
  await overrideField(...act(world), { ...field, value: 'Ada' }, world.by());
  await overrideField(...act(world), { ...field, column: 'grades', value: '09,10' }, world.by());
  expect(await nameOf()).toEqual({ given_name: 'Ada', grades: ['09', '10'] });
  world.sis.roster.users![0]!.givenName = 'Other';
  world.sis.roster.users![0]!.familyName = 'Changed';
  await world.sync();
  expect(await nameOf()).toEqual({ given_name: 'Ada', grades: ['09', '10'] });
  const overrides = await database.withTenant(world.tenantId, (tx) => listOverrides(tx, world.connectionId));
  expect(overrides.map(({ column, value }) => [column, value])).toEqual([
    ['givenName', 'Ada'],
    ['grades', '09,10'],
  ]);
  await overrideField(...act(world), { ...field, column: 'grades', value: '09,,  10 ,' }, world.by());
  expect((await nameOf()).grades).toEqual(['09', '10']);
  world.sis.roster.users![0]!.familyName = 'Changed again';
  await world.sync();
  expect((await nameOf()).grades).toEqual(['09', '10']);
  await clearOverride(...act(world), field, world.by());
  await world.sync();
  expect((await nameOf()).given_name).toBe('Other');
  await expect(clearOverride(...act(world), field, world.by())).rejects.toMatchObject({
    code: 'override_unknown',
  });
  await expect(
    overrideField(...act(world), { ...field, sourcedId: 'nobody', value: 'x' }, world.by()),
  ).rejects.toMatchObject({ code: 'roster_row_unknown' });
});

test('a reference that is set by hand leads to another row that is there', async () => {
  const world = await createSyncWorld(testDatabase, 'references');
  world.sis.roster = schoolOf(1);
  await world.sync();
  const school = world.sis.roster.orgs![0]!.sourcedId;
  const set = (entity: 'orgs' | 'users', sourcedId: string, column: string, value: string) =>
    overrideField(...act(world), { entity, sourcedId, column, value }, world.by());
  const invalid = { kind: 'input', code: 'override_value_invalid' };
  await expect(set('orgs', school, 'parentSourcedId', 'nowhere')).rejects.toMatchObject(invalid);
  await expect(set('orgs', school, 'parentSourcedId', school)).rejects.toMatchObject(invalid);
  await expect(set('users', 'u0', 'agentSourcedIds', 'u0')).rejects.toMatchObject(invalid);
  await set('users', 'u0', 'primaryOrgSourcedId', school);
});

test('a tenant sees and changes no source of another', async () => {
  const [ours, theirs] = [
    await createSyncWorld(testDatabase, 'ours', { roster: { settings: { address: 'x', password: 'y' } } }),
    await createSyncWorld(testDatabase, 'theirs'),
  ];
  theirs.sis.roster = schoolOf(1);
  await theirs.sync();
  const foreign = [theirs.deps, ours.tenantId, theirs.connectionId as ConnectionId] as const;
  const listed = await database.withTenant(ours.tenantId, listRosters);
  expect(listed.map(({ connectionId }) => connectionId)).toEqual([ours.connectionId]);
  const field = { entity: 'users', sourcedId: 'u0', column: 'givenName', value: 'Mallory' } as const;
  for (const attempt of [
    () => updateRoster(...foreign, { name: 'Taken' }, ours.by()),
    () => pauseRoster(...foreign, ours.by()),
    () => checkRoster(...foreign),
    () => overrideField(...foreign, field, ours.by()),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ code: 'roster_unknown' });
  }
  await expect(clearOverride(...foreign, field, ours.by())).rejects.toMatchObject({
    code: 'override_unknown',
  });
  expect((await get(theirs)).name).toBe('SIS');
});
