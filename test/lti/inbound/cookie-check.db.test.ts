import { expect, test } from 'vitest';
import { readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { changeRegistrationOf } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
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

test.each(['frame', 'object', 'embed'])(
  'a browser that shows the hub in an %s is asked as well',
  async (dest) => {
    const first = await send(login(), { headers: { 'sec-fetch-dest': dest } });
    expect(first.location).toMatch(`${world.hubUrl}/t/northside/lti/login?`);
  },
);

test('hints too long for a header come back in a form', async () => {
  const url = new URL(login());
  url.searchParams.set('lti_message_hint', 'm'.repeat(8_000));
  const first = await send(url.href, { headers: framed });
  const { action, fields } = readForm(first.body);
  expect([first.status, action]).toEqual([200, `${world.hubUrl}/t/northside/lti/login`]);
  const second = await send(action, { form: fields, headers: framed, cookies: first.setCookies });
  expect(readForm(second.body)).toMatchObject({
    action: world.lms.authorizeUrl,
    fields: { lti_message_hint: 'm'.repeat(8_000) },
  });
});

test('where the registration waives the proof, a framed browser without cookies goes on, to the tool', async () => {
  await changeRegistrationOf(testDatabase, world.tenants.northside, {
    settings: { requireBrowserProof: false },
  });
  world.first.lti.forgetAll();
  const answer = await send(login(), { headers: framed });
  expect(answer.location).toMatch(world.lms.authorizeUrl);
  const posted = readForm((await send(answer.location!)).body);
  const launched = await send(posted.action, { form: posted.fields, headers: framed });
  expect(launched.body).not.toContain(`${world.hubUrl}/t/northside/lti/login`);
  expect([200, 303]).toContain(launched.status);
});
