import { expect, test } from 'vitest';
import { setDeploymentStatus } from '../../../src/connections/deployments.ts';
import type { FamilyName } from '../../../src/connections/families.ts';
import { listRegistrations, updateRegistration } from '../../../src/connections/registrations.ts';
import type { GradeWay, OutgoingScore } from '../../../src/grades/destination.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by } from '../../support/hub.ts';
import {
  createLmsWorld,
  createScriptedLms,
  lineItemUrl,
  outgoing,
  type ScriptedAnswer,
} from './lms-world.ts';

const testDatabase = await createTestDatabase();
const world = await createLmsWorld(testDatabase);
const submissionMember = 'https://canvas.instructure.com/lti/submission';

let schools = 0;

/** A school with an LMS of a family, and the way to its gradebook. */
async function openSchool(family: FamilyName, settings: { gradesPerSecond?: number } = {}) {
  schools += 1;
  const lms = createScriptedLms();
  // The addresses are the test's own, and so is the audience.
  const course = await world.school(`school-${schools}`, { family, settings, tokenAudience: null });
  const hub = world.copy(lms.fetch);
  const way = async () => {
    const opened = await hub.destination.open(course.tenantId, course.connectionId);
    if ('fault' in opened) throw new Error(opened.fault);
    return opened;
  };
  return { lms, course, hub, way: await way(), reopen: way };
}

async function send(way: GradeWay, changes: Partial<OutgoingScore> = {}) {
  return way.send(outgoing(changes));
}

function inTurn(...answers: ScriptedAnswer[]) {
  return () => answers.shift() ?? { status: 500 };
}

test('a score goes to the line item’s scores with the exact media type', async () => {
  const { lms, way } = await openSchool('generic');
  expect(await send(way)).toEqual({ kind: 'delivered', httpStatus: 200 });
  const posted = lms.requests.at(-1)!;
  expect(posted).toMatchObject({ method: 'POST', url: `${lineItemUrl}/scores` });
  expect(posted.headers).toMatchObject({
    'content-type': 'application/vnd.ims.lis.v1.score+json',
    authorization: 'Bearer token-1',
  });
  expect(lms.scores()).toEqual([{ ...outgoing().score, userId: 'lms-person-1' }]);
});

test('401 is tried once more with a fresh token; then somebody has to look', async () => {
  const { lms, way } = await openSchool('generic');
  lms.onCall = inTurn({ status: 401 }, { status: 200 });
  expect(await send(way)).toMatchObject({ kind: 'delivered' });
  lms.onCall = inTurn({ status: 401 }, { status: 401 }, { status: 200 });
  expect(await send(way)).toMatchObject({ kind: 'temporary', httpStatus: 401, reason: 'access_denied' });
  expect(lms.scores()).toHaveLength(4);
});

test('Sakai’s own words for a stale token count like 401', async () => {
  const { lms, way } = await openSchool('sakai');
  lms.onCall = inTurn({ status: 403, body: { error: 'signature error' } }, { status: 200 });
  expect(await send(way)).toMatchObject({ kind: 'delivered' });
  expect(lms.tokenRequests()).toHaveLength(2);
});

test('no score is sent without a token', async () => {
  const { lms, way } = await openSchool('generic');
  lms.onToken = () => ({ status: 400, body: { error: 'invalid_client' } });
  expect(await send(way)).toEqual({ kind: 'configuration', httpStatus: 400, reason: 'token_refused' });
  lms.onToken = () => 'outbound_timeout';
  expect(await send(way)).toEqual({ kind: 'temporary', reason: 'token_unavailable', maybeSent: false });
  expect(lms.scores()).toEqual([]);
});

test('a timeout may have arrived, a refused connection has not', async () => {
  const { lms, way } = await openSchool('generic');
  lms.onCall = () => 'outbound_timeout';
  expect(await send(way)).toEqual({ kind: 'temporary', reason: 'timeout', maybeSent: true });
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  lms.onCall = () => {
    throw new DomainError('upstream', 'outbound_connection_failed', 'No.', { cause });
  };
  expect(await send(way)).toEqual({ kind: 'temporary', reason: 'unreachable', maybeSent: false });
});

test('a fault of the hub’s own is told, and tried again', async () => {
  const { lms, way } = await openSchool('generic');
  lms.onCall = () => {
    throw new TypeError('a mistake');
  };
  expect(await send(way)).toMatchObject({ kind: 'temporary', maybeSent: false });
  expect(world.errors.splice(0)).toEqual([new TypeError('a mistake')]);
});

test('Moodle: a score of the same second as the last one goes out a second later, and says so', async () => {
  const { lms, way } = await openSchool('moodle');
  const result = await send(way, { lastSentAt: new Date('2026-03-01T08:15:30.100Z') });
  const sentAt = new Date('2026-03-01T08:15:31Z');
  expect(result).toEqual({ kind: 'delivered', httpStatus: 200, sentAt });
  expect(lms.scores()[0]).toMatchObject({ timestamp: sentAt.toISOString() });
});

test('Moodle: a timestamp yet to come is waited for and nothing is sent', async () => {
  const { lms, way } = await openSchool('moodle');
  const lastSentAt = new Date(world.clock.now() + 5_000);
  const timestamp = new Date(world.clock.now()).toISOString();
  const result = await send(way, { score: { ...outgoing().score, timestamp }, lastSentAt });
  expect(result).toEqual({
    kind: 'wait',
    until: new Date((Math.floor(lastSentAt.getTime() / 1000) + 1) * 1000),
  });
  expect(lms.requests).toEqual([]);
});

test('Moodle: 409 means a newer one is there', async () => {
  const { lms, way } = await openSchool('moodle');
  lms.onCall = () => ({ status: 409 });
  expect(await send(way)).toEqual({ kind: 'superseded', httpStatus: 409, reason: 'older_than_stored' });
  expect(lms.scores()).toHaveLength(1);
});

test('Moodle: after doubt 409 may be about an older score of that second, so this one is put over it', async () => {
  const { lms, way } = await openSchool('moodle');
  lms.onCall = inTurn({ status: 409 }, { status: 200 });
  const sentAt = new Date('2026-03-01T08:15:31Z');
  expect(await send(way, { maybeSent: true })).toEqual({ kind: 'delivered', httpStatus: 200, sentAt });
  expect(lms.scores().map(({ timestamp }) => timestamp)).toEqual([
    outgoing().score.timestamp,
    sentAt.toISOString(),
  ]);
  lms.onCall = () => ({ status: 409 });
  expect(await send(way, { maybeSent: true })).toMatchObject({ kind: 'superseded' });
});

test('Moodle: where a try with a later timestamp may have got through as well, a still later one is taken', async () => {
  const { lms, way } = await openSchool('moodle');
  lms.onCall = inTurn({ status: 409 }, { status: 409 }, { status: 200 });
  const result = await send(way, { maybeSent: true });
  const [own, second, third] = lms.scores().map(({ timestamp }) => Date.parse(String(timestamp)));
  expect([own! < second!, second! < third!]).toEqual([true, true]);
  expect(result).toEqual({ kind: 'delivered', httpStatus: 200, sentAt: new Date(third!) });
});

test('elsewhere 409 after doubt means: it is there', async () => {
  const { lms, way } = await openSchool('generic');
  lms.onCall = () => ({ status: 409 });
  expect(await send(way, { maybeSent: true })).toEqual({ kind: 'delivered', httpStatus: 409 });
  // It was an older one that may have arrived, and this one is refused for something newer.
  expect(await send(way, { maybeSent: true, triedBefore: false })).toMatchObject({ kind: 'superseded' });
  expect(await send(way)).toMatchObject({ kind: 'superseded' });
});

test('Canvas: after doubt the result is read first, and what has arrived is not sent again', async () => {
  const { lms, way } = await openSchool('canvas');
  const result = { userId: 'lms-person-1', resultScore: 8, resultMaximum: 10 };
  lms.onCall = () => ({ status: 200, body: [result] });
  expect(await send(way, { maybeSent: true })).toEqual({ kind: 'delivered' });
  expect(lms.scores()).toEqual([]);
  expect(lms.requests.at(-1)!.url).toBe(`${lineItemUrl}/results?user_id=lms-person-1&limit=100`);
});

test.each<[string, unknown]>([
  ['another score', [{ userId: 'lms-person-1', resultScore: 3, resultMaximum: 10 }]],
  ['another person’s', [{ userId: 'lms-person-2', resultScore: 8, resultMaximum: 10 }]],
  ['none', []],
])('Canvas: after doubt a score is sent where the result is %s', async (_case, body) => {
  const { lms, way } = await openSchool('canvas');
  lms.onCall = inTurn({ status: 200, body }, { status: 200, body: {} });
  expect(await send(way, { maybeSent: true })).toMatchObject({ kind: 'delivered', httpStatus: 200 });
  expect(lms.scores()).toHaveLength(1);
});

test.each([
  ['an older one it replaces', outgoing().score],
  ['one with the same points and other words', { ...outgoing().score, comment: 'Well done' }],
])('Canvas: a result proves nothing that %s would show as well', async (_case, other) => {
  const { lms, way } = await openSchool('canvas');
  const result = { userId: 'lms-person-1', resultScore: 8, resultMaximum: 10 };
  lms.onCall = inTurn({ status: 200, body: [result] }, { status: 200, body: {} });
  expect(await send(way, { maybeSent: true, others: [other] })).toMatchObject({ httpStatus: 200 });
  expect(lms.scores()).toHaveLength(1);
});

test('Canvas: where the result cannot be read just now, nothing is sent', async () => {
  const { lms, way } = await openSchool('canvas');
  lms.onCall = () => ({ status: 503 });
  expect(await send(way, { maybeSent: true })).toMatchObject({ kind: 'temporary', maybeSent: true });
  expect(lms.scores()).toEqual([]);
});

test('Canvas: where results may not be read at all, the score is sent', async () => {
  const { lms, way } = await openSchool('canvas');
  lms.onCall = inTurn({ status: 403 }, { status: 200, body: {} });
  expect(await send(way, { maybeSent: true })).toMatchObject({ kind: 'delivered' });
});

test('Canvas is told a new attempt from a re-grade, others are not', async () => {
  const canvas = await openSchool('canvas');
  await send(canvas.way);
  await send(canvas.way, { lastSentAt: new Date('2026-03-01T08:00:00Z') });
  const told = canvas.lms.scores().map((score) => score[submissionMember]);
  expect(told).toEqual([
    { new_submission: true, submitted_at: outgoing().score.timestamp },
    { new_submission: false },
  ]);
  const generic = await openSchool('generic');
  await send(generic.way);
  expect(generic.lms.scores()[0]).not.toHaveProperty(submissionMember);
});

test('scores of a deployment that is switched off wait', async () => {
  const { lms, course, hub, reopen } = await openSchool('generic');
  await testDatabase.database.withTenant(course.tenantId, (tx) =>
    setDeploymentStatus(tx, course.connectionId, course.deploymentId, 'disabled', by()),
  );
  hub.forget(`tenant:${course.tenantId}`);
  expect(await send(await reopen())).toMatchObject({ kind: 'wait' });
  expect(lms.requests).toEqual([]);
});

test('a way has the rate of its family, or the one that is set, and the version of its registration', async () => {
  const { way } = await openSchool('brightspace');
  expect(way).toMatchObject({ rate: { perSecond: 40, burst: 100 }, version: 1 });
  const slow = await openSchool('brightspace', { gradesPerSecond: 0.5 });
  expect(slow.way.rate).toEqual({ perSecond: 0.5, burst: 1 });
});

test('a connection that cannot be used says why, and its version rises with a change', async () => {
  const { course, hub } = await openSchool('generic');
  const change = (changes: Parameters<typeof updateRegistration>[2]) =>
    testDatabase.database.withTenant(course.tenantId, async (tx) => {
      const [registration] = await listRegistrations(tx);
      await updateRegistration(tx, registration!.connectionId, changes, { allowLoopback: false }, by());
    });
  const open = () => {
    hub.forget(`tenant:${course.tenantId}`);
    return hub.destination.open(course.tenantId, course.connectionId);
  };
  await change({ tokenUrl: null });
  expect(await open()).toEqual({ fault: 'token_url_missing', version: 2 });
  await change({ status: 'disabled' });
  expect(await open()).toEqual({ fault: 'connection_disabled', version: 3 });
});

test('another tenant’s connection cannot be opened', async () => {
  const mine = await openSchool('generic');
  const other = await openSchool('generic');
  expect(await mine.hub.destination.open(other.course.tenantId, mine.course.connectionId)).toEqual({
    fault: 'connection_disabled',
    version: 0,
  });
});

test('results of a line item are read for comparison', async () => {
  const { lms, course, way } = await openSchool('generic');
  lms.onCall = () => ({ status: 200, body: [{ userId: 'p', resultScore: 1, resultMaximum: 2 }] });
  const { deploymentId } = course;
  expect(await way.readResults({ lineItemUrl, deploymentId })).toMatchObject([
    { subject: 'p', resultScore: 1, resultMaximum: 2 },
  ]);
});
