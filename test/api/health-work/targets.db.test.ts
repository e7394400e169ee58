import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld, type EndpointName, type Sent } from '../support/api-world.ts';

const world = createApiWorld(await createTestDatabase());
const mail = { channel: 'email', name: 'Managers', to: ['managers@school.example'] };

test('a target of mail gets the report of each month in its language, and of a webhook the secret is told once', async () => {
  const school = await world.addSchool();
  const opened = await world.open();
  const call = (name: EndpointName, { params = {}, ...sent }: Sent = {}) =>
    opened.call(name, { token: school.token, ...sent, params: { slug: school.slug, ...params } });
  const added = await call('addTarget', { body: mail });
  expect(added).toMatchObject({ status: 201, body: { secret: null, target: { reportLanguage: null } } });
  const params = { targetId: added.body.target.targetId };
  expect((await call('setReportMail', { params, body: { language: 'es' } })).status).toBe(200);
  world.clock.time += 1_000;
  const hook = await call('addTarget', {
    body: { channel: 'webhook', name: 'Pager', url: 'https://pager.example/hook' },
  });
  expect(hook.body.secret).toEqual(expect.any(String));
  const listed = await call('listTargets');
  expect(listed.body.targets).toMatchObject([
    { name: 'Managers', reportLanguage: 'es' },
    { name: 'Pager', reportLanguage: null },
  ]);
  expect(listed.text).not.toContain('managers@school.example');
  expect(listed.text).not.toContain(hook.body.secret);
  const ofHook = { params: { targetId: hook.body.target.targetId }, body: { language: 'en' } };
  expect((await call('setReportMail', ofHook)).body.code).toBe('target_unknown');
  expect((await call('setReportMail', { params, body: { language: 'fr' } })).body.code).toBe(
    'request_invalid',
  );
  expect((await call('removeTarget', { params })).body.target).toMatchObject({ reportLanguage: 'es' });
  expect((await call('removeTarget', { params })).body.code).toBe('target_unknown');
});

test('who is told of every school stands apart from a school’s own', async () => {
  const school = await world.addSchool();
  const { token } = await world.makeToken();
  const { call } = await world.open();
  const added = await call('addHubTarget', { token, body: mail });
  const params = { targetId: added.body.target.targetId };
  await call('setHubReportMail', { token, params, body: { language: 'en' } });
  expect((await call('listHubTargets', { token })).body.targets).toMatchObject([
    { ...params, reportLanguage: 'en' },
  ]);
  const own = { token: school.token, params: { slug: school.slug, ...params } };
  expect((await call('listTargets', own)).body.targets).toEqual([]);
  expect((await call('removeTarget', own)).body.code).toBe('target_unknown');
  await call('setHubReportMail', { token, params, body: { language: null } });
  expect((await call('removeHubTarget', { token, params })).body.target).toMatchObject({
    reportLanguage: null,
  });
});
