import { beforeEach, expect, test } from 'vitest';
import { type ConnectionId, newId } from '../../contracts/ids.ts';
import { listRoutes, pauseRoute, resumeRoute } from '../../src/grades/pause.ts';
import { createTestDatabase } from '../support/database.ts';
import { createDeliveryWorld, type DeliveryWorld, outage } from './world.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
let number = 0;
let world: DeliveryWorld;
let other: DeliveryWorld;

beforeEach(async () => {
  world = await createDeliveryWorld(testDatabase, `school-${++number}`);
  other = await createDeliveryWorld(testDatabase, `other-${number}`);
});

const routes = (of = world) => database.withTenant(of.school.tenantId, (tx) => listRoutes(tx, of.now()));
const pause = (reason = 'Exams', connectionId = world.school.connectionId) =>
  database.withTenant(world.school.tenantId, (tx) => pauseRoute(tx, connectionId, reason, world.by()));
const resume = (connectionId = world.school.connectionId) =>
  database.withTenant(world.school.tenantId, (tx) => resumeRoute(tx, connectionId, world.by()));

test('a connection that nothing was sent over runs, and nothing waits for it', async () => {
  expect(await routes()).toEqual([
    {
      connectionId: world.school.connectionId,
      partner: 'generic',
      state: 'running',
      reason: null,
      changedAt: null,
      blockedUntil: null,
      failures: 0,
      pending: 0,
      due: 0,
      oldestPending: null,
    },
  ]);
});

test('what waits while paused is sent after resuming, and not before', async () => {
  await pause();
  await world.accept(1);
  world.pass(60_000);
  await world.accept(2);
  await world.drain();
  expect(world.lms.posts).toBe(0);
  expect(await routes()).toMatchObject([
    {
      state: 'paused',
      reason: 'Exams',
      pending: 2,
      due: 1,
      oldestPending: new Date(world.now() - 60_000),
    },
  ]);
  await resume();
  world.pass(1_000);
  await world.drain();
  expect(await world.states()).toEqual(['superseded', 'delivered']);
  expect(await routes()).toMatchObject([{ state: 'running', reason: null, pending: 0 }]);
});

test('resuming ends a stop and forgets the failures that came before', async () => {
  await world.accept(1);
  world.lms.before = () => ({ kind: 'configuration', reason: 'scope_missing' });
  await world.drain();
  expect(await routes()).toMatchObject([{ state: 'stopped', reason: 'scope_missing', pending: 1 }]);
  await resume();
  expect(await routes()).toMatchObject([{ state: 'running', reason: null, blockedUntil: null, failures: 0 }]);
  world.lms.before = () => undefined;
  world.pass(2_000);
  await world.drain();
  expect(await world.states()).toEqual(['delivered']);
});

test('a fault of settings does not end a person’s pause', async () => {
  await world.accept(1);
  world.lms.before = () => outage;
  await world.drain();
  await pause();
  world.pass(86_400_000);
  world.lms.before = () => ({ kind: 'configuration', reason: 'scope_missing' });
  await world.drain();
  expect(await routes()).toMatchObject([{ state: 'paused', reason: 'Exams' }]);
});

test.each(['', '  ', 'x'.repeat(201)])('a pause needs a short reason, not "%s"', async (reason) => {
  await expect(pause(reason)).rejects.toMatchObject({ code: 'pause_reason_invalid' });
});

test('pausing and resuming stand in the audit trail', async () => {
  await pause();
  await resume();
  const { rows } = await superuser.query(
    `select e.action, e.subject, v.reason, v.before, v.after from audit_event e join audit_value v using (tenant_id, sequence)
     where e.tenant_id = $1 and e.action like 'grade_route.%' order by e.sequence`,
    [world.school.tenantId],
  );
  const subject = `connection:${world.school.connectionId}`;
  const [running, paused] = [{ state: 'running' }, { state: 'paused' }];
  expect(rows).toEqual([
    { action: 'grade_route.paused', subject, reason: 'Exams', before: running, after: paused },
    { action: 'grade_route.resumed', subject, reason: null, before: paused, after: running },
  ]);
});

test('another tenant’s connection is out of reach, and so is what is no connection', async () => {
  const theirs = other.school.connectionId;
  for (const connectionId of [theirs, newId<ConnectionId>()]) {
    await expect(pause('Exams', connectionId)).rejects.toMatchObject({ code: 'connection_unknown' });
    await expect(resume(connectionId)).rejects.toMatchObject({ code: 'connection_unknown' });
  }
  await world.accept(1);
  await pause();
  expect(await routes(other)).toMatchObject([{ connectionId: theirs, state: 'running', pending: 0 }]);
});
