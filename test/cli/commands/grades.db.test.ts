import { beforeEach, expect, test } from 'vitest';
import type { GradeDestination } from '../../../src/grades/destination.ts';
import { createDeliveryWorld, type DeliveryWorld, refusal } from '../../grades/world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { clock, createCommandLine } from '../command-line.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const results: { subject: string; resultScore: number; resultMaximum: number }[] = [];
const destination: GradeDestination = {
  open: async () => ({
    version: 1,
    rate: { perSecond: 1, burst: 1 },
    send: () => Promise.reject(new Error('nothing is sent here')),
    readResults: async () => results,
  }),
};
const { done, hub, makeTenant } = createCommandLine(testDatabase, destination);
let number = 0;
let world: DeliveryWorld;
let at: string[];

beforeEach(async () => {
  const slug = `school-${++number}`;
  world = await createDeliveryWorld(testDatabase, slug);
  at = ['--tenant', slug];
});

async function refused(second = 1, given = {}): Promise<string> {
  const deliveryId = await world.accept(second, given);
  world.lms.before = () => refusal;
  await world.drain();
  world.lms.before = () => undefined;
  return deliveryId;
}

test('deliveries are listed by state, cause, tool, line item, connection and time, page by page', async () => {
  const first = await refused();
  world.pass(1_000);
  const second = await world.accept(1, { person: 1 });
  const ids = async (...words: string[]) =>
    (await done('grades', 'list', ...at, ...words)).deliveries.map(
      ({ deliveryId }: { deliveryId: string }) => deliveryId,
    );
  expect(await ids()).toEqual([second, first]);
  expect(await ids('--limit', '1')).toEqual([second]);
  expect(await ids('--before', second)).toEqual([first]);
  expect(await ids('--state', 'refused')).toEqual([first]);
  expect(await ids('--cause', 'person_unknown')).toEqual([first]);
  expect(await ids('--tool', `tool-of-school-${number}`)).toEqual([second, first]);
  expect(await ids('--line-item', world.school.lineItemIds[1]!)).toEqual([]);
  expect(await ids('--connection', world.school.connectionId)).toEqual([second, first]);
  expect(await ids('--since', '2020-01-01')).toEqual([second, first]);
  expect(await ids('--since', '2999-01-01T00:00+02:00')).toEqual([]);
  const { out } = await hub(['grades', 'list', ...at]);
  expect(out).toMatch(new RegExp(`${first} .* refused +person_unknown +1 `));
  expect((await hub(['grades', 'list', '--tenant', await makeTenant()])).out).toContain(
    'There is no such delivery.',
  );
});

test('a delivery is explained with its tries and what mends it, and its score is not shown', async () => {
  const deliveryId = await refused(71, { comment: 'Well done, Ada' });
  const { out } = await hub(['grades', 'show', deliveryId, ...at]);
  expect(out).toMatch(/Tries:\n +1 +\S+Z +0\.0 s +404 +user_error +person_unknown/);
  expect(out).toContain('What to do: They may have left the course');
  expect(out).toContain('Whose turn: the school, at its LMS.');
  const shown = await done('grades', 'show', deliveryId, ...at);
  expect(shown).toMatchObject({ delivery: { state: 'refused' }, explanation: { turn: 'lms' } });
  for (const text of [out, JSON.stringify(shown)]) expect(text).not.toMatch(/Ada|scoreGiven|pupil-0|lms-0/);
  const waiting = await world.accept(80, { person: 1 });
  expect((await hub(['grades', 'show', waiting, ...at])).out).toContain('Nothing has to be done.');
  expect(await hub(['grades', 'show', deliveryId, '--tenant', await makeTenant()])).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('has no delivery'),
  });
});

test('refused scores are replayed one by one or by what they have in common, and the reason is on record', async () => {
  const [first, second, third] = [
    await refused(1),
    await refused(1, { person: 1 }),
    await refused(1, { person: 2 }),
  ];
  const words = ['--delivery', first, '--delivery', second, '--reason', 'They are enrolled now'];
  expect((await done('grades', 'replay', ...at, ...words)).counts).toMatchObject({ replayed: 2 });
  expect((await done('grades', 'replay', ...at, '--cause', 'person_unknown')).counts.replayed).toBe(1);
  expect((await done('grades', 'list', ...at, '--state', 'pending')).deliveries).toHaveLength(3);
  const again = await hub(['grades', 'replay', ...at, '--delivery', third]);
  expect(again.out).toBe('0 sent again.\n1 left, since they were neither refused nor given up.\n');
  const { rows } = await superuser.query(
    `select e.actor, v.reason from audit_event e join audit_value v using (tenant_id, sequence)
     where tenant_id = $1 and action = 'grade_delivery.replayed' order by sequence`,
    [world.school.tenantId],
  );
  expect(rows).toEqual([
    { actor: 'command:grades.replay', reason: 'They are enrolled now' },
    { actor: 'command:grades.replay', reason: null },
  ]);
});

test('scores that wait are given up', async () => {
  const first = await world.accept(1);
  await world.accept(1, { item: 1 });
  expect((await done('grades', 'discard', ...at, '--delivery', first)).counts.discarded).toBe(1);
  expect((await done('grades', 'discard', ...at, '--all')).counts.discarded).toBe(1);
  expect((await hub(['grades', 'discard', ...at, '--delivery', first])).out).toContain(
    '1 left, since they have ended already.',
  );
  expect(await world.states()).toEqual(['discarded', 'discarded']);
});

test('what another tenant has is not known here', async () => {
  const deliveryId = await refused();
  const elsewhere = ['--tenant', await makeTenant()];
  expect((await hub(['grades', 'replay', ...elsewhere, '--delivery', deliveryId])).out).toBe(
    '0 sent again.\n1 not known for this tenant.\n',
  );
  expect(await done('grades', 'replay', ...elsewhere, '--all')).toMatchObject({
    counts: { replayed: 0 },
    unknown: 0,
  });
  expect(await world.states()).toEqual(['refused']);
});

test('a connection is paused and resumed, and its state is shown with what to do', async () => {
  const { connectionId } = world.school;
  await world.accept(1);
  await done('grades', 'pause', connectionId, ...at, '--reason', 'Maintenance');
  expect((await done('grades', 'routes', ...at)).routes).toMatchObject([
    { connectionId, state: 'paused', reason: 'Maintenance', pending: 1 },
  ]);
  const { out } = await hub(['grades', 'routes', ...at]);
  expect(out).toContain(`to go on: grades resume ${connectionId}`);
  await done('grades', 'resume', connectionId, ...at);
  expect((await done('grades', 'routes', ...at)).routes).toMatchObject([{ state: 'running', reason: null }]);
  world.lms.before = () => ({ kind: 'configuration', reason: 'scope_missing' });
  world.pass(1_000);
  await superuser.query('update grade_route set filled_at = $2 where tenant_id = $1', [
    world.school.tenantId,
    new Date(world.now() - 60_000),
  ]);
  await world.drain();
  expect((await hub(['grades', 'routes', ...at])).out).toContain(
    `${connectionId} has stopped. Allow the score scope`,
  );
  expect(
    await hub(['grades', 'pause', connectionId, '--tenant', await makeTenant(), '--reason', 'x']),
  ).toMatchObject({ exitCode: 1, err: expect.stringContaining('has no connection') });
});

test('results are read back, and those that differ are listed now and later', async () => {
  await world.accept(50);
  await world.drain();
  await superuser.query('update grade_line set sent_at = $2 where tenant_id = $1', [
    world.school.tenantId,
    new Date(clock.now()),
  ]);
  results.splice(0, 1, { subject: 'lms-0', resultScore: 40, resultMaximum: 100 });
  const { connectionId, lineItemIds, people } = world.school;
  const found = await done('grades', 'reconcile', ...at);
  expect(found.runs).toEqual([{ connectionId, compared: 1, differs: 1, missing: 0, unreadable: 0 }]);
  const drift = [{ lineItemId: lineItemIds[0], personId: people[0]!.personId, drift: 'differs' }];
  expect(found.drift).toMatchObject(drift);
  const later = await done('grades', 'reconcile', ...at, '--known-only');
  expect(later.runs).toEqual([]);
  expect(later.drift).toMatchObject(drift);
  const elsewhere = await hub(['grades', 'reconcile', '--tenant', await makeTenant()]);
  expect(elsewhere.out).toContain('No result is known to differ');
});

const id = '0199c5a4-0000-7000-8000-000000000000';

test.each([
  [['list', '--state', 'refsed'], 'Did you mean "refused"?'],
  [['list', '--cause', 'gave-up'], 'Did you mean "gave_up"?'],
  [['list', '--limit', '501'], '--limit must be from 1 to 500'],
  [['list', '--since', 'yesterday'], '--since must be a day or a time with its zone'],
  [['list', '--since', '2026-03-01T08:00'], '--since must be a day or a time with its zone'],
  [['list', '--since', '2026-02-30'], '--since must be a day or a time with its zone'],
  [['list', '--since', '2026-13-01'], '--since must be a day or a time with its zone'],
  [['list', '--since', '2026-03-01T25:00Z'], '--since must be a day or a time with its zone'],
  [['list', '--connection', '12'], '--connection must be an id'],
  [['show', '12'], '<id> must be an id'],
  [['replay'], 'Say which: --delivery'],
  [['replay', '--delivery', '12'], '--delivery must be an id'],
  [['replay', '--delivery', id, '--all'], 'exclude each other'],
  [['discard', '--all', '--since', '2026-03-01'], 'exclude each other'],
  [['pause', id], 'Missing: --reason <text>'],
  [['resume', 'canvas'], '<connection> must be an id'],
  [['reconcil'], 'Did you mean "grades reconcile"?'],
])('grades %j is refused before anything is opened', async (words, complaint) => {
  const said = await hub(['grades', ...words, '--tenant', 'north']);
  expect(said).toMatchObject({ exitCode: 2, opened: 0 });
  expect(said.err).toContain(complaint);
});

test('a tool that does not exist is no filter', async () => {
  for (const command of ['list', 'replay']) {
    const said = await hub(['grades', command, ...at, '--tool', 'nobody']);
    expect(said).toMatchObject({ exitCode: 1, err: expect.stringContaining('nobody') });
  }
});

test('a connection that does not exist is said to be none', async () => {
  for (const words of [['list'], ['replay'], ['discard'], ['reconcile'], ['reconcile', '--known-only']]) {
    const said = await hub(['grades', ...words, ...at, '--connection', id]);
    expect(said).toMatchObject({ exitCode: 1, err: expect.stringContaining(`has no connection ${id}`) });
  }
  for (const words of [
    ['pause', id, '--reason', 'x'],
    ['resume', id],
  ]) {
    const said = await hub(['grades', ...words, ...at]);
    expect(said).toMatchObject({ exitCode: 1, err: expect.stringContaining(`has no connection ${id}`) });
  }
});
