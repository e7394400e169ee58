import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { mostAttempts } from '../../../src/lti/registration/invitation.ts';
import { send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startHubWorld } from '../../support/hub.ts';
import { answers, configurations } from './support/documents.ts';
import { codeOf, createLinks } from './support/links.ts';
import { sendJson, startRegisteringLms } from './support/registering-lms.ts';

const testDatabase = await createTestDatabase();
const { database, superuser } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside } = world.tenants;
const links = createLinks(testDatabase, world);
const lms = await startRegisteringLms('moodle');
const other = await startRegisteringLms('moodle');
// One link bears fifty tries, so these are shared among two.
const linkOfAddresses = await links.make(northside, { family: 'moodle' });
const link = await links.make(northside, { family: 'moodle' });
const connected = () =>
  database.withTenant(northside.tenantId, listRegistrations).then(({ length }) => length);
const before = await connected();

const open = (url = `${lms.origin}/configuration`, token = 'secret.token', at = link) =>
  links.open(at, { openid_configuration: url, registration_token: token });
const truth = configurations.moodle(lms.origin);
const lie = (changes: Record<string, unknown>) => (response: ServerResponse) =>
  sendJson(response, 200, { ...truth, ...changes });

afterEach(() => {
  lms.misbehave('/configuration', undefined);
  lms.misbehave('/register', undefined);
  lms.received.length = 0;
  other.received.length = 0;
  world.first.calls.length = 0;
});

/** Sends a body without an end, until the other side hangs up. */
function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => {
    while (!response.destroyed && response.write(' '.repeat(64 * 1024)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

const tenMegabytes = (response: ServerResponse) =>
  sendJson(response, 200, { ...truth, padding: 'x'.repeat(10 * 1024 * 1024) });
const elsewhere = (response: ServerResponse) =>
  response.writeHead(302, { location: `${other.origin}/configuration` }).end();
const page = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');

test.each<[string, (response: ServerResponse) => unknown, string]>([
  ['another issuer', lie({ issuer: 'https://moodle.other.example' }), 'registration_issuer_mismatch'],
  ['an issuer that is no address', lie({ issuer: 'moodle' }), 'registration_issuer_mismatch'],
  [
    'an issuer on another port',
    lie({ issuer: other.origin, registration_endpoint: `${other.origin}/register` }),
    'registration_issuer_mismatch',
  ],
  [
    'a registration endpoint elsewhere',
    lie({ registration_endpoint: `${other.origin}/register` }),
    'registration_host_refused',
  ],
  ['keys elsewhere', lie({ jwks_uri: 'https://keys.other.example/jwks' }), 'registration_host_refused'],
  [
    'an address on a private network',
    lie({ authorization_endpoint: 'http://10.0.0.8/authorize' }),
    'registration_configuration_invalid',
  ],
  [
    'no registration endpoint',
    lie({ registration_endpoint: undefined }),
    'registration_configuration_invalid',
  ],
  ['no key set', lie({ jwks_uri: null }), 'registration_configuration_invalid'],
  ['an issuer of 10,000 letters', lie({ issuer: 'x'.repeat(10_000) }), 'registration_configuration_invalid'],
  ['no RS256', lie({ id_token_signing_alg_values_supported: ['HS256'] }), 'registration_unsupported'],
  [
    'another product',
    lie({ 'https://purl.imsglobal.org/spec/lti-platform-configuration': { product_family_code: 'canvas' } }),
    'registration_family_mismatch',
  ],
  ['a body of ten megabytes', tenMegabytes, 'registration_too_large'],
  ['a body that does not end', endless, 'registration_too_large'],
  ['a redirect', elsewhere, 'registration_redirected'],
  ['a page', page, 'registration_configuration_invalid'],
  [
    'nesting without end',
    (response) => response.end('['.repeat(100_000)),
    'registration_configuration_invalid',
  ],
  ['401', (response) => sendJson(response, 401, {}), 'registration_configuration_refused'],
  [
    'a broken answer',
    (response) => response.socket?.end('not HTTP\r\n\r\n'),
    'registration_configuration_invalid',
  ],
  ['a hung-up connection', (response) => response.destroy(), 'registration_unreachable'],
  [
    'a packed body that unpacks to ten megabytes',
    (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify({ ...truth, padding: 'x'.repeat(10 * 1024 * 1024) }))),
    'registration_too_large',
  ],
  [
    'two issuers, of which the last counts',
    (response) =>
      response.end(`${JSON.stringify(truth).slice(0, -1)}, "issuer": "https://moodle.other.example"}`),
    'registration_issuer_mismatch',
  ],
  [
    'a prototype in place of its members',
    (response) => response.end(`{"__proto__": ${JSON.stringify(truth)}}`),
    'registration_configuration_invalid',
  ],
  [
    'a NUL in a text',
    lie({ 'https://purl.imsglobal.org/spec/lti-platform-configuration': { product_family_code: 'a\0b' } }),
    'registration_configuration_invalid',
  ],
  [
    'bytes that are no UTF-8',
    (response) => response.end(Buffer.from(JSON.stringify(truth), 'utf16le')),
    'registration_configuration_invalid',
  ],
  ['nothing', (response) => response.writeHead(204).end(), 'registration_configuration_invalid'],
  [
    'less than it promises',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 5_000 });
      response.write('{', () => response.destroy());
    },
    'registration_unreachable',
  ],
])(
  'a configuration with %s is refused by its own code, and nothing is registered',
  async (_name, act, code) => {
    lms.misbehave('/configuration', (response) => void act(response));
    const answer = await open();
    expect([answer.status, codeOf(answer)]).toEqual([400, code]);
    expect(answer.body).not.toContain('secret.token');
    expect([...lms.received, ...other.received].map(({ path }) => path)).toEqual(['/configuration']);
    expect(await connected()).toBe(before);
    expect(world.first.calls).toMatchObject([{ kind: 'registration', reason: code, partner: 'moodle' }]);
  },
);

test.each<[string, string, string]>([
  ['a private address', 'https://10.1.2.3/configuration', 'registration_address_refused'],
  ['a metadata address', 'https://169.254.169.254/latest', 'registration_address_refused'],
  ['no https', 'http://192.168.0.8/configuration', 'registration_address_refused'],
  ['a user name', 'https://a:b@lms.example/configuration', 'registration_address_refused'],
  ['another scheme', 'file:///etc/passwd', 'registration_address_refused'],
  ['no address', 'configuration', 'registration_address_refused'],
  ['a number for a private address', 'https://167837953/configuration', 'registration_address_refused'],
  ['a mapped private address', 'https://[::ffff:10.1.2.3]/configuration', 'registration_address_refused'],
  ['a short private address', 'https://10.258/configuration', 'registration_address_refused'],
  ['the hub itself', `${world.hubUrl}/.well-known/openid-configuration`, 'registration_address_refused'],
  ['5,000 characters', `https://lms.example/${'x'.repeat(5_000)}`, 'registration_request_invalid'],
])('a configuration at %s is not asked for', async (_name, url, code) => {
  const answer = await open(url, undefined, linkOfAddresses);
  expect([answer.status, codeOf(answer)]).toEqual([400, code]);
});

test('an address that is given twice is none', async () => {
  const twice = `openid_configuration=${lms.origin}/configuration`;
  const answer = await send(`${link}?${twice}&${twice}`);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'registration_request_invalid']);
  expect(lms.received).toEqual([]);
});

test.each([
  ['a line break', 'one\r\nx-two: 3'],
  ['10,000 characters', 'x'.repeat(10_000)],
])('a registration token with %s goes nowhere', async (_name, token) => {
  expect(codeOf(await open(undefined, token))).toBe('registration_request_invalid');
  expect(lms.received).toEqual([]);
});

const registered = answers.moodle({});
test.each<[string, (response: ServerResponse) => unknown, string]>([
  ['400', (response) => sendJson(response, 400, { error: 'invalid_token' }), 'registration_refused'],
  ['a redirect', elsewhere, 'registration_redirected'],
  ['no client_id', (response) => sendJson(response, 201, {}), 'registration_answer_invalid'],
  [
    'other redirect URIs',
    (response) => sendJson(response, 201, { ...registered, redirect_uris: ['https://evil.example/launch'] }),
    'registration_answer_invalid',
  ],
  [
    'another login',
    (response) => sendJson(response, 201, { ...registered, initiate_login_uri: 'https://evil.example/' }),
    'registration_answer_invalid',
  ],
  ['a page', page, 'registration_answer_invalid'],
  [
    'a client_id that is no text',
    (response) => sendJson(response, 201, { ...registered, client_id: { $ne: null } }),
    'registration_answer_invalid',
  ],
  [
    'a client_id with a line break',
    (response) => sendJson(response, 201, { ...registered, client_id: 'one\r\ntwo' }),
    'registration_answer_invalid',
  ],
  [
    'a deployment_id that nobody can store',
    (response) => sendJson(response, 201, { ...registered, deployment_id: 'a\0b' }),
    'registration_answer_invalid',
  ],
  ['a body that does not end', endless, 'registration_too_large'],
])(
  'a registration answered with %s is refused by its own code, and nothing is kept',
  async (_name, act, code) => {
    lms.misbehave('/register', (response) => void act(response));
    const answer = await open();
    expect([answer.status, codeOf(answer)]).toEqual([400, code]);
    expect(await connected()).toBe(before);
  },
);

test('every failed try left a row that somebody can see, and the link as good as before', async () => {
  const invitation = (await links.list(northside)).find(({ tries }) =>
    tries.some(({ reason }) => reason === 'registration_too_large'),
  );
  expect(invitation).toMatchObject({ usedAt: null, madeId: null, attemptUntil: null });
  expect(invitation!.tries).toHaveLength(invitation!.attempts);
  expect(invitation!.tries[0]).toEqual({
    attemptId: expect.any(String),
    invitationId: invitation!.invitationId,
    reference: expect.any(String),
    outcome: 'failed_partner',
    reason: 'registration_too_large',
    host: lms.host,
    httpStatus: null,
    endedAt: expect.any(Date),
  });
  expect(invitation!.tries.find(({ reason }) => reason === 'registration_refused')?.httpStatus).toBe(400);
  expect(JSON.stringify(invitation!.tries)).not.toContain('secret.token');
  const answer = await open();
  expect(answer.status).toBe(200);
  expect(await connected()).toBe(before + 1);
});

test('what the LMS names is text on the page, and an unusable deployment is none', async () => {
  const hostile = { client_id: '<script>alert(1)</script>', deployment_id: 'x'.repeat(256) };
  lms.misbehave('/register', (response) => sendJson(response, 201, { ...registered, ...hostile }));
  const answer = await links.open(await links.make(northside, { family: 'moodle' }), {
    openid_configuration: `${lms.origin}/configuration`,
  });
  expect(answer.status).toBe(200);
  expect(answer.body).not.toContain('<script>alert');
  expect(answer.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('a client that is connected already is not connected twice', async () => {
  const second = await links.make(northside, { family: 'moodle' });
  const answer = await links.open(second, { openid_configuration: `${lms.origin}/configuration` });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'registration_exists']);
  expect(await connected()).toBe(before + 2);
});

test('a link that was tried fifty times is not tried any more', async () => {
  const tired = await links.make(northside, { family: 'moodle' });
  await superuser.query('update lti_invitation set attempts = $1 where used_at is null', [mostAttempts]);
  const answer = await links.open(tired, { openid_configuration: `${lms.origin}/configuration` });
  expect(codeOf(answer)).toBe('registration_link_exhausted');
  expect(lms.received).toEqual([]);
});
