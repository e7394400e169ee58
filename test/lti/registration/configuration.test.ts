import { expect, test } from 'vitest';
import type { FamilyName } from '../../../contracts/lms.ts';
import { readConfiguration } from '../../../src/lti/registration/configuration.ts';
import type { LmsTerms } from '../../../src/lti/registration/invitation.ts';
import { createToolConfiguration, toolClaim } from '../../../src/lti/registration/tool-configuration.ts';
import { configurations, type RegisteringFamily } from './support/documents.ts';

const rules = { allowLoopback: false };
const origins: Record<RegisteringFamily, string> = {
  canvas: 'https://school.instructure.com',
  moodle: 'https://moodle.school.example',
  blackboard: 'https://developer.blackboard.com',
  brightspace: 'https://learn.school.example',
  sakai: 'https://sakai.school.example',
  generic: 'https://lms.school.example',
};
const terms = (family: FamilyName, hosts: string[] = []): LmsTerms => ({
  side: 'lms',
  family,
  hosts,
  name: null,
  domain: null,
});
const names = Object.keys(origins) as RegisteringFamily[];

function read(
  family: RegisteringFamily,
  { changes = {}, url = `${origins[family]}/configuration`, hosts = [] as string[] } = {},
) {
  const document = { ...configurations[family](origins[family]), ...changes };
  return readConfiguration(document, { url, terms: terms(family, hosts), rules });
}

test.each(names)('the configuration of %s is believed at its own host', (family) => {
  expect(read(family)).toMatchObject({ ok: true, configuration: { family } });
});

test.each(names)('the configuration of %s is not believed at somebody else’s host', (family) => {
  const url = 'https://evil.example/configuration';
  expect(read(family, { url })).toEqual({ ok: false, reason: 'registration_issuer_mismatch' });
});

test('a shared issuer opens the vendor’s hosts and no host that only looks like one', () => {
  for (const host of ['evilinstructure.com', 'instructure.com.evil.example', 'school.instructure.com:8443']) {
    const url = `https://${host}/configuration`;
    expect(read('canvas', { url })).toEqual({ ok: false, reason: 'registration_issuer_mismatch' });
  }
});

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'urn:moodle',
  'file://moodle.school.example/',
  'https:moodle.school.example',
  'https://',
  '//moodle.school.example',
])('an issuer that is no web address is nobody’s, even where the host was named: %s', (issuer) => {
  const hosts = ['moodle.school.example'];
  const reading = read('moodle', { changes: { issuer }, hosts });
  expect(reading).toEqual({ ok: false, reason: 'registration_issuer_mismatch' });
});

test.each([
  [
    'a user name that looks like the host',
    'https://moodle.school.example@evil.example/t',
    'configuration_invalid',
  ],
  ['the host as a subdomain', 'https://moodle.school.example.evil.example/t', 'host_refused'],
  ['the host in the path', 'https://evil.example/moodle.school.example', 'host_refused'],
  ['another port', 'https://moodle.school.example:8443/t', 'host_refused'],
  ['a dot at the end', 'https://moodle.school.example./t', 'host_refused'],
  ['a backslash before the path', 'https://evil.example\\@moodle.school.example/t', 'host_refused'],
  ['letters of another script', 'https://mооdle.school.example/t', 'configuration_invalid'],
  ['their spelling in ASCII', 'https://xn--mdle-55d.school.example/t', 'host_refused'],
  ['a number for a private address', 'https://167837953/t', 'host_refused'],
  ['a mapped private address', 'https://[::ffff:10.1.2.3]/t', 'host_refused'],
  ['no https', 'http://moodle.school.example/t', 'configuration_invalid'],
  ['a part after #', 'https://moodle.school.example/t#https://evil.example', 'configuration_invalid'],
  ['a list of addresses', ['https://moodle.school.example/t'], 'configuration_invalid'],
])('an address with %s is not the platform’s', (_how, address, reason) => {
  const members = ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'registration_endpoint'];
  for (const member of members) {
    const reading = read('moodle', { changes: { [member]: address } });
    expect([member, reading]).toEqual([member, { ok: false, reason: `registration_${reason}` }]);
  }
});

test('a self-hosted Canvas with the shared issuer needs its host named', () => {
  const origin = 'https://canvas.school.example';
  const document = configurations.canvas(origin);
  const at = (hosts: string[]) =>
    readConfiguration(document, { url: `${origin}/configuration`, terms: terms('canvas', hosts), rules });
  expect(at([])).toEqual({ ok: false, reason: 'registration_issuer_mismatch' });
  expect(at(['canvas.school.example'])).toMatchObject({ ok: true });
});

test('a host that was named may hold addresses, and no other', () => {
  const changes = { jwks_uri: 'https://keys.school.example/jwks' };
  expect(read('moodle', { changes })).toEqual({ ok: false, reason: 'registration_host_refused' });
  expect(read('moodle', { changes, hosts: ['keys.school.example'] })).toMatchObject({ ok: true });
});

test('only the audience of products that mean it is taken', () => {
  expect(read('brightspace')).toMatchObject({
    configuration: { audience: 'https://api.brightspace.com/auth/token' },
  });
  expect(read('canvas')).toMatchObject({ configuration: { audience: undefined } });
});

test('assertions are made out to nobody but the platform that receives them', () => {
  const audienceOf = (family: RegisteringFamily, authorization_server: string) => {
    const reading = read(family, { changes: { authorization_server } });
    return reading.ok ? reading.configuration.audience : reading.reason;
  };
  const others = [
    'https://canvas.instructure.com/login/oauth2/token',
    'canvas.instructure.com',
    'urn:somebody',
    'https://moodle.school.example@canvas.instructure.com/',
    // A vendor's, though its own token endpoint is its own.
    'https://api.brightspace.com/auth/token',
  ];
  for (const other of others) expect(audienceOf('moodle', other)).toBe('registration_host_refused');
  for (const own of [origins.moodle, `${origins.moodle}/token`, 'moodle.school.example'])
    expect(audienceOf('moodle', own)).toBe(own);
  // Called by the vendor's name, but with a token endpoint that is not the vendor's.
  const changes = { token_endpoint: `${origins.brightspace}/token` };
  expect(read('brightspace', { changes })).toEqual({ ok: false, reason: 'registration_host_refused' });
});

test('optional members that make no sense are as if they were not there', () => {
  const changes = {
    scopes_supported: 'all',
    response_types_supported: { id_token: true },
    'https://purl.imsglobal.org/spec/lti-platform-configuration': 'moodle',
  };
  expect(read('moodle', { changes })).toMatchObject({ ok: true, configuration: { scopes: undefined } });
});

test.each([null, [], 'text', 7, {}])('%j is no configuration', (document) => {
  const url = 'https://lms.school.example/c';
  expect(readConfiguration(document, { url, terms: terms('generic'), rules })).toEqual({
    ok: false,
    reason: 'registration_configuration_invalid',
  });
});

function asked(family: RegisteringFamily, soleTool?: string) {
  const reading = read(family);
  if (!reading.ok) throw new Error(reading.reason);
  const place = { baseUrl: 'https://hub.example:8443', tenantSlug: 'northside', soleTool };
  const metadata = createToolConfiguration(reading.configuration, place);
  return { metadata, tool: metadata[toolClaim] as Record<string, unknown> };
}

test('Canvas is asked for the places it has, with its own members', () => {
  expect(asked('canvas').tool).toMatchObject({
    'https://canvas.instructure.com/lti/privacy_level': 'public',
    messages: [
      {
        type: 'LtiResourceLinkRequest',
        placements: ['course_navigation'],
        'https://canvas.instructure.com/lti/course_navigation/default_enabled': false,
      },
      { type: 'LtiDeepLinkingRequest', placements: ['assignment_selection'] },
    ],
  });
});

test('Brightspace is asked for the places it names, Moodle for the ones of the specification', () => {
  const placesOf = (family: RegisteringFamily) =>
    (asked(family).tool.messages as { placements?: string[] }[]).map(({ placements }) => placements);
  expect(placesOf('brightspace')).toEqual([undefined, ['ContentArea']]);
  expect(placesOf('moodle')).toEqual([undefined, ['ContentArea', 'RichTextEditor']]);
  expect(placesOf('blackboard')).toEqual([undefined, undefined]);
});

test('the domain has the port, as Moodle compares it', () => {
  expect(asked('moodle').tool.domain).toBe('hub.example:8443');
});

test('openid is never asked for as a scope, nor what the LMS does not have', () => {
  const changes = { scopes_supported: ['openid', 'https://purl.imsglobal.org/spec/lti-ags/scope/score'] };
  const reading = read('canvas', { changes });
  if (!reading.ok) throw new Error(reading.reason);
  const place = { baseUrl: 'https://hub.example', tenantSlug: undefined, soleTool: undefined };
  expect(createToolConfiguration(reading.configuration, place).scope).toBe(
    'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  );
});

test('a sole tool is opened right away; among several the choice is made by deep linking', () => {
  const root = 'https://hub.example:8443/t/northside';
  expect(asked('moodle', 'quiz').tool.target_link_uri).toBe(`${root}/open/quiz`);
  expect(asked('moodle', 'quiz').tool.messages).toMatchObject([
    { target_link_uri: `${root}/open/quiz` },
    { target_link_uri: `${root}/lti/launch` },
  ]);
  expect(asked('moodle').tool.target_link_uri).toBe(`${root}/lti/launch`);
});
