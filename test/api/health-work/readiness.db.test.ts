import { expect, test } from 'vitest';
import { newId } from '../../../contracts/ids.ts';
import { addSpan, setCalendarZone } from '../../../src/health/calendars/calendars.ts';
import { countFive } from '../../health/support/counts.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const everywhere = (await world.makeToken()).token;
const now = world.clock.now();

type Check = { check: string; state: string; ageMs: number | null; waitingOn: string | null };
const checkOf = (checks: Check[], name: string) => checks.find(({ check }) => check === name);

test('a school sees for its next term what is missing and who does it; what people note is evidence with an age', async () => {
  const { call } = await world.open();
  const school = await world.addSchool();
  const by = { actor: 'test', now };
  await setCalendarZone(database, school.tenantId, 'UTC', by);
  await addSpan(
    database,
    school.tenantId,
    { kind: 'term', name: 'Spring', from: '2027-01-11', to: '2027-06-04' },
    by,
  );
  const own = { token: school.token, params: { slug: school.slug } };
  const before = (await call('showReadiness', own)).body;
  expect(before).toMatchObject({
    isReady: false,
    term: { name: 'Spring', startsAt: '2027-01-11T00:00:00.000Z' },
  });
  expect(checkOf(before.checks, 'contacts')).toMatchObject({
    state: 'missing',
    waitingOn: 'us',
    ageMs: null,
  });
  const roster = (body: typeof before) =>
    body.connections.find((each: { kind: string }) => each.kind === 'roster').checks as Check[];
  expect(checkOf(roster(before), 'dry_run')?.state).toBe('missing');
  await call('noteReadiness', { ...own, body: { subject: 'contacts', reason: 'Called them' } });
  world.clock.time += 3_600_000;
  const after = (await call('showReadiness', own)).body;
  world.clock.time = now;
  expect(checkOf(after.checks, 'contacts')).toMatchObject({
    state: 'ready',
    ageMs: 3_600_000,
    waitingOn: null,
  });
  const wrong = await call('noteReadiness', { ...own, body: { subject: 'grade_return' } });
  expect(wrong).toMatchObject({ status: 400, body: { code: 'evidence_invalid' } });
  const strange = { subject: 'grade_return', connectionId: newId() };
  expect((await call('noteReadiness', { ...own, body: strange })).body.code).toBe('connection_unknown');
});

test('when a secret ends is said per connection, and one that ends within the term is no longer ready', async () => {
  const { call } = await world.open();
  const school = await world.addSchool();
  const params = { slug: school.slug, connectionId: school.connectionId };
  const own = { token: school.token, params };
  const credentials = async () => {
    const { connections } = (await call('showReadiness', own)).body;
    const roster = connections.find(
      (each: { connectionId: string }) => each.connectionId === school.connectionId,
    );
    return checkOf(roster.checks, 'credentials');
  };
  expect((await credentials())?.state).toBe('missing');
  const set = (notAfter: string) => call('setSecretTerm', { ...own, body: { name: 'password', notAfter } });
  expect((await set('2029-01-01T00:00:00+01:00')).body).toEqual({ done: true });
  expect((await credentials())?.state).toBe('ready');
  await set('2026-12-24T00:00:00Z');
  expect(await credentials()).toMatchObject({ state: 'failed', waitingOn: 'us' });
  const strange = {
    ...own,
    params: { ...params, connectionId: newId() },
    body: { name: 'x', notAfter: '2029-01-01T00:00:00Z' },
  };
  expect((await call('setSecretTerm', strange)).body.code).toBe('connection_unknown');
});

test('the hub is ready once a load was borne that is half as much again as the busiest five minutes', async () => {
  const { call } = await world.open();
  const school = await world.addSchool();
  const series = {
    tenantId: school.tenantId,
    connectionId: school.connectionId,
    partner: 'paper-sis',
    kind: 'sync_run',
  };
  await countFive(superuser, series, now - 7 * 86_400_000, { success: 1_000 });
  const read = async (query = {}) => (await call('showHubReadiness', { token: everywhere, query })).body;
  expect(await read()).toMatchObject({ isReady: false, forecast: 1_000, connections: [] });
  await call('noteLoadTest', { token: everywhere, body: { amount: 1_499 } });
  expect(checkOf((await read()).checks, 'load')?.state).toBe('failed');
  await call('noteLoadTest', { token: everywhere, body: { amount: 1_500, reason: 'npm run bench' } });
  expect(await read()).toMatchObject({ isReady: true });
  const { connections } = await read({ partner: 'paper-sis' });
  expect(connections.map((each: { connectionId: string }) => each.connectionId)).toContain(
    school.connectionId,
  );
  expect(new Set(connections.map((each: { partner: string }) => each.partner))).toEqual(
    new Set(['paper-sis']),
  );
});
