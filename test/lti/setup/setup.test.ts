import { expect, test } from 'vitest';
import { familyNames } from '../../../contracts/lms.ts';
import { serviceScopes } from '../../../contracts/scopes.ts';
import { setupOf } from '../../../src/lti/setup/setup.ts';

const root = 'https://hub.example/t/northside';
const place = { baseUrl: 'https://hub.example', tenantSlug: 'northside', tools: ['quiz', 'lab'] };
const valuesOf = (family: (typeof familyNames)[number], more: object = {}) =>
  Object.fromEntries(setupOf(family, { ...place, ...more }).fields.map(({ name, value }) => [name, value]));

test.each(familyNames)('%s is told every address of the hub, and nothing of another tenant’s', (family) => {
  const sheet = setupOf(family, place);
  const all = JSON.stringify(sheet.fields) + (sheet.document ?? '');
  for (const address of [
    `${root}/lti/login`,
    `${root}/lti/launch`,
    'https://hub.example/.well-known/jwks.json',
  ]) {
    expect(all).toContain(address);
  }
  for (const [, path] of all.matchAll(/https:\/\/hub\.example(\/[\w./-]*)/g)) {
    expect(path).toMatch(
      /^\/(t\/northside\/(lti\/(login|launch)|open\/(quiz|lab))|\.well-known\/jwks\.json)$/,
    );
  }
  expect(sheet.title).not.toBe('');
  expect(sheet.afterwards).toMatch(/\.$/);
});

test.each(familyNames)('%s without a tenant is told the addresses for all schools', (family) => {
  const { fields, document } = setupOf(family, { ...place, tenantSlug: undefined });
  const all = JSON.stringify(fields) + (document ?? '');
  expect(all).toContain('https://hub.example/lti/login');
  expect(all).not.toContain('/t/');
});

test('a Canvas developer key is one JSON document; redirect URIs stand beside it', () => {
  const sheet = setupOf('canvas', { ...place, site: 'https://school.instructure.com/' });
  expect(JSON.parse(sheet.document!)).toEqual({
    title: 'Gatehouse',
    description: expect.any(String),
    target_link_uri: `${root}/lti/launch`,
    oidc_initiation_url: `${root}/lti/login`,
    public_jwk_url: 'https://hub.example/.well-known/jwks.json',
    scopes: serviceScopes,
    custom_fields: {},
    extensions: [
      {
        platform: 'canvas.instructure.com',
        domain: 'hub.example',
        tool_id: 'gatehouse',
        privacy_level: 'public',
        settings: {
          text: 'Gatehouse',
          placements: [
            expect.objectContaining({ placement: 'course_navigation', default: 'disabled' }),
            {
              placement: 'assignment_selection',
              message_type: 'LtiDeepLinkingRequest',
              target_link_uri: `${root}/lti/launch`,
              text: 'Gatehouse',
            },
            expect.objectContaining({ placement: 'link_selection' }),
          ],
        },
      },
    ],
  });
  expect(valuesOf('canvas')['Redirect URIs']).toBe(`${root}/lti/launch`);
  expect(sheet.link).toBe('https://school.instructure.com/accounts/self/developer_keys');
});

test('Moodle lists every target among its redirection URIs and wants the service that manages columns', () => {
  const values = valuesOf('moodle');
  expect(values['Redirection URI(s)']).toBe(`${root}/lti/launch\n${root}/open/quiz\n${root}/open/lab`);
  expect(values['IMS LTI Assignment and Grade Services']).toContain('column management');
  expect(setupOf('moodle', place).link).toBeNull();
  expect(setupOf('moodle', { ...place, site: 'https://moodle.school.example' }).link).toBe(
    'https://moodle.school.example/mod/lti/toolconfigure.php',
  );
});

test('Blackboard has its fields at the vendor’s portal, with a placement for each tool', () => {
  const sheet = setupOf('blackboard', { ...place, tenantSlug: undefined });
  expect(sheet.link).toBe('https://developer.blackboard.com/portal/applications');
  expect(sheet.fields.filter(({ name }) => name.startsWith('Placement: Course tool'))).toHaveLength(2);
  expect(sheet.fields).toContainEqual({
    ifAsked: false,
    name: 'Tool JWKS URL',
    value: 'https://hub.example/.well-known/jwks.json',
  });
});

test('Brightspace and Schoology have their own names for the same', () => {
  expect(valuesOf('brightspace')).toMatchObject({
    Domain: 'https://hub.example',
    'OpenID Connect Login URL': `${root}/lti/login`,
    'Keyset URL': 'https://hub.example/.well-known/jwks.json',
  });
  expect(valuesOf('schoology')).toMatchObject({ 'OIDC Login Init URL': `${root}/lti/login` });
  expect(setupOf('schoology', place).offersRegistration).toBe(false);
  expect(setupOf('brightspace', place).offersRegistration).toBe(true);
});

test('Sakai and any other LMS are told where a sole tool is', () => {
  const tools = ['quiz'];
  expect(valuesOf('sakai', { tools })['Launch URL']).toBe(`${root}/open/quiz`);
  expect(valuesOf('generic', { tools })).toMatchObject({
    'Target link URI': `${root}/open/quiz`,
    Scopes: serviceScopes.join(' '),
  });
});
