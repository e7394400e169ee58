import { expect, onTestFinished, test } from 'vitest';
import { send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { type AnsweredLogin, answerLogin, openTool, postLaunch } from '../../support/launch.ts';
import { expectRefused, launchSentOn, openLogins } from '../../support/launch-rows.ts';
import { readForms, readSettings } from '../../support/pages.ts';
import { changeRegistrationOf } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { northside } = world.tenants;

const nameOf = (cookie: string) => cookie.split('=')[0]!;
const bindingOf = ({ cookies }: AnsweredLogin) => cookies.find((cookie) => cookie.startsWith('__Host-gh-'))!;

/** A login for which the LMS offers storage: the page of the hub, and the answer of the LMS. */
async function answerLoginWithStorage() {
  const { getUrl } = world.lms.startLogin({
    person: 'ns-nwosu',
    link: 'ns-cell-lab',
    knobs: { storageTarget: 'post_message_forwarding' },
  });
  const put = await send(getUrl);
  const [authorize] = readForms(put.body);
  const answer = await send(`${authorize!.action}?${new URLSearchParams(authorize!.fields)}`);
  const [form] = readForms(answer.body);
  return { put, answered: { ...form!, cookies: put.setCookies } };
}

/** Posts an answer again with a proof, as the hub's own page does unless told otherwise. */
function postProof(
  { action, fields }: Pick<AnsweredLogin, 'action' | 'fields'>,
  storage_proof: string,
  headers: Record<string, string> = { origin: world.hubUrl },
) {
  return send(action, { form: { ...fields, storage_proof }, headers });
}

test('a login leaves one partitioned cookie of its own, and a probe that is not partitioned', async () => {
  const { cookies } = await answerLogin(world);
  const always = 'Path=/; Max-Age=600; Secure; HttpOnly; SameSite=None';
  expect(cookies).toHaveLength(2);
  expect(cookies[0]).toMatch(new RegExp(`^__Host-gh-[\\w-]{8}=[\\w-]{32}; ${always}; Partitioned$`));
  expect(cookies[1]).toBe(`__Host-ghp=1; ${always}`);
});

test('two tabs keep their own cookies, and both launches go on, in either order', async () => {
  const [first, second] = [await answerLogin(world), await answerLogin(world)];
  expect(nameOf(bindingOf(first))).not.toBe(nameOf(bindingOf(second)));
  const cookies = [...first.cookies, ...second.cookies];
  for (const answered of [second, first]) {
    const launched = await postLaunch(world, answered, { cookies });
    expect(await launchSentOn(testDatabase, launched)).toMatchObject({ binding: 'cookie' });
  }
});

test('without a cookie and without storage a new window is offered, and nothing is taken in', async () => {
  const answered = await answerLogin(world);
  const page = await postLaunch(world, answered, { cookies: [] });
  expect(page.status).toBe(200);
  const [form] = readForms(page.body);
  expect(page.body).toContain('target="_blank"');
  expect(form!.action).toBe(`${world.hubUrl}/t/northside/lti/login`);
  expect(Object.keys(form!.fields)).not.toContain('id_token');
  expect(await openLogins(testDatabase, answered)).toBe(1);
});

test('the new window starts the login again, with a cookie that is first-party there', async () => {
  const answered = await answerLogin(world);
  const [form] = readForms((await postLaunch(world, answered, { cookies: [] })).body);
  const login = await send(form!.action, { form: form!.fields, headers: { 'sec-fetch-dest': 'document' } });
  const [again] = readForms((await send(login.location!)).body);
  const inWindow = { ...again!, cookies: login.setCookies };
  const launched = await postLaunch(world, inWindow);
  expect(await launchSentOn(testDatabase, launched)).toMatchObject({ binding: 'cookie' });
  expect((await openTool(world, launched, inWindow.cookies)).status).toBe(200);
});

test('where the LMS offers storage, the login puts its secret there, for the exact origin of the LMS', async () => {
  const { put, answered } = await answerLoginWithStorage();
  expect(put.status).toBe(200);
  const { value, ...place } = readSettings(put.body);
  const key = nameOf(bindingOf(answered)).slice('__Host-gh-'.length);
  const { origin } = new URL(world.lms.authorizeUrl);
  expect(place).toMatchObject({ frame: 'post_message_forwarding', origin, key });
  expect(bindingOf(answered)).toContain(`=${value};`);
});

test('without a cookie the storage is asked, and what it gives back lets the launch go on', async () => {
  const { put, answered } = await answerLoginWithStorage();
  const page = await postLaunch(world, answered, { cookies: [] });
  expect(page.status).toBe(200);
  expect(readSettings(page.body)).toMatchObject({
    frame: 'post_message_forwarding',
    proofField: 'storage_proof',
    key: readSettings(put.body).key,
  });
  expect(page.body).not.toContain(String(readSettings(put.body).value));
  const [again] = readForms(page.body);
  expect(again!.action).toBe(answered.action);
  const proof = String(readSettings(put.body).value);
  const launched = await postProof(again!, proof);
  expect(await launchSentOn(testDatabase, launched)).toMatchObject({
    binding: 'storage',
    presentation: 'framed',
  });
  const twice = await postProof(again!, proof);
  await expectRefused(testDatabase, twice, 'state_unknown', northside.tenantId);
});

test('a wrong proof is refused and uses the login up', async () => {
  const { put, answered } = await answerLoginWithStorage();
  const refused = await postProof(answered, 'x'.repeat(32));
  await expectRefused(testDatabase, refused, 'browser_unproven', northside.tenantId);
  const late = await postProof(answered, String(readSettings(put.body).value));
  await expectRefused(testDatabase, late, 'state_unknown', northside.tenantId);
});

test('a right proof that another site posts into somebody’s browser proves nothing', async () => {
  const { put, answered } = await answerLoginWithStorage();
  const proof = String(readSettings(put.body).value);
  const foreign = [
    {},
    { origin: 'https://attacker.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site', origin: world.hubUrl },
    { 'sec-fetch-site': 'same-site', origin: world.hubUrl },
  ];
  for (const headers of foreign) {
    const page = await postProof(answered, proof, headers);
    expect([page.status, page.location]).toEqual([200, undefined]);
    expect(await openLogins(testDatabase, answered)).toBe(1);
  }
  const launched = await postProof(answered, proof, { 'sec-fetch-site': 'same-origin' });
  expect(await launchSentOn(testDatabase, launched)).toMatchObject({ binding: 'storage' });
});

test('a proof counts only where the login was kept in the LMS’s storage', async () => {
  const answered = await answerLogin(world);
  const secret = bindingOf(answered).split(/[=;]/)[1]!;
  const refused = await postProof(answered, secret);
  await expectRefused(testDatabase, refused, 'browser_unproven', northside.tenantId);
});

test('a storage that gives nothing back leads to the new window, and the login stays', async () => {
  const { answered } = await answerLoginWithStorage();
  const page = await postProof(answered, '');
  expect(page.status).toBe(200);
  expect(readForms(page.body)[0]!.action).toBe(`${world.hubUrl}/t/northside/lti/login`);
  expect(await openLogins(testDatabase, answered)).toBe(1);
});

test('an answer that is posted by another browser is not taken in', async () => {
  const [attackers, victims] = [await answerLogin(world, { person: 'ns-park' }), await answerLogin(world)];
  const page = await postLaunch(world, attackers, { cookies: victims.cookies });
  expect([page.status, page.location]).toEqual([200, undefined]);
  const forged = `${nameOf(bindingOf(attackers))}=${bindingOf(victims).split(/[=;]/)[1]}`;
  const refused = await postLaunch(world, attackers, { cookies: [...victims.cookies, forged] });
  await expectRefused(testDatabase, refused, 'browser_unproven', northside.tenantId);
  expect(await openLogins(testDatabase, attackers)).toBe(0);
});

test('a bad token is refused before any page asks for a proof', async () => {
  const { answered } = await answerLoginWithStorage();
  const fields = { id_token: `${answered.fields.id_token}x` };
  const refused = await postLaunch(world, answered, { cookies: [], fields });
  await expectRefused(testDatabase, refused, 'signature_invalid', northside.tenantId);
});

test('a token of another login gets no page that asks for a proof', async () => {
  const [first, second] = [await answerLogin(world), await answerLogin(world)];
  const fields = { id_token: first.fields.id_token! };
  const refused = await postLaunch(world, second, { cookies: [], fields });
  await expectRefused(testDatabase, refused, 'nonce_mismatch', northside.tenantId);
});

/** For the rest of one test. */
async function waiveProof() {
  const require = async (requireBrowserProof: boolean) => {
    await changeRegistrationOf(testDatabase, northside, { settings: { requireBrowserProof } });
    world.first.lti.forgetAll();
  };
  await require(false);
  onTestFinished(() => require(true));
}

test('where the proof is waived, a storage that gives nothing back opens no window', async () => {
  await waiveProof();
  const { put, answered } = await answerLoginWithStorage();
  const page = await postLaunch(world, answered, { cookies: [] });
  const forms = readForms(page.body);
  expect(forms.map(({ action }) => action)).toEqual([answered.action]);
  expect(readSettings(page.body)).toMatchObject({ key: readSettings(put.body).key, waived: true });
  const launched = await send(forms[0]!.action, {
    form: forms[0]!.fields,
    headers: { origin: world.hubUrl },
  });
  expect(await launchSentOn(testDatabase, launched)).toMatchObject({ binding: 'none' });

  const wrong = await answerLoginWithStorage();
  const refused = await postProof(wrong.answered, 'x'.repeat(32));
  await expectRefused(testDatabase, refused, 'browser_unproven', northside.tenantId);
});

test('a registration that waives the proof lets a launch in with a warning, and binds what follows', async () => {
  await waiveProof();
  const answered = await answerLogin(world);
  const launched = await postLaunch(world, answered, { cookies: ['__Host-ghp=1'] });
  const row = await launchSentOn(testDatabase, launched);
  expect(row.binding).toBe('none');
  expect(row.trace.warnings).toEqual(['browser_unproven']);
  expect((await openTool(world, launched, launched.setCookies)).status).toBe(200);

  const forged = await answerLogin(world);
  const cookies = [`${nameOf(bindingOf(forged))}=${'x'.repeat(32)}`];
  const refused = await postLaunch(world, forged, { cookies });
  await expectRefused(testDatabase, refused, 'browser_unproven', northside.tenantId);
});
