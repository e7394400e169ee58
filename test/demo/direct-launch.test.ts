import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ThirdPartyLogin } from '../../src/demo/lms/launches.ts';
import { knownBadLaunches, mustAcceptLaunches } from '../../src/demo/lms/tampering.ts';
import { createKeySetSource } from '../../src/demo/tool/key-set.ts';
import { verifyIdToken } from '../../src/demo/tool/verify.ts';
import { clientId, type DirectDemo, startDirectDemo } from './support/demo-world.ts';
import { type Answer, readFact, readForm, send } from './support/user-agent.ts';

let demo: DirectDemo;

beforeAll(async () => {
  demo = await startDirectDemo();
});
afterAll(() => demo.close());

const noStorage = { storageTarget: null };
const pupil = { person: 'ns-nwosu', link: 'ns-cell-lab', knobs: noStorage };

/** The check that each known bad token fails. */
const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
const failedChecks: Record<string, string> = {
  'no kid': 'kid',
  'wrong kid': 'kid',
  'wrong version': `${claim}version`,
  'no version': `${claim}version`,
  'not an LTI token': 'iss',
  'no LTI claims': `${claim}message_type`,
  'issued in the future': 'iat',
  'issued long ago': 'iat',
  expired: 'exp',
  'no expiry': 'exp',
  'no issue time': 'iat',
  'no message type': `${claim}message_type`,
  'unknown message type': `${claim}message_type`,
  'no roles': `${claim}roles`,
  'no deployment': `${claim}deployment_id`,
  'no resource link': `${claim}resource_link`,
  'no resource link id': `${claim}resource_link`,
  'no target link': `${claim}target_link_uri`,
  'no subject': 'sub',
  'no nonce': 'nonce',
  'wrong nonce': 'nonce',
  'wrong issuer': 'iss',
  'issuer with a slash': 'iss',
  'wrong audience': 'aud',
  'untrusted second audience': 'aud',
  'wrong authorized party': 'azp',
  'unsigned (alg none)': 'alg',
  'HS256 with the public key': 'alg',
  'signed by another key': 'signature',
  'key in the header': 'jwk',
  'key address in the header': 'jku',
  'certificate address in the header': 'x5u',
  'certificate in the header': 'x5c',
  'critical header extension': 'crit',
};

/** Login and authorization, up to the form the LMS would post to the tool. */
async function authorize(
  login: ThirdPartyLogin,
): Promise<{ fields: Record<string, string>; cookies: string[] }> {
  const started = await send(login.url, { form: login.parameters });
  const next =
    started.location ?? /id="next" href="([^"]*)"/.exec(started.body)![1]!.replaceAll('&amp;', '&');
  const answer = await send(next);
  return { fields: readForm(answer.body).fields, cookies: started.setCookies };
}

async function launch(login: ThirdPartyLogin): Promise<Answer> {
  const { fields, cookies } = await authorize(login);
  return send(demo.tool.launchUrl, { form: fields, cookies });
}

describe('a direct launch', () => {
  test.each(['GET', 'POST'] as const)('greets the person by name, login by %s', async (method) => {
    const login = demo.lms.startLogin({ ...pupil, knobs: { ...noStorage, method } });
    const started = await send(
      method === 'GET' ? login.getUrl : login.url,
      method === 'GET' ? {} : { form: login.parameters },
    );
    const { fields } = readForm((await send(started.location!)).body);
    const page = (await send(demo.tool.launchUrl, { form: fields, cookies: started.setCookies })).body;
    expect(readFact(page, 'name')).toBe('Amara');
    expect(readFact(page, 'resource')).toBe('Cell structure lab');
    expect(readFact(page, 'course')).toBe('Biology 9, Section B');
    expect(readFact(page, 'deployment')).toBe('1:northside');
    expect(readFact(page, 'proof')).toContain('cookie');
  });

  test('greets someone who shares nothing without a name', async () => {
    const page = (await launch(demo.lms.startLogin({ ...pupil, person: 'ns-fischer' }))).body;
    expect(readFact(page, 'name')).toBe('someone');
    expect(page).not.toMatch(/Lena|Fischer/);
  });

  test.each(Object.keys(mustAcceptLaunches))('is accepted: %s', async (name) => {
    const tampering = mustAcceptLaunches[name]!;
    expect((await launch(demo.lms.startLogin({ ...pupil, tampering }))).status).toBe(200);
  });

  test('is refused for every known bad token', () => {
    expect(Object.keys(knownBadLaunches).sort()).toEqual(Object.keys(failedChecks).sort());
  });

  test.each(Object.entries(failedChecks))('is refused: %s', async (name, check) => {
    const tampering = knownBadLaunches[name]!;
    const answer = await launch(demo.lms.startLogin({ ...pupil, tampering }));
    expect(answer.status).toBe(401);
    expect(answer.headers['sample-tool-refused']).toBe(check);
    expect(answer.body).not.toContain('Amara');
  });

  test('is refused in a browser without the cookie of the login', async () => {
    const { fields } = await authorize(demo.lms.startLogin(pupil));
    expect((await send(demo.tool.launchUrl, { form: fields })).status).toBe(403);
  });

  test('is refused when the same answer is posted again', async () => {
    const { fields, cookies } = await authorize(demo.lms.startLogin(pupil));
    expect((await send(demo.tool.launchUrl, { form: fields, cookies })).status).toBe(200);
    expect((await send(demo.tool.launchUrl, { form: fields, cookies })).status).toBe(403);
  });

  test("ends at the platform's error", async () => {
    const fields = ({ state }: Record<string, string>) => ({ error: 'login_required', state });
    const answer = await launch(demo.lms.startLogin({ ...pupil, tampering: { fields } }));
    expect(answer.status).toBe(401);
    expect(answer.headers['sample-tool-refused']).toBe('login_required');
  });
});

describe("a launch proven by the platform's storage", () => {
  const stored = { ...pupil, knobs: { storageTarget: '_parent' } };

  async function untilProof() {
    const login = demo.lms.startLogin(stored);
    const started = await send(login.url, { form: login.parameters });
    const secret = /data-secret="([^"]*)"/.exec(started.body)![1]!;
    const next = /id="next" href="([^"]*)"/.exec(started.body)![1]!.replaceAll('&amp;', '&');
    const { fields } = readForm((await send(next)).body);
    const answer = await send(demo.tool.launchUrl, { form: fields });
    return { secret, fields, answer };
  }

  test('shows nothing of the person until the stored secret comes back', async () => {
    const { secret, fields, answer } = await untilProof();
    expect(answer.body).not.toContain('Amara');
    const form = { state: fields.state!, proof: secret };
    const page = await send(`${demo.tool.launchUrl}/proof`, { form });
    expect(readFact(page.body, 'name')).toBe('Amara');
    expect(readFact(page.body, 'proof')).toContain('storage');
    expect((await send(`${demo.tool.launchUrl}/proof`, { form })).status).toBe(403);
  });

  test.each(['', 'another-secret'])('is refused with the secret "%s"', async (proof) => {
    const { fields } = await untilProof();
    const answer = await send(`${demo.tool.launchUrl}/proof`, { form: { state: fields.state!, proof } });
    expect(answer.status).toBe(403);
  });
});

test('a launch signed by a key published after the first fetch is accepted', async () => {
  expect((await launch(demo.lms.startLogin(pupil))).status).toBe(200);
  await demo.lms.keys.rotate();
  expect((await launch(demo.lms.startLogin(pupil))).status).toBe(200);
});

test("a token is refused while the platform's key set cannot be read", async () => {
  const token = await demo.lms.signIdToken(demo.lms.buildClaims(pupil));
  const keySet = createKeySetSource(demo.lms.jwksUrl, () =>
    Promise.resolve(new Response('', { status: 503 })),
  );
  const expected = { issuer: demo.lms.issuer, clientId, nonce: 'nonce', now: Date.now() };
  const verification = await verifyIdToken(token, expected, keySet);
  expect(verification).toEqual({ kind: 'refused', check: 'platform_keys_unreadable' });
});

describe('hosts on the one port', () => {
  test.each(['localhost', '127.0.0.1'])('%s leads to the LMS', async (host) => {
    const answer = await send(`http://localhost:${demo.port}/`, {
      headers: { host: `${host}:${demo.port}` },
    });
    expect(answer.location).toBe(`http://lms.localhost:${demo.port}/`);
  });

  test('another host is not served', async () => {
    const answer = await send(`http://localhost:${demo.port}/`, { headers: { host: 'attacker.example' } });
    expect(answer.status).toBe(421);
  });
});
