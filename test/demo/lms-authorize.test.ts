import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ltiClaim } from '../../src/demo/lms/claims.ts';
import { clientId, type DirectDemo, startDirectDemo } from './support/demo-world.ts';
import { readForm, send } from './support/user-agent.ts';

let demo: DirectDemo;
let now = Date.now();

beforeAll(async () => {
  demo = await startDirectDemo({ now: () => now });
});
afterAll(() => demo.close());

const pupil = { person: 'ns-nwosu', link: 'ns-cell-lab' };

function goodRequest(login = demo.lms.startLogin(pupil)): Record<string, string> {
  return {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: clientId,
    redirect_uri: demo.tool.launchUrl,
    login_hint: login.parameters.login_hint!,
    lti_message_hint: login.parameters.lti_message_hint!,
    state: 'state with & "quotes"',
    nonce: 'n-1',
  };
}

function askByGet(parameters: Record<string, string>, cookies: string[] = []) {
  return send(`${demo.lms.authorizeUrl}?${new URLSearchParams(parameters)}`, { cookies });
}

describe('a good authentication request', () => {
  test.each(['GET', 'POST'])(
    'is answered by form_post with id_token and the same state, asked by %s',
    async (method) => {
      const request = goodRequest();
      const answer =
        method === 'GET' ? await askByGet(request) : await send(demo.lms.authorizeUrl, { form: request });
      const form = readForm(answer.body);
      expect(form.action).toBe(demo.tool.launchUrl);
      expect(form.fields.state).toBe(request.state);
      expect(form.fields.lti_storage_target).toBe('post_message_forwarding');
      const jwks = JSON.parse((await send(demo.lms.jwksUrl)).body);
      const { payload } = await jwtVerify(form.fields.id_token!, createLocalJWKSet(jwks), {
        issuer: 'https://maple.example',
        audience: clientId,
      });
      expect(payload.nonce).toBe('n-1');
      expect(payload[ltiClaim('deployment_id')]).toBe('1:northside');
    },
  );

  test('answers each school with its own deployment, person and platform guid', async () => {
    const login = demo.lms.startLogin({ person: 'rb-chen', link: 'rb-probability-quiz' });
    const north = decodeJwt(readForm((await askByGet(goodRequest())).body).fields.id_token!);
    const river = decodeJwt(readForm((await askByGet(goodRequest(login))).body).fields.id_token!);
    expect([river.iss, river.aud]).toEqual([north.iss, north.aud]);
    for (const name of ['deployment_id', 'tool_platform', 'context']) {
      expect(river[ltiClaim(name)]).not.toEqual(north[ltiClaim(name)]);
    }
    expect(river.sub).not.toBe(north.sub);
  });

  test.each([
    ['ns-park', ['name', 'given_name', 'family_name'], ['email']],
    ['ns-fischer', [], ['name', 'given_name', 'family_name', 'email', 'locale']],
  ])('tells of %s only what the person shares', async (person, told, withheld) => {
    const login = demo.lms.startLogin({ ...pupil, person });
    const claims = decodeJwt(readForm((await askByGet(goodRequest(login))).body).fields.id_token!);
    for (const name of told) expect(claims).toHaveProperty(name);
    for (const name of withheld) expect(claims).not.toHaveProperty(name);
  });
});

describe('a refused authentication request', () => {
  test.each([
    ['another redirect_uri', { redirect_uri: 'http://tool.localhost/launch' }],
    ['a redirect_uri with something after it', { redirect_uri: '+/x' }],
    ['an unknown client', { client_id: 'nobody' }],
  ])('sends nothing to the redirect_uri for %s', async (_name, change) => {
    const request = goodRequest();
    const redirectUri = (change as { redirect_uri?: string }).redirect_uri;
    const changed = redirectUri?.startsWith('+')
      ? { redirect_uri: request.redirect_uri + redirectUri.slice(1) }
      : change;
    const answer = await askByGet({ ...request, ...changed } as Record<string, string>);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('<form');
  });

  test.each([
    ['scope', 'openid profile', 'invalid_scope'],
    ['response_type', 'code', 'unsupported_response_type'],
    ['response_mode', 'fragment', 'invalid_request'],
    ['prompt', 'login', 'invalid_request'],
    ['nonce', '', 'invalid_request'],
    ['login_hint', '', 'invalid_request'],
    ['login_hint', 'another-person', 'login_required'],
    ['lti_message_hint', 'unknown', 'invalid_request'],
  ])('posts an error with the state when %s is "%s"', async (name, value, error) => {
    const answer = await askByGet({ ...goodRequest(), [name]: value });
    const { action, fields } = readForm(answer.body);
    expect(action).toBe(demo.tool.launchUrl);
    expect(fields).toMatchObject({ error, state: 'state with & "quotes"' });
    expect(fields).not.toHaveProperty('id_token');
  });

  test('names a parameter that came twice', async () => {
    const query = `${new URLSearchParams(goodRequest())}&nonce=n-2`;
    const { fields } = readForm((await send(`${demo.lms.authorizeUrl}?${query}`)).body);
    expect(fields.error).toBe('invalid_request');
    expect(fields.error_description).toContain('nonce');
  });

  test('does not answer a hint of another client', async () => {
    const other = { clientId: 'other', name: 'Other', redirectUris: [demo.tool.launchUrl], deployments: [] };
    demo.lms.registerTool(other);
    const { fields } = readForm((await askByGet({ ...goodRequest(), client_id: 'other' })).body);
    expect(fields.error).toBe('unauthorized_client');
  });

  test('does not answer a browser other than the one that clicked the link', async () => {
    const page = await send(`${demo.lms.baseUrl}/schools/northside/items/ns-cell-lab/launch`);
    const { lti_message_hint, login_hint } = readForm(page.body).fields;
    const request = { ...goodRequest(), lti_message_hint: lti_message_hint!, login_hint: login_hint! };
    expect(readForm((await askByGet(request)).body).fields.error).toBe('login_required');
    expect(readForm((await askByGet(request, page.setCookies)).body).fields).toHaveProperty('id_token');
  });

  test('does not answer a hint older than ten minutes', async () => {
    const request = goodRequest();
    now += 10 * 60 * 1000;
    const { fields } = readForm((await askByGet(request)).body);
    expect(fields.error_description).toContain('expired');
  });

  test('answers a single-use hint once', async () => {
    const request = goodRequest(demo.lms.startLogin({ ...pupil, knobs: { messageHintUse: 'once' } }));
    expect(readForm((await askByGet(request)).body).fields).toHaveProperty('id_token');
    expect(readForm((await askByGet(request)).body).fields.error).toBe('invalid_request');
  });
});

describe('third-party initiated login', () => {
  test('carries issuer, hints, target, client, deployment and storage target by default', () => {
    const { parameters, method } = demo.lms.startLogin(pupil);
    expect(method).toBe('POST');
    expect(parameters).toMatchObject({
      iss: 'https://maple.example',
      target_link_uri: demo.tool.targetUrl,
      client_id: clientId,
      lti_deployment_id: '1:northside',
      lti_storage_target: 'post_message_forwarding',
    });
    expect(JSON.stringify(parameters)).not.toMatch(/amara|nwosu/i);
  });

  test('leaves out or renames what the knobs say', () => {
    const knobs = {
      includeClientId: false,
      deploymentParameter: 'deployment_id',
      storageTarget: null,
    } as const;
    const { parameters } = demo.lms.startLogin({ ...pupil, knobs });
    expect(Object.keys(parameters).sort()).toEqual([
      'deployment_id',
      'iss',
      'login_hint',
      'lti_message_hint',
      'target_link_uri',
    ]);
  });

  test('never starts for a person of another school', () => {
    expect(() => demo.lms.startLogin({ person: 'rb-chen', link: 'ns-cell-lab' })).toThrowError(
      expect.objectContaining({ code: 'lms_not_enrolled' }),
    );
  });
});

test('a rotated key signs new tokens while the old one stays published until retired', async () => {
  const claims = demo.lms.buildClaims(pupil);
  const before = decodeProtectedHeader(await demo.lms.signIdToken(claims)).kid;
  const { kid } = await demo.lms.keys.rotate();
  expect(decodeProtectedHeader(await demo.lms.signIdToken(claims)).kid).toBe(kid);
  expect(demo.lms.keys.jwks().keys.map((key) => key.kid)).toEqual([before, kid]);
  demo.lms.keys.retireOld();
  expect(demo.lms.keys.jwks().keys.map((key) => key.kid)).toEqual([kid]);
  expect(JSON.stringify(demo.lms.keys.jwks())).not.toContain('"d"');
});
