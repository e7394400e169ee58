import { expect, onTestFinished, test } from 'vitest';
import { ltiClaim } from '../../../src/demo/lms/claims.ts';
import type { Tampering } from '../../../src/demo/lms/tampering.ts';
import { newHandle } from '../../../src/platform/handle.ts';
import { enableToolWithPolicy } from '../../../src/privacy/policies.ts';
import { disableToolForTenant } from '../../../src/tools/enablement.ts';
import { type Answer, send } from '../../demo/support/user-agent.ts';
import { authenticationRequest, readPosted, sendAuthorize } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { answerLogin, openTool, postLaunch, toCopy } from '../../support/launch.ts';
import { reasonOf } from '../../support/launch-rows.ts';
import { readForms } from '../../support/pages.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase, { presentation: 'new_window', supportsStorage: false });
const other = await world.addCopy();

/** A launch as far as the page whose button opens the window. */
async function reachButton(tampering?: Tampering) {
  const answered = await answerLogin(world, tampering && { tampering });
  const page = await postLaunch(world, answered);
  const [form] = readForms(page.body);
  return {
    page,
    cookies: answered.cookies,
    action: form!.action,
    fields: form!.fields,
    hint: form!.fields.hint!,
  };
}

const ownPage = { 'sec-fetch-site': 'same-origin' };

function open(
  { action, fields }: { action: string; fields: Record<string, string> },
  options: { headers?: Record<string, string>; copy?: typeof other; cookies?: string[] } = {},
): Promise<Answer> {
  const { headers = ownPage, copy, cookies = [] } = options;
  return send(toCopy(world, action, copy), { form: fields, headers, cookies });
}

test('a tool that wants a window gets a button, and its login goes there', async () => {
  const button = await reachButton();
  expect([button.page.status, button.action]).toEqual([200, `${world.hubUrl}/platform/open`]);
  expect(button.page.body).toContain('target="_blank"');
  const opened = await open(button);
  expect(opened.status).toBe(303);
  expect(opened.location).toMatch(`${world.tool.loginInitiationUrl}?`);
  expect((await openTool(world, opened, opened.setCookies)).status).toBe(200);
});

/** A launch of a link to a place inside the tool. */
function leadingTo(place: string): Tampering {
  const to = encodeURIComponent(`${world.tool.targetLinkUri}${place}`);
  const target = `${world.hubUrl}/t/northside/open/sample-tool?to=${to}`;
  return { claims: (claims) => ({ ...claims, [ltiClaim('target_link_uri')]: target }) };
}

test('a place too long for a header goes to the tool in a form', async () => {
  const place = 'x'.repeat(3_500);
  const opened = await open(await reachButton(leadingTo(place)));
  expect([opened.status, opened.location]).toEqual([200, undefined]);
  const [form] = readForms(opened.body);
  expect(form).toMatchObject({
    action: world.tool.loginInitiationUrl,
    fields: { target_link_uri: `${world.tool.targetLinkUri}${place}` },
  });
  const location = `${form!.action}?${new URLSearchParams(form!.fields)}`;
  expect((await openTool(world, { ...opened, location }, opened.setCookies)).status).toBe(200);
});

test('a link to a place that the database could not take out again opens all the same', async () => {
  const button = await reachButton(leadingTo('\0x'));
  const opened = await open(button);
  const { searchParams } = new URL(opened.location!);
  expect(searchParams.get('target_link_uri')).toBe(`${world.tool.targetLinkUri}%00x`);
});

test('the window has a cookie and hints of its own; those of the frame are void', async () => {
  const button = await reachButton();
  const opened = await open(button);
  const initiation = Object.fromEntries(new URL(opened.location!).searchParams);
  expect(initiation.lti_message_hint).not.toBe(button.hint);
  expect(opened.setCookies[0]!.split('=')[0]).not.toBe(button.cookies[0]!.split('=')[0]);
  const old = authenticationRequest(world, { initiation }, { lti_message_hint: button.hint });
  const { fields } = readPosted(await sendAuthorize(world, old, { cookies: button.cookies }));
  expect(fields).toMatchObject({ error: 'login_required' });
  const request = authenticationRequest(world, { initiation });
  const answer = readPosted(await sendAuthorize(world, request, { cookies: opened.setCookies }));
  expect(answer.fields.id_token).toBeDefined();
});

test('the cookie of the frame proves nothing for the window', async () => {
  const button = await reachButton();
  const opened = await open(button);
  const initiation = Object.fromEntries(new URL(opened.location!).searchParams);
  const [name] = opened.setCookies[0]!.split('=');
  const secret = /=([^;]*)/.exec(button.cookies[0]!)![1];
  const request = authenticationRequest(world, { initiation });
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: [`${name}=${secret}`] }));
  expect(fields).toMatchObject({ error: 'login_required' });
});

test('a button works once', async () => {
  const button = await reachButton();
  expect((await open(button)).status).toBe(303);
  const again = await open(button);
  expect([again.status, reasonOf(again.body)]).toEqual([400, 'hint_unknown']);
});

test('of ten clicks at once, at two copies, one opens', async () => {
  const button = await reachButton();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => open(button, i % 2 === 0 ? {} : { copy: other })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(400)]);
});

test('only the hub’s own page may post the button’s form', async () => {
  const button = await reachButton();
  const foreign = [
    {},
    { origin: 'https://attacker.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: world.hubUrl },
    { 'sec-fetch-site': 'none', origin: world.hubUrl },
  ];
  for (const headers of foreign) expect((await open(button, { headers })).status).toBe(403);
  expect((await open(button, { headers: { origin: world.hubUrl } })).status).toBe(303);
});

test('a button lives five minutes', async () => {
  const button = await reachButton();
  world.clock.advance(6 * 60_000);
  const late = await open(button);
  expect([late.status, reasonOf(late.body)]).toEqual([400, 'hint_unknown']);
});

test('opening the window gives the launch no new five minutes', async () => {
  const button = await reachButton();
  world.clock.advance(4 * 60_000);
  const opened = await open(button);
  const initiation = Object.fromEntries(new URL(opened.location!).searchParams);
  world.clock.advance(2 * 60_000);
  const request = authenticationRequest(world, { initiation });
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: opened.setCookies }));
  expect(fields).toMatchObject({ error: 'login_required' });
});

const foreignId = crypto.randomUUID();

test.each(['', 'x', newHandle(foreignId, foreignId)])(
  'a hint that is none opens nothing: "%s"',
  async (hint) => {
    const { action, fields } = await reachButton();
    const answer = await open({ action, fields: { ...fields, hint } });
    expect([answer.status, reasonOf(answer.body)]).toEqual([400, 'hint_unknown']);
  },
);

test.each(['', 'x'.repeat(32)])(
  'a hint without the secret of its browser opens nothing: "%s"',
  async (proof) => {
    const button = await reachButton();
    const answer = await open({ ...button, fields: { ...button.fields, proof } });
    expect([answer.status, reasonOf(answer.body)]).toEqual([400, 'hint_unknown']);
    expect((await open(button)).status).toBe(303);
  },
);

test('a tool switched off meanwhile is not opened', async () => {
  const button = await reachButton();
  const { tenantId } = world.tenants.northside;
  const { toolId } = world.tool;
  await testDatabase.database.withTenant(tenantId, (tx) => disableToolForTenant(tx, toolId, by()));
  world.first.lti.forgetAll();
  onTestFinished(async () => {
    await testDatabase.database.withTenant(tenantId, (tx) => enableToolWithPolicy(tx, { toolId }, by()));
    world.first.lti.forgetAll();
  });
  const answer = await open(button);
  expect([answer.status, reasonOf(answer.body)]).toEqual([400, 'tool_not_enabled']);
});

test('in a window that is the LMS’s own top level no second one is opened', async () => {
  const answered = await answerLogin(world);
  const launched = await send(answered.action, {
    form: answered.fields,
    cookies: answered.cookies,
    headers: { 'sec-fetch-dest': 'document' },
  });
  expect(launched.status).toBe(303);
  expect(launched.location).toMatch(`${world.tool.loginInitiationUrl}?`);
});
