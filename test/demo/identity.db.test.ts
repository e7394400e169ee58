import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test, vi } from 'vitest';
import type { TenantId } from '../../contracts/ids.ts';
import { type Hub, migrateAll, openHub } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { createDemo, type Demo } from '../../src/demo/demo.ts';
import { demoAccounts } from '../../src/demo/identity/accounts.ts';
import { listen } from '../../src/platform/http/server.ts';
import { openLog } from '../../src/platform/log.ts';
import { listIdentities } from '../../src/sso/identities/identities.ts';
import { getTenantBySlug } from '../../src/tenants/tenants.ts';
import { Visitor } from '../sso/support/visitor.ts';
import { launchBrowser } from '../support/browser.ts';
import { createTestDatabase } from '../support/database.ts';
import { readForm, send } from './support/user-agent.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const { url, superuser } = await createTestDatabase();
const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-demo-identity-'));
let handler: RequestListener = (_request, response) => response.end();
const server = await listen({
  host: '127.0.0.1',
  port: 0,
  handler: (request, response) => handler(request, response),
});
const baseUrl = `http://hub.localhost:${server.port}`;
const log = openLog({ level: 'silent' });
const storage = { url, directUrl: url, folder: undefined, stop: async () => undefined };
const browser = await launchBrowser();
let running = await start();
const { tenantId } = await getTenantBySlug(running.hub.db.directory, 'northside');
await rosterIsIn(tenantId);

afterAll(async () => {
  await browser.close();
  await server.stop(1_000);
  await stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<{ hub: Hub; demo: Demo }> {
  const environment = { GATEHOUSE_URL: baseUrl, GATEHOUSE_DATA: folder, LOG_LEVEL: 'silent' };
  const config = readConfig({ environment, demo: true });
  await migrateAll({ config, storage, log });
  const hub = await openHub({ config, storage, log, work: true });
  const { dataDir, dropFolder = '' } = config;
  const demo = await createDemo({ ...hub, baseUrl, dataDir, dropFolder, command: 'hub' });
  handler = demo.handler as RequestListener;
  return { hub, demo };
}

async function stop(): Promise<void> {
  await running.demo.close();
  await running.hub.close(1_000);
}

/** The roster is brought at the first start, without anybody asking, and its people are linked. */
async function rosterIsIn(tenant: TenantId): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await superuser.query(
        `select count(*)::int as count from person_link k join connection c using (tenant_id, connection_id)
         where k.tenant_id = $1 and c.kind = 'roster' and k.match_value is not null`,
        [tenant],
      );
      expect(rows).toEqual([{ count: 2_000 }]);
    },
    { timeout: 45_000, interval: 100 },
  );
}

const { toTry, password } = demoAccounts('northside', { now: Date.now });
const [pupil, teacher, closed, guest] = toTry.map(({ username }) => username);

/** Where signing in by one of the ways begins, as the page of ways has it. */
async function wayOf(visitor: Visitor, name: string): Promise<string> {
  const { body } = await visitor.open('/t/northside/sign-in');
  const [, address = ''] = new RegExp(`href="([^"]+)">[^<]*${name}<`).exec(body) ?? [];
  return address.replaceAll('&amp;', '&');
}

async function signIn(username = '', secret = password) {
  const visitor = new Visitor(baseUrl);
  const way = await wayOf(visitor, 'School directory');
  return { visitor, answer: await visitor.signIn(way, username, secret) };
}

/** By the OpenID provider: there and back, as a browser goes. */
async function signInThere(username = '', secret = password) {
  const [visitor, there] = [new Visitor(baseUrl), new Visitor(baseUrl.replace('//hub.', '//id.'))];
  const begun = await visitor.open(await wayOf(visitor, 'School account'));
  const asked = await there.open(begun.location ?? '');
  const answered = await there.post(asked.location ?? '', { username, password: secret });
  if (answered.location === undefined) return { visitor, there, answer: answered };
  const back = await there.open(answered.location);
  return { visitor, there, answer: await visitor.open(back.location ?? '') };
}

async function personOf(username: string | undefined): Promise<Record<string, unknown> | undefined> {
  const { rows } = await superuser.query(
    `select u.sourced_id, s.role from roster_user u
     join person_link k on k.tenant_id = u.tenant_id and k.connection_id = u.connection_id and k.subject = u.sourced_id
     join session s on s.tenant_id = k.tenant_id and s.person_id = k.person_id and s.ended_at is null
     where u.tenant_id = $1 and u.username = $2 order by s.session_id desc limit 1`,
    [tenantId, username],
  );
  return rows[0];
}

test('the directory’s people are the same at every start, and their names the roster’s', () => {
  const now = () => Date.UTC(2026, 10, 21);
  expect(demoAccounts('northside', { now })).toEqual(demoAccounts('northside', { now }));
  const { entries } = demoAccounts('northside', { now });
  for (const key of ['dn', 'uid', 'mail', 'entryUUID', 'employeeNumber']) {
    const values = entries.flatMap(({ dn, attributes }) => (key === 'dn' ? [dn] : (attributes[key] ?? [])));
    expect([key, new Set(values).size]).toEqual([key, values.length]);
  }
  expect(entries.length).toBeGreaterThan(1_300);
});

test('a pupil and a teacher sign in as those whom the roster knows, and are at the portal within two seconds', async () => {
  for (const [username, role] of [
    [pupil, 'student'],
    [teacher, 'teacher'],
  ]) {
    const { visitor, answer } = await signIn(username);
    expect([answer.status, answer.location]).toEqual([303, '/t/northside/portal']);
    expect(await personOf(username)).toMatchObject({ role });
    const begun = performance.now();
    const again = await visitor.signIn(await wayOf(visitor, 'School directory'), username ?? '', password);
    const { status, body } = await visitor.open(again.location ?? '');
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(status).toBe(200);
    expect(body).toContain('Your classes');
    expect(body).toContain('Sample tool');
  }
});

test('by the OpenID provider the same people sign in as themselves', async () => {
  const { answer } = await signInThere(teacher);
  expect([answer.status, answer.location]).toEqual([303, '/t/northside/portal']);
  expect(await personOf(teacher)).toMatchObject({ role: 'teacher' });
  const { rows } = await superuser.query(
    `select count(distinct k.person_id)::int as people, count(distinct k.connection_id)::int as ways
     from person_link k join connection c using (tenant_id, connection_id)
     where k.tenant_id = $1 and c.kind = 'identity'
       and k.person_id = (select person_id from session where tenant_id = $1 order by session_id desc limit 1)`,
    [tenantId],
  );
  expect(rows).toEqual([{ people: 1, ways: 2 }]);
  expect((await signInThere(pupil, 'wrong')).answer.body).toContain('is not right');
  expect((await signInThere(closed)).answer.body).toContain('This account is closed.');
  expect((await signInThere(guest)).answer.body).toContain('We do not know you yet');
});

test.each([
  // The form leads to the portal; the protocol needs nothing more.
  ['School directory', ['/t/northside/portal']],
  // OpenID Connect Core 1.0 §3.1.2: back to the provider's own flow, from there to the callback. Then the portal.
  ['School account', ['/auth/', '/callback', '/t/northside/portal']],
])('from the password of the %s to the page of a tool no browser needs two seconds', async (way, path) => {
  const took = await untilShort(() => signInAndOpen(way, path));
  expect(took).toBeLessThan(2_000);
});

/** The shortest of up to three tries, in milliseconds: of a machine that is busy with other tests none counts. */
async function untilShort(attempt: () => Promise<number>): Promise<number> {
  const took = await attempt();
  return took < 2_000 ? took : Math.min(took, await attempt(), await attempt());
}

async function signInAndOpen(way: string, path: readonly string[]): Promise<number> {
  const page = await browser.newPage();
  const visited: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.method() === 'GET') visited.push(request.url());
  });
  await page.goto(`${baseUrl}/t/northside/portal`);
  await page.getByRole('link', { name: way }).click();
  await page.getByLabel('User name').fill(pupil ?? '');
  await page.getByLabel('Password').fill(password);
  visited.length = 0;
  const begun = performance.now();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sample tool' }).first().waitFor();
  expect(visited.map((url, index) => url.includes(path[index] ?? 'nothing more'))).toEqual(
    path.map(() => true),
  );
  await page.getByRole('button', { name: 'Sample tool' }).first().click();
  await expect.poll(() => toolIn(page)).toBe(true);
  return performance.now() - begun;
}

/** Whether the tool greets somebody, in the page or in a frame of it. */
async function toolIn(page: Page): Promise<boolean> {
  const shown = page.frames().map((frame) => frame.getByText('Launch verified').count());
  return (await Promise.all(shown)).some((count) => count > 0);
}

test('signing out at the hub asks there as well, and comes back', async () => {
  const { visitor, there } = await signInThere(pupil);
  const left = await visitor.post('/t/northside/sign-out', {});
  expect(visitor.session).toBeUndefined();
  expect(new URL(left.location ?? '').hostname).toBe('id.localhost');
  const { body } = await there.open(left.location ?? '');
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(body) ?? [];
  const done = await there.post(readForm(body).action, { xsrf, logout: 'yes' });
  expect(done.location).toBe(`${baseUrl}/t/northside/signed-out`);
});

test('an e-mail address will do as a name; a wrong password, a closed account and somebody unknown get their own pages', async () => {
  const { entries } = demoAccounts('northside', { now: Date.now });
  const mail = entries.find(({ attributes }) => attributes.uid === teacher)?.attributes.mail;
  expect((await signIn(mail)).answer.status).toBe(303);
  expect((await signIn(pupil, 'wrong')).answer.body).toContain('The user name or the password is not right.');
  expect((await signIn(closed)).answer.body).toContain('Your account cannot be used');
  expect((await signIn(guest)).answer.body).toContain('We do not know you yet');
});

test('the hint and the LMS’s front page name the portal, the accounts and their password', async () => {
  const front = await send(`${baseUrl.replace('//hub.', '//lms.')}/`);
  for (const text of [running.demo.signInHint, front.body]) {
    expect(text).toContain(`${baseUrl}/t/northside/portal`);
    expect(text).toContain(password);
    for (const { username, what } of toTry) {
      expect(text).toContain(username);
      expect(text).toContain(what);
    }
  }
});

test('a second start keeps the connection, the links and the sessions, and reads no roster again', async () => {
  const { visitor } = await signIn(pupil);
  const list = () => running.hub.db.withTenant(tenantId, listIdentities);
  const before = await list();
  expect(before.map(({ protocol }) => protocol).sort()).toEqual(['ldap', 'oidc']);
  await stop();
  running = await start();
  expect(await list()).toEqual(before);
  const { rows } = await superuser.query('select count(*)::int as count from sync_run where tenant_id = $1', [
    tenantId,
  ]);
  expect(rows).toEqual([{ count: 1 }]);
  const page = await visitor.open('/t/northside/portal');
  expect(page.status).toBe(200);
  const { visitor: again } = await signIn(pupil);
  expect(again.session).toBeDefined();
});

test('where the directory’s port is taken the connection learns of another', async () => {
  const directory = async () =>
    (await running.hub.db.withTenant(tenantId, listIdentities)).find(({ protocol }) => protocol === 'ldap');
  const before = await directory();
  const first = running;
  // The directory of the first goes on: its port is taken.
  running = await start();
  const after = await directory();
  expect(after?.connectionId).toBe(before?.connectionId);
  expect(after?.settings.servers).not.toEqual(before?.settings.servers);
  expect(after?.secrets).toEqual(['servicePassword']);
  expect((await signIn(pupil)).answer.status).toBe(303);
  await first.demo.close();
  await first.hub.close(1_000);
});
