import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolClaim } from '../../src/demo/lms/registering/tool-configuration.ts';
import { openKeptTools } from '../../src/demo/lms/registering/tools-file.ts';
import { createLoopbackFetch } from '../../src/demo/loopback-fetch.ts';
import { type LmsAlone, startLmsAlone } from './support/lms-alone.ts';
import { addByLink, teacherOf } from './support/tools-page.ts';
import { send } from './support/user-agent.ts';

let alone: LmsAlone;
let now = Date.now();

beforeAll(async () => {
  alone = await startLmsAlone({ now: () => now });
});
afterAll(() => alone.close());

const fetchLoopback = createLoopbackFetch();
const lmsUrl = () => alone.lms.baseUrl;
const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';

function toolConfiguration(changes: Record<string, unknown> = {}, claim: Record<string, unknown> = {}) {
  return {
    application_type: 'web',
    client_name: 'New tool',
    redirect_uris: ['https://new.example/launch'],
    initiate_login_uri: 'https://new.example/login',
    jwks_uri: 'https://new.example/keys',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    scope: `${ags}/score https://new.example/scope/everything`,
    [toolClaim]: {
      domain: 'new.example',
      target_link_uri: 'https://new.example/',
      messages: [
        { type: 'LtiResourceLinkRequest', target_link_uri: 'https://new.example/open' },
        { type: 'LtiDeepLinkingRequest' },
      ],
      ...claim,
    },
    ...changes,
  };
}

/** What the frame of the LMS opens: the tool's link with what the LMS adds to it. */
async function begin() {
  const link = await addByLink(
    lmsUrl(),
    await teacherOf(lmsUrl(), 'northside'),
    'https://new.example/register?key=7',
  );
  const { searchParams } = new URL(link);
  return {
    link,
    configuration: String(searchParams.get('openid_configuration')),
    token: String(searchParams.get('registration_token')),
  };
}

async function register(token: string | undefined, body: unknown = toolConfiguration()) {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const answer = await fetchLoopback(`${lmsUrl()}/register`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}

test('the link that is entered is opened with the configuration’s address and a token, its own query kept', async () => {
  const { link, configuration } = await begin();
  expect(link).toMatch(/^https:\/\/new\.example\/register\?key=7&openid_configuration=/);
  const document = await (await fetchLoopback(configuration)).json();
  expect(document).toMatchObject({ issuer: alone.lms.issuer, registration_endpoint: `${lmsUrl()}/register` });
});

test('a tool registers itself once, is deployed to the school, and gets of the scopes what there is', async () => {
  const { token } = await begin();
  const first = await register(token);
  expect([first.status, first.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const { client_id: clientId, scope, [toolClaim]: claim } = first.body;
  expect(scope).toBe(`${ags}/score`);
  expect(claim).toMatchObject({ deployment_id: `${clientId}:northside`, domain: 'new.example' });
  expect((await register(token)).status).toBe(401);

  const cookies = await teacherOf(lmsUrl(), 'northside');
  const page = await send(`${lmsUrl()}/schools/northside/tools`, { cookies });
  expect(page.body).toContain(`<code>${clientId}:northside</code>`);
  const linked = await send(`${lmsUrl()}/schools/northside/tools/${clientId}/link`, { form: {}, cookies });
  const launch = await send(`${lmsUrl()}${linked.location}/launch`, { cookies });
  expect(launch.body).toContain('action="https://new.example/login"');
  expect(launch.body).toContain(`value="https://new.example/open"`);
  // Links that another tool opens stay with it.
  const { targetLinkUri } = alone.lms.resolveLaunch({ person: 'ns-nwosu', link: 'ns-cell-lab' });
  expect(targetLinkUri).toBe('https://client.example/');
});

describe('is refused', () => {
  test('without a token, with another one, and with one that has expired', async () => {
    expect((await register(undefined)).status).toBe(401);
    expect((await register('guessed')).headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    const { token } = await begin();
    now += 61 * 60 * 1000;
    expect(await register(token)).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
  });

  test.each([
    ['no redirect URI', toolConfiguration({ redirect_uris: [] }), 'invalid_redirect_uri'],
    [
      'a script for a redirect URI',
      toolConfiguration({ redirect_uris: ['javascript:alert(1)'] }),
      'invalid_redirect_uri',
    ],
    ['keys over http', toolConfiguration({ jwks_uri: 'http://new.example/keys' }), 'invalid_client_metadata'],
    [
      'a secret for its keys',
      toolConfiguration({ token_endpoint_auth_method: 'client_secret_basic' }),
      'invalid_client_metadata',
    ],
    [
      'a target outside its domain',
      toolConfiguration({}, { target_link_uri: 'https://evil.example/' }),
      'invalid_client_metadata',
    ],
    [
      'a domain that only ends alike',
      toolConfiguration({}, { domain: 'ew.example' }),
      'invalid_client_metadata',
    ],
    ['no LTI configuration', { ...toolConfiguration(), [toolClaim]: undefined }, 'invalid_client_metadata'],
  ])('%s, and the token is good for a better try', async (_name, body, error) => {
    const { token } = await begin();
    expect(await register(token, body)).toMatchObject({ status: 400, body: { error } });
    expect((await register(token)).status).toBe(201);
  });
});

describe('the page of the tools', () => {
  const tools = () => `${lmsUrl()}/schools/northside/tools`;

  test('is the teacher’s: pupils neither see it nor add anything', async () => {
    expect((await send(tools())).status).toBe(404);
    expect((await send(`${tools()}/add`, { form: { url: 'https://new.example/register' } })).status).toBe(
      404,
    );
    expect((await send(`${tools()}/client/link`, { form: {} })).status).toBe(404);
  });

  test('takes no form of another site', async () => {
    const cookies = await teacherOf(lmsUrl(), 'northside');
    const headers = { 'sec-fetch-site': 'cross-site' };
    const form = { url: 'https://new.example/register' };
    expect((await send(`${tools()}/add`, { form, cookies, headers })).status).toBe(403);
    expect((await send(`${tools()}/client/link`, { form, cookies, headers })).status).toBe(403);
  });

  test.each(['', 'new.example', 'javascript:alert(1)', 'data:text/html,x', 'http://new.example/register'])(
    'asks again for what is no link of the web: "%s"',
    async (url) => {
      const cookies = await teacherOf(lmsUrl(), 'northside');
      const answer = await send(`${tools()}/add`, { form: { url }, cookies });
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('Enter the whole')]);
    },
  );
});

test('tools that registered themselves are known again after a restart, and a damaged list is named', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'gatehouse-tools-'));
  const file = path.join(folder, 'demo', 'tools.json');
  try {
    const deployment = {
      school: 'northside',
      deploymentId: 'd',
      loginUrl: 'https://new.example/login',
      targets: { a: 'b' },
    };
    const tool = {
      ...{ clientId: 'maple-1', name: 'New tool', redirectUris: [], jwksUrl: 'https://new.example/keys' },
      ...{ scopes: [], deployments: [deployment] },
    };
    await (await openKeptTools(file)).add(tool);
    expect((await openKeptTools(file)).known).toEqual([tool]);
    await writeFile(file, '{}');
    await expect(openKeptTools(file)).rejects.toThrow(`Remove ${file}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
