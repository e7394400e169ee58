import { expect, test } from 'vitest';
import { readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';

const world = await startHubWorld(await createTestDatabase());
const framed = { 'sec-fetch-dest': 'iframe' };

function login(knobs = {}) {
  return world.lms.startLogin({ person: 'ns-nwosu', link: 'ns-cell-lab', knobs }).getUrl;
}

test('a framed browser without cookies is asked once whether it keeps one, before the platform is', async () => {
  const first = await send(login(), { headers: framed });
  expect(first.location).toMatch(`${world.hubUrl}/t/northside/lti/login?`);
  const second = await send(first.location!, { headers: framed, cookies: first.setCookies });
  expect(second.location).toMatch(world.lms.authorizeUrl);
  const partitioned = first.setCookies.filter((cookie) => cookie.includes('Partitioned'));
  const later = await send(login(), { headers: framed, cookies: partitioned });
  expect(later.location).toMatch(world.lms.authorizeUrl);
});

test('one that keeps none opens a window, where the login starts with its hints unspent', async () => {
  const first = await send(login(), { headers: framed });
  const page = await send(first.location!, { headers: framed });
  const { action, fields } = readForm(page.body);
  expect(page.body).toContain('target="_blank"');
  expect([page.status, action, fields.gatehouse_check]).toEqual([
    200,
    `${world.hubUrl}/t/northside/lti/login`,
    undefined,
  ]);
  const inWindow = await send(action, { form: fields, headers: { 'sec-fetch-dest': 'document' } });
  expect(inWindow.location).toMatch(world.lms.authorizeUrl);
});

test('a top-level page and a platform with storage go straight on', async () => {
  const topLevel = await send(login(), { headers: { 'sec-fetch-dest': 'document' } });
  expect(topLevel.location).toMatch(world.lms.authorizeUrl);
  const stored = await send(login({ storageTarget: '_parent' }), { headers: framed });
  expect([stored.status, stored.location]).toEqual([200, undefined]);
});
