import { expect, test } from 'vitest';
import { agsScope } from '../../../contracts/scopes.ts';
import { mediaType } from '../../../src/lti/ags/media-types.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startAgsWorld } from './support/ags-world.ts';

// The cases of the certification suite for a platform's gradebook, by their names there.

const world = await startAgsWorld(await createTestDatabase());
const { addCourse, addItem, addPerson, call, pathOf, tool, accessTokens } = world;
const { course } = await world.addSchool('north');
const second = await addCourse(course, 'second');
const learner = await addPerson(course, 'learner');

const tokenFor = async (scopes: readonly string[]) =>
  (
    await accessTokens.issue({
      toolId: tool.toolId,
      clientId: tool.clientId,
      scopes,
      deploymentId: undefined,
    })
  ).token;
const score = (timestamp: string) => ({
  ...{ userId: learner, scoreGiven: 5, scoreMaximum: 10, timestamp },
  ...{ activityProgress: 'Completed', gradingProgress: 'FullyGraded' },
});
const newItem = { label: 'Chapter 12 Test', scoreMaximum: 10, tag: 'grade', resourceId: 'quiz-231' };

test('Platform AGS: line item, score and result with a separate token for each scope', async () => {
  const [forItems, forScores, forResults] = await Promise.all(
    [agsScope.lineItem, agsScope.score, agsScope.resultReadonly].map((scope) => tokenFor([scope])),
  );
  const made = await call(pathOf(course), {
    ...{ method: 'POST', token: forItems, type: mediaType.lineItem, body: newItem },
  });
  expect(made.status).toBe(201);
  const path = new URL(made.json.id).pathname;
  const sent = { method: 'POST', type: mediaType.score, body: score('2026-03-01T08:15:30.123Z') };
  expect((await call(`${path}/scores`, { ...sent, token: forScores })).status).toBeLessThan(300);
  expect((await call(`${path}/results`, { token: forResults })).status).toBe(200);
  // None of them is good for what another one is for.
  expect((await call(`${path}/scores`, { ...sent, token: forResults })).status).toBe(403);
  expect((await call(`${path}/results`, { token: forItems })).status).toBe(403);
  const another = { method: 'POST', type: mediaType.lineItem, body: newItem };
  expect((await call(pathOf(course), { ...another, token: forScores })).status).toBe(403);
});

test('Platform AGS: one token posts to two contexts', async () => {
  const token = await tokenFor([agsScope.lineItem, agsScope.score]);
  for (const [index, context] of [course, second].entries()) {
    const item = await addItem(context, `https://lms.example/items/of-context-${index}`);
    const path = pathOf(context, `/${item}/scores`);
    const body = score('2026-03-01T08:15:30.123Z');
    const { status } = await call(path, { method: 'POST', type: mediaType.score, body, token });
    expect([context.contextId, status]).toEqual([context.contextId, 200]);
  }
});

test('Platform AGS: a line item is read, changed and deleted', async () => {
  const made = await call(pathOf(course), { method: 'POST', type: mediaType.lineItem, body: newItem });
  const path = new URL(made.json.id).pathname;
  expect((await call(path)).json).toMatchObject({
    label: 'Chapter 12 Test',
    tag: 'grade',
    resourceId: 'quiz-231',
  });
  const body = { ...newItem, id: made.json.id, label: 'Renamed' };
  const changed = await call(path, { method: 'PUT', type: mediaType.lineItem, body });
  expect(changed.json).toMatchObject({ label: 'Renamed' });
  expect((await call(path, { method: 'DELETE' })).status).toBe(204);
  expect((await call(path)).status).toBe(404);
});
