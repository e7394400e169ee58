import { expect, test } from 'vitest';
import { parseHandle } from '../../../src/platform/handle.ts';
import { authenticationRequest, reachTool, readPosted, sendAuthorize } from '../../support/authorize.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { readForms, readSettings } from '../../support/pages.ts';
import { isHintOpen, launchOf } from '../../support/tool-login.ts';

const testDatabase = await createTestDatabase();
const world = await startHubWorld(testDatabase);
const other = await world.addCopy();

/** How the hub's own page sends the request again. */
const fromOwnPage = { method: 'POST' as const, headers: { origin: world.hubUrl } };

const secretOf = (cookies: string[]) => /^__Host-gh-[\w-]{8}=([^;]*)/.exec(cookies[0]!)![1]!;

test('hints are opaque: they name nobody and carry nothing of the LMS’s', async () => {
  const { initiation } = await reachTool(world);
  expect(Object.keys(initiation).sort()).toEqual([
    'client_id',
    'iss',
    'login_hint',
    'lti_deployment_id',
    'lti_message_hint',
    'target_link_uri',
  ]);
  expect(initiation).toMatchObject({ iss: world.hubUrl, client_id: world.tool.clientId });
  expect(initiation.login_hint).toMatch(/^[\w-]{32}$/);
  expect(initiation.lti_message_hint).toMatch(/^[\w-]{75}\.[\w-]{8}$/);
  const again = await reachTool(world);
  expect(again.initiation.login_hint).not.toBe(initiation.login_hint);
  expect(again.initiation.lti_message_hint).not.toBe(initiation.lti_message_hint);
});

test('a hint opens one launch, once', async () => {
  const login = await reachTool(world);
  const request = authenticationRequest(world, login);
  const first = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
  expect(first.fields.id_token).toBeDefined();
  const second = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
  expect(second.fields).toMatchObject({ error: 'login_required', state: request.state });
  expect(await launchOf(testDatabase, login)).toMatchObject({ state: 'opened', outcome: 'success' });
});

test('of twenty requests with one hint at once, to two copies, one gets a token', async () => {
  const login = await reachTool(world);
  const request = authenticationRequest(world, login);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      sendAuthorize(world, request, { cookies: login.cookies, copy: i % 2 === 0 ? world.first : other }),
    ),
  );
  const posted = answers.map((answer) => readPosted(answer).fields);
  expect(posted.filter(({ id_token }) => id_token !== undefined)).toHaveLength(1);
  expect(posted.filter(({ error }) => error === 'login_required')).toHaveLength(19);
  expect(await launchOf(testDatabase, login)).toMatchObject({ state: 'opened', outcome: 'success' });
});

test('a launch at one copy opens at another', async () => {
  const login = await reachTool(world, { copy: other });
  const request = authenticationRequest(world, login);
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies, copy: other }));
  expect(fields.id_token).toBeDefined();
});

test('the hints of two launches cannot be mixed', async () => {
  const [one, two] = [await reachTool(world), await reachTool(world, { person: 'ns-park' })];
  const request = authenticationRequest(world, one, { login_hint: two.initiation.login_hint });
  const cookies = [...one.cookies, ...two.cookies];
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies }));
  expect(fields).toMatchObject({ error: 'login_required' });
  expect(await isHintOpen(testDatabase, one)).toBe(false);
  expect(await isHintOpen(testDatabase, two)).toBe(true);
  expect(await launchOf(testDatabase, one)).toMatchObject({ reason: 'login_hint_mismatch' });
});

test('a hint made out for another tenant is unknown there', async () => {
  const login = await reachTool(world);
  const [handle, cookieId] = login.initiation.lti_message_hint!.split('.');
  const bytes = Buffer.from(handle!, 'base64url');
  bytes.set(Buffer.from(world.tenants.riverbend.tenantId.replaceAll('-', ''), 'hex'));
  const moved = `${bytes.toString('base64url')}.${cookieId}`;
  expect(parseHandle(moved.split('.')[0], 2)!.ids[0]).toBe(world.tenants.riverbend.tenantId);
  const request = authenticationRequest(world, login, { lti_message_hint: moved });
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: login.cookies }));
  expect(fields).toMatchObject({ error: 'login_required' });
  expect(await isHintOpen(testDatabase, login)).toBe(true);
});

test('a hint lives five minutes', async () => {
  const [early, late] = [await reachTool(world), await reachTool(world)];
  world.clock.advance(4 * 60_000);
  const inTime = await sendAuthorize(world, authenticationRequest(world, early), { cookies: early.cookies });
  expect(readPosted(inTime).fields.id_token).toBeDefined();
  world.clock.advance(2 * 60_000);
  const request = authenticationRequest(world, late);
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies: late.cookies }));
  expect(fields).toMatchObject({ error: 'login_required' });
  expect(await launchOf(testDatabase, late)).toMatchObject({ state: 'refused', reason: 'hint_expired' });
});

test('a browser that was not launched gets no token, and the hint is used up', async () => {
  const [launched, attacker] = [await reachTool(world), await reachTool(world, { person: 'ns-park' })];
  const [name] = launched.cookies[0]!.split('=');
  const request = authenticationRequest(world, launched);
  const cookies = [`${name}=${secretOf(attacker.cookies)}`];
  const { fields } = readPosted(await sendAuthorize(world, request, { cookies }));
  expect(fields).toMatchObject({ error: 'login_required' });
  expect(await isHintOpen(testDatabase, launched)).toBe(false);
  expect(await launchOf(testDatabase, launched)).toMatchObject({ reason: 'browser_unproven_at_authorize' });
});

test('without a cookie the hub’s framing page is asked, and the hint stays', async () => {
  const login = await reachTool(world);
  const request = authenticationRequest(world, login);
  const page = await sendAuthorize(world, request);
  expect(page.status).toBe(200);
  expect(readSettings(page.body)).toEqual({
    launch: login.initiation.lti_message_hint!.split('.')[1],
    proofField: 'gatehouse_proof',
  });
  expect(await isHintOpen(testDatabase, login)).toBe(true);
  const [again] = readForms(page.body);
  expect(again).toEqual({
    action: `${world.hubUrl}/platform/authorize`,
    fields: { ...request, gatehouse_proof: '' },
  });
  const proven = { ...again!.fields, gatehouse_proof: secretOf(login.cookies) };
  const { fields } = readPosted(await sendAuthorize(world, proven, fromOwnPage));
  expect(fields.id_token).toBeDefined();
});

test.each(['', 'x'.repeat(32)])('a framing page that gives no proof gets no token: "%s"', async (proof) => {
  const login = await reachTool(world);
  const request: Record<string, string> = { ...authenticationRequest(world, login), gatehouse_proof: proof };
  const { fields } = readPosted(await sendAuthorize(world, request, fromOwnPage));
  expect(fields).toMatchObject({ error: 'login_required', state: request.state });
  expect(fields.gatehouse_proof).toBeUndefined();
  expect(await isHintOpen(testDatabase, login)).toBe(false);
  expect(await launchOf(testDatabase, login)).toMatchObject({ reason: 'browser_unproven_at_authorize' });
});

test('a right proof that another site posts into somebody’s browser proves nothing', async () => {
  const login = await reachTool(world);
  const request = { ...authenticationRequest(world, login), gatehouse_proof: secretOf(login.cookies) };
  const foreign = [
    { method: 'GET' as const, headers: { 'sec-fetch-site': 'same-origin' } },
    { method: 'POST' as const },
    { method: 'POST' as const, headers: { origin: 'https://attacker.example' } },
    { method: 'POST' as const, headers: { 'sec-fetch-site': 'cross-site', origin: world.hubUrl } },
  ];
  for (const options of foreign) {
    const page = await sendAuthorize(world, request, options);
    expect(readSettings(page.body)).toMatchObject({ proofField: 'gatehouse_proof' });
    expect(readForms(page.body)[0]!.fields.gatehouse_proof).toBe('');
  }
  expect(await isHintOpen(testDatabase, login)).toBe(true);
});
