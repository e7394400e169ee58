import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import type { FamilyName } from '../../../src/connections/families.ts';
import type { OutgoingScore } from '../../../src/grades/destination.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createLmsWorld, createScriptedLms, outgoing } from './lms-world.ts';

const world = await createLmsWorld(await createTestDatabase());
let schools = 0;

/** A school with an LMS of a family, and the way to its gradebook. */
async function openSchool(family: FamilyName) {
  schools += 1;
  const lms = createScriptedLms();
  // The addresses are the test's own, and so is the audience.
  const course = await world.school(`school-${schools}`, { family, tokenAudience: null });
  const way = await world.copy(lms.fetch).destination.open(course.tenantId, course.connectionId);
  if ('fault' in way) throw new Error(way.fault);
  return { lms, way, send: (changes: Partial<OutgoingScore> = {}) => way.send(outgoing(changes)) };
}

test('Moodle: both line item scopes are asked for, since the one does not hold the other there', async () => {
  const { lms, send } = await openSchool('moodle');
  await send();
  const [form] = lms.tokenRequests();
  const asked = form!.get('scope')!.split(' ');
  expect(asked).toEqual(expect.arrayContaining([agsScope.lineItem, agsScope.lineItemReadonly]));
});

test('Moodle: what it takes and shows otherwise is delivered with a warning', async () => {
  const { send } = await openSchool('moodle');
  const { score } = outgoing();
  const sent = (changes: Partial<typeof score>) => send({ score: { ...score, ...changes } });
  expect(await sent({ gradingProgress: 'PendingManual' })).toEqual({
    ...{ kind: 'delivered', httpStatus: 200, warning: 'hidden_until_graded' },
  });
  expect(await sent({ scoreGiven: 11, timestamp: '2026-03-01T08:15:31Z' })).toMatchObject({
    warning: 'cut_to_maximum',
  });
  for (const plain of [
    { scoreGiven: 10 },
    { scoreGiven: 0 },
    { scoreGiven: null, gradingProgress: 'Pending' },
  ])
    expect(await sent(plain as Partial<typeof score>)).toEqual({ kind: 'delivered', httpStatus: 200 });
  const other = await openSchool('canvas');
  expect(await other.send({ score: { ...score, scoreGiven: 11 } })).not.toHaveProperty('warning');
});

test('Brightspace: its limit for an integration is kept by the rate of the way, and its word when it was met', async () => {
  const { lms, way, send } = await openSchool('brightspace');
  // 50,000 credits a minute at ten a call: 83 calls a second, of which grades take half.
  expect(way.rate).toEqual({ perSecond: 40, burst: 100 });
  lms.onCall = () => ({ status: 429, headers: { 'retry-after': '34' } });
  expect(await send()).toEqual({
    ...{ kind: 'throttled', httpStatus: 429, reason: 'throttled', retryAfterMs: 34_000 },
  });
  expect(lms.tokenRequests()).toHaveLength(1);
});
