import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { HUB_TENANT } from '../../../contracts/ids.ts';
import { createCompanySignIn } from '../../../src/operators/company/company.ts';
import type { RoleMapping } from '../../../src/operators/company/decide-company.ts';
import { createCompanyRouter } from '../../../src/operators/company/routes.ts';
import { invite } from '../../../src/operators/links/links.ts';
import { createPasswords } from '../../../src/operators/passwords/hashing.ts';
import { findSession } from '../../../src/operators/sessions/operator-sessions.ts';
import { systemClock as clock } from '../../../src/platform/clock.ts';
import { html } from '../../../src/platform/html.ts';
import { createHttpApp } from '../../../src/platform/http/http-app.ts';
import { listen } from '../../../src/platform/http/server.ts';
import { openLog } from '../../../src/platform/log.ts';
import { createOutbound } from '../../../src/platform/outbound/fetch.ts';
import { parseKeyEncryptionKeys } from '../../../src/platform/secrets/key-encryption-keys.ts';
import { createSecrets } from '../../../src/platform/secrets/secrets.ts';
import { addOperator } from '../../api/support/console-visitor.ts';
import { makeKey } from '../../sso/oidc/support/keys.ts';
import { createTestDatabase } from '../../support/database.ts';
import { openBrowser } from './browser.ts';
import { openPeer } from './peer.ts';

const { database: db, superuser } = await createTestDatabase();
const kek = parseKeyEncryptionKeys(`test:${randomBytes(32).toString('base64url')}`);
const passwords = createPasswords({ cost: { memoryCost: 64, timeCost: 1 } });
let app: RequestListener = (_request, response) => void response.end();
const server = await listen({ host: '127.0.0.1', port: 0, handler: (...call) => app(...call) });
afterAll(async () => void (await server.stop(0)));
const baseUrl = `http://127.0.0.1:${server.port}`;
const services = { db, clock, secrets: createSecrets({ kek, clock }), passwords, baseUrl };
const fetch = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test' });
afterAll(() => fetch.close());
const key = await makeKey('hub');
const signer = { signingKey: async () => ({ kid: 'hub', key: key.privateKey }) };
const peer = await openPeer();
const clientSecret = 'a secret that the provider gave: 40 letters';
await peer.serve([
  {
    client_id: 'console',
    client_secret: clientSecret,
    redirect_uris: [`${baseUrl}/console/oidc/callback`],
    backchannel_logout_uri: `${baseUrl}/console/oidc/backchannel-logout`,
    backchannel_logout_session_required: true,
  },
]);

/** Serves the company's sign-in with these roles for its groups. */
function openCompany(roles: RoleMapping) {
  const settings = {
    name: 'Company',
    issuer: peer.issuer,
    clientId: 'console',
    clientSecret,
    claim: 'groups',
    roles,
  };
  const company = createCompanySignIn({ ...services, fetch, signer, allowLoopback: true }, settings);
  app = createHttpApp({
    https: false,
    trustedProxyHops: 0,
    log: openLog({ level: 'silent' }),
    renderErrorPage: ({ code }) => html`<h1>${code}</h1>`,
    routers: [createCompanyRouter(company, clock)],
  });
}

/** From the console to the provider and back. */
async function signIn(browser = openBrowser(), returnTo = '/console/health') {
  const start = `${baseUrl}/console/oidc/start?${new URLSearchParams({ returnTo })}`;
  const answer = await browser.follow(start, `${baseUrl}/console/oidc/callback`);
  const page = await browser.open(answer.location!);
  const signedIn = await findSession(services, browser.cookies(baseUrl));
  return { page, answer: answer.location!, operator: signedIn?.operator, browser };
}

beforeEach(async () => {
  await superuser.query('truncate operator, operator_link, operator_session, operator_second_factor cascade');
  openCompany({});
});

const by = () => ({ actor: 'test', now: clock.now() });
const ada = { name: 'Ada', email: 'ada@school.example', days: 3, roles: ['manager'] as const };

test('somebody whom nobody has invited is not let in', async () => {
  const { page, operator } = await signIn();
  expect(page).toMatchObject({ status: 401, text: expect.stringContaining('company_unknown') });
  expect(operator).toBeUndefined();
});

test('somebody invited comes in by the proved address, with the roles of the invitation, and is known from then on', async () => {
  await invite(services, HUB_TENANT, ada, by());
  const { page, operator } = await signIn();
  expect(page).toMatchObject({ status: 303, location: `${baseUrl}/console/health` });
  expect(operator).toMatchObject({ email: ada.email, roles: ['manager'], hasPassword: false });
  expect((await signIn()).operator?.operatorId).toBe(operator?.operatorId);
});

test('groups that have roles decide each time', async () => {
  openCompany({ staff: 'viewer', teachers: 'integration_engineer' });
  expect((await signIn()).operator?.roles).toEqual(['viewer', 'integration_engineer']);
  openCompany({ staff: 'manager' });
  expect((await signIn()).operator?.roles).toEqual(['manager']);
  openCompany({ others: 'owner' });
  expect((await signIn()).page.text).toContain('company_no_role');
});

test('a disabled account stays out', async () => {
  const operator = await addOperator(services, ['viewer'], { email: ada.email });
  await superuser.query(`update operator set status = 'disabled' where operator_id = $1`, [
    operator.operatorId,
  ]);
  expect((await signIn()).page.text).toContain('company_disabled');
});

test('an answer counts once, and in the browser that asked', async () => {
  await invite(services, HUB_TENANT, ada, by());
  const { answer, browser } = await signIn();
  expect((await browser.open(answer)).text).toContain('company_answer_unknown');
  const start = `${baseUrl}/console/oidc/start`;
  const stolen = await openBrowser().follow(start, `${baseUrl}/console/oidc/callback`);
  const elsewhere = await openBrowser().open(stolen.location!);
  expect(elsewhere.text).toContain('company_answer_unknown');
});

test('signing out at the provider ends the console’s sessions of that browser, and of no other', async () => {
  await invite(services, HUB_TENANT, ada, by());
  const [here, elsewhere] = [(await signIn()).browser, (await signIn()).browser];
  const isSignedIn = async (browser: typeof here) =>
    (await findSession(services, browser.cookies(baseUrl))) !== undefined;
  expect([await isSignedIn(here), await isSignedIn(elsewhere)]).toEqual([true, true]);
  const question = await here.open(`${peer.issuer}/session/end`);
  const [, action = ''] = /action="([^"]+)"/.exec(question.text) ?? [];
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(question.text) ?? [];
  await here.open(action, { xsrf, logout: 'yes' });
  expect(peer.logoutFailures).toEqual([]);
  expect([await isSignedIn(here), await isSignedIn(elsewhere)]).toEqual([false, true]);
});

test.each(['https://evil.example/', '//evil.example', '/t/school/portal', '/console/../t', '/console//x'])(
  'a sign-in leads back to the console, and not to %s',
  async (returnTo) => {
    await invite(services, HUB_TENANT, ada, by());
    expect((await signIn(openBrowser(), returnTo)).page.location).toBe(`${baseUrl}/console`);
  },
);
