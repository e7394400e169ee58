import { beforeEach, expect, test } from 'vitest';
import { createDeliveryWorld, type DeliveryWorld, refusal } from '../../grades/world.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);
const { token } = await world.makeToken();
let number = 0;
let school: DeliveryWorld;
let slug: string;
let call: (name: EndpointName, sent?: Sent) => ReturnType<Awaited<ReturnType<typeof world.open>>['call']>;

beforeEach(async () => {
  slug = `graded-${++number}`;
  school = await createDeliveryWorld(testDatabase, slug);
  const opened = await world.open();
  call = (name, { params = {}, ...sent } = {}) =>
    opened.call(name, { token, ...sent, params: { slug, ...params } });
});

/** A score that the LMS has refused. */
async function refused(second: number, given = {}) {
  const deliveryId = await school.accept(second, given);
  school.lms.before = () => refusal;
  await school.drain();
  school.lms.before = () => undefined;
  return deliveryId;
}

test('deliveries are listed with what happened and whose turn it is, and found by what they have in common', async () => {
  const first = await refused(1);
  school.pass(1_000);
  const second = await school.accept(2, { item: 1 });
  const { body } = await call('listDeliveries', { query: { limit: '1' } });
  expect(body).toMatchObject({ deliveries: [{ deliveryId: second, state: 'pending' }], next: second });
  const next = await call('listDeliveries', { query: { limit: '1', before: body.next } });
  expect(next.body).toMatchObject({
    deliveries: [{ deliveryId: first, state: 'refused', reason: 'person_unknown', tool: `tool-of-${slug}` }],
    next: null,
  });
  expect(next.body.deliveries[0]).toMatchObject({ happened: expect.any(String), turn: 'lms' });
  const ids = async (query: Record<string, string>) =>
    (await call('listDeliveries', { query })).body.deliveries.map(
      ({ deliveryId }: { deliveryId: string }) => deliveryId,
    );
  expect(await ids({ state: 'pending' })).toEqual([second]);
  expect(await ids({ reason: 'person_unknown' })).toEqual([first]);
  expect(await ids({ connectionId: school.school.connectionId })).toEqual([second, first]);
  expect(await ids({ tool: `tool-of-${slug}`, state: 'refused' })).toEqual([first]);
});

test('one delivery is explained with its tries, and its score is told nobody', async () => {
  const deliveryId = await refused(73, { comment: 'Well done, Ada' });
  const { body, text } = await call('showDelivery', { params: { deliveryId } });
  expect(body.delivery).toMatchObject({ deliveryId, scoreKept: true, tries: [{ attempt: 1 }] });
  expect(body.explanation).toMatchObject({ turn: 'lms', advice: expect.any(String) });
  expect(text).not.toContain('Ada');
  expect(text).not.toContain('scoreGiven');
});

test('refused scores are sent again by their reason, and what was done is on record', async () => {
  await refused(1);
  await refused(2, { item: 1 });
  const body = { filter: { reason: 'person_unknown' }, reason: 'They are enrolled now' };
  const done = await call('replayDeliveries', { body });
  expect(done.body).toEqual({
    counts: { replayed: 2, newer_stands: 0, score_removed: 0, not_ended_so: 0 },
    ...{ unknown: 0, next: null },
  });
  await school.drain();
  expect(await school.states()).toEqual(['delivered', 'delivered']);
  const { body: audit } = await call('listAudit', { query: { action: 'grade_delivery.' } });
  expect(audit.events).toMatchObject([
    { action: 'grade_delivery.replayed', values: { reason: body.reason } },
  ]);
});

test('scores that wait are given up by their ids; ids of another school are unknown', async () => {
  const other = await createDeliveryWorld(testDatabase, `other-${number}`);
  const foreign = await other.accept(1);
  const deliveryId = await school.accept(1);
  const done = await call('discardDeliveries', { body: { deliveryIds: [deliveryId, foreign] } });
  expect(done.body).toMatchObject({ counts: { discarded: 1 }, unknown: 1 });
  expect(await other.states()).toEqual(['pending']);
});

test('more than one call can do are done by going on behind the last', async () => {
  const { tenantId, connectionId, toolId, lineItemIds, people } = school.school;
  await refused(1);
  await superuser.query(
    `insert into grade_delivery (tenant_id, delivery_id, connection_id, tool_id, line_item_id, person_id, score_timestamp,
       state, outcome, reason, accepted_at, ended_at)
     select $1, uuid_v7(now()), $2, $3, $4, $5, now(), 'refused', 'failed_config', 'person_unknown', now(), now()
     from generate_series(1, 5100)`,
    [tenantId, connectionId, toolId, lineItemIds[0], people[0]!.personId],
  );
  const judged = ({ counts }: { counts: Record<string, number> }) =>
    Object.values(counts).reduce((sum, each) => sum + each, 0);
  const first = (await call('replayDeliveries', { body: { all: true } })).body;
  expect([judged(first), first.next]).toEqual([5_000, expect.any(String)]);
  const second = (await call('replayDeliveries', { body: { all: true, after: first.next } })).body;
  expect([judged(second), second.next]).toEqual([101, null]);
});

test('a connection is paused with a reason and goes on again', async () => {
  const params = { connectionId: school.school.connectionId };
  await school.accept(1);
  const paused = await call('pauseGrades', { params, body: { reason: 'Maintenance' } });
  expect(paused.body.route).toMatchObject({ state: 'paused', reason: 'Maintenance', pending: 1 });
  expect((await call('listGradeRoutes')).body.routes).toMatchObject([{ state: 'paused' }]);
  const resumed = await call('resumeGrades', { params });
  expect(resumed.body.route).toMatchObject({ state: 'running', reason: null });
});

test('results are compared when somebody asks for it, and who did is on record', async () => {
  const params = { connectionId: school.school.connectionId };
  const asked = await call('compareGrades', { params, body: { reason: 'A teacher has called' } });
  expect(asked).toMatchObject({ status: 202, body: params });
  expect(world.sync.enqueued.at(-1)).toBe('reconcile_grades');
  const { events } = (await call('listAudit', { query: { action: 'grade_results.' } })).body;
  expect(events).toMatchObject([{ values: { reason: 'A teacher has called' } }]);
});

test('results that are not as sent are listed', async () => {
  const { connectionId, tenantId } = school.school;
  await school.accept(1);
  await school.drain();
  await superuser.query(`update grade_line set drift = 'differs', compared_at = now() where tenant_id = $1`, [
    tenantId,
  ]);
  const { body } = await call('listGradeDrift', { query: { connectionId } });
  expect(body.drift).toMatchObject([{ connectionId, drift: 'differs' }]);
});

const unknown = '0199c5a4-0000-7000-8000-000000000000';
test.each([
  ['showDelivery', { params: { deliveryId: unknown } }, 404, 'delivery_unknown'],
  ['listDeliveries', { query: { tool: 'nothing' } }, 404, 'tool_unknown'],
  ['listDeliveries', { query: { connectionId: unknown } }, 404, 'connection_unknown'],
  ['listGradeDrift', { query: { connectionId: unknown } }, 404, 'connection_unknown'],
  ['replayDeliveries', { body: {} }, 400, 'request_invalid'],
  ['replayDeliveries', { body: { filter: {} } }, 400, 'request_invalid'],
  ['replayDeliveries', { body: { all: true, deliveryIds: [unknown] } }, 400, 'request_invalid'],
  ['replayDeliveries', { body: { deliveryIds: [unknown], after: unknown } }, 400, 'request_invalid'],
  ['pauseGrades', { params: { connectionId: unknown }, body: { reason: 'x' } }, 404, 'connection_unknown'],
  ['pauseGrades', { params: { connectionId: unknown }, body: {} }, 400, 'request_invalid'],
  ['resumeGrades', { params: { connectionId: unknown } }, 404, 'connection_unknown'],
  ['compareGrades', { params: { connectionId: unknown } }, 404, 'connection_unknown'],
] as const)('%s of %o is refused with %i %s', async (name, sent, status, code) => {
  expect(await call(name, sent as Sent)).toMatchObject({ status, body: { code } });
});
