import { beforeEach, expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { decideCallOutcome } from '../../../src/lti/recorded-calls.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startAgsWorld } from './support/ags-world.ts';

const world = await startAgsWorld(await createTestDatabase());
const { addItem, addPerson, call, calls, pathOf, tool } = world;
const { course } = await world.addSchool('north');
const item = await addItem(course, 'https://lms.example/items/1');
beforeEach(() => void calls.splice(0));
const owner = { kind: 'ags_call', tenantId: course.tenantId, toolId: tool.toolId };

test('a call that is answered counts once, as its tenant’s and tool’s', async () => {
  expect((await call(pathOf(course))).status).toBe(200);
  await expect.poll(() => calls).toMatchObject([{ ...owner, outcome: 'success', reason: null }]);
});

test('an accepted score is a delivery from there on and counts as that; the same one again is a call', async () => {
  const body = {
    userId: await addPerson(course, 'pupil'),
    scoreGiven: 1,
    scoreMaximum: 1,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: '2026-03-01T08:15:30.123Z',
  };
  const send = () => call(pathOf(course, `/${item}/scores`), { method: 'POST', type: mediaType.score, body });
  expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
  await expect.poll(() => calls).toMatchObject([{ outcome: 'success' }]);
});

test('what is not done counts by who is to blame, and before the token is proven nobody is', async () => {
  await call(pathOf(course), { token: 'forged' });
  await call(pathOf(course), { scopes: [agsScope.score] });
  await call(pathOf(course, '/scores-of-mine'));
  await expect.poll(() => calls).toHaveLength(3);
  expect(calls.map(({ outcome }) => outcome)).toEqual(['user_error', 'failed_config', 'user_error']);
  expect(calls[0]).not.toHaveProperty('tenantId');
  expect(calls[1]).toMatchObject(owner);
});

test.each([
  [new DomainError('upstream', 'lms_unavailable', ''), 'failed_partner', 'lms_unavailable'],
  [new DomainError('input', 'score_invalid', ''), 'failed_partner', 'score_invalid'],
  [new DomainError('internal', 'database_unavailable', ''), 'failed_hub', 'database_unavailable'],
  [new TypeError('x is not a function'), 'failed_hub', 'internal'],
])('%s is %s', (error, outcome, reason) => {
  expect(decideCallOutcome(error, { isAnswered: true, hasRow: false })).toEqual({ outcome, reason });
});

test('a caller that goes away before it is answered is nobody’s failure', () => {
  const end = decideCallOutcome(undefined, { isAnswered: false, hasRow: false });
  expect(end).toEqual({ outcome: 'user_error', reason: 'caller_gone' });
});
