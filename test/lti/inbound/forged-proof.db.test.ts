import { expect, test } from 'vitest';
import { hashSecret } from '../../../src/platform/handle.ts';
import { send } from '../../demo/support/user-agent.ts';
import { reachTool } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answerLogin, postLaunch } from '../../support/launch.ts';
import { expectRefused, reasonOf } from '../../support/launch-rows.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const { superuser } = testDatabase;
const { northside } = world.tenants;

/** The secret in a login's cookie, which whoever logged in can read. */
function secretOf(cookies: readonly string[]): string {
  return /^__Host-gh-[^=]+=([^;]+)/.exec(cookies[0] ?? '')?.[1] ?? '';
}

test('an own secret posted into another browser from another site proves nothing there', async () => {
  const answered = await answerLogin(world);
  const form = { ...answered.fields, storage_proof: secretOf(answered.cookies) };
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://attacker.example' };
  const page = await send(answered.action, { form, headers });
  expect([page.status, page.location]).toEqual([200, undefined]);
  expect(page.body).toContain('target="_blank"');
});

test('a proof out of storage needs a login that put it there', async () => {
  const answered = await answerLogin(world);
  const form = { ...answered.fields, storage_proof: secretOf(answered.cookies) };
  const refused = await send(answered.action, { form, headers: { 'sec-fetch-site': 'same-origin' } });
  await expectRefused(testDatabase, refused, 'browser_unproven', northside.tenantId);
});

test('the hint of a launch that goes on by redirect opens no window, not even with the browser’s secret', async () => {
  const { initiation, cookies } = await reachTool(world);
  const form = { hint: initiation.lti_message_hint!, proof: secretOf(cookies) };
  const headers = { 'sec-fetch-site': 'same-origin' };
  const answer = await send(`${world.hubUrl}/platform/open`, { form, headers });
  expect([reasonOf(answer.body), answer.location, answer.setCookies]).toEqual([
    'hint_unknown',
    undefined,
    [],
  ]);
});

test('what anybody can send fills no trace: a tenant keeps a bounded number of such rows', async () => {
  const count = async () =>
    (await superuser.query(`select from launch where reason = 'state_unknown'`)).rows.length;
  const before = await count();
  const action = `${world.hubUrl}/t/riverbend/lti/launch`;
  const answers = await Promise.all(
    Array.from({ length: 90 }, () => send(action, { form: { state: 'x', id_token: 'x' } })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
  const kept = (await count()) - before;
  expect(kept).toBeGreaterThanOrEqual(60);
  expect(kept).toBeLessThan(75);
  expect(world.first.refusals.filter(({ reason }) => reason === 'state_unknown').length).toBe(90 - kept);
});

test('a launch that was answered by its own browser is no forgery', async () => {
  const answered = await answerLogin(world);
  expect(hashSecret(secretOf(answered.cookies))).toHaveLength(32);
  expect((await postLaunch(world, answered)).status).toBe(303);
});
