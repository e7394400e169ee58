import { expect, test } from 'vitest';
import { familyAt, readPasted } from '../../../../src/console/pages/setup/pasted.ts';

const site = 'https://lms.school.example';
const all = {
  issuer: site,
  clientId: 'Xq2',
  deploymentId: '7',
  jwksUrl: `${site}/certs`,
  tokenUrl: `${site}/token`,
  authorizeUrl: `${site}/auth`,
};

test.each([
  [
    'names as Moodle has them, each before its value',
    `Tool configuration details\nPlatform ID: ${site}\nClient ID: Xq2\nPublic keyset URL: ${site}/certs\nAccess token URL: ${site}/token\nAuthentication request URL: ${site}/auth\nDeployment ID: 7`,
  ],
  [
    'names as Brightspace has them, above their values',
    `Client Id\nXq2\nBrightspace Keyset URL\n${site}/certs\nBrightspace OAuth2 Access Token URL\n${site}/token\nOpenID Connect Authentication Endpoint\n${site}/auth\nBrightspace OAuth2 Audience\nhttps://api.brightspace.com/auth/token\nIssuer\n${site}\nDeployment Id\n7`,
  ],
  [
    'columns of a table',
    `LTI 1.3 Platform Issuer\t${site}\nLTI 1.3 Client ID\tXq2\nLTI 1.3 Deployment ID\t7\nPlatform OAuth2 Well-Known/KeySet URL\t${site}/certs\nPlatform OAuth2 Bearer Token Retrieval URL\t${site}/token\nPlatform OIDC Authentication URL\t${site}/auth\nTool Keyset URL\thttps://hub.example/keys`,
  ],
  [
    'an OpenID document',
    JSON.stringify(
      {
        ...{ issuer: site, authorization_endpoint: `${site}/auth`, token_endpoint: `${site}/token` },
        ...{ token_endpoint_auth_methods_supported: ['private_key_jwt'], jwks_uri: `${site}/certs` },
        ...{ registration_endpoint: `${site}/register`, client_id: 'Xq2', deployment_id: '7' },
      },
      null,
      2,
    ),
  ],
  [
    'an OpenID document in one line, with more in it',
    JSON.stringify({
      ...{ issuer: site, authorization_server: `${site}/audience`, authorization_endpoint: `${site}/auth` },
      ...{ token_endpoint_auth_methods_supported: ['private_key_jwt'], token_endpoint: `${site}/token` },
      ...{ jwks_uri: `${site}/certs`, client_id: 'Xq2', client_secret: 'hunter2', deployment_id: 7 },
      'https://purl.imsglobal.org/spec/lti-platform-configuration': { issuer: 'https://elsewhere.example' },
    }),
  ],
  [
    'several of them in a line, with tabs between',
    `Issuer: ${site}\tClient ID: Xq2\nKeyset URL\t${site}/certs\tToken URL\t${site}/token\nAuthorization: ${site}/auth\tx\tDeployment ID: 7`,
  ],
])('%s are read in one go', (_what, text) => {
  expect(readPasted(text)).toEqual(all);
});

test.each([
  ['', {}],
  ['Our LMS is the best', {}],
  ['Client ID: two words', {}],
  ['Issuer: javascript:alert(1)', {}],
  [`${site}/client_id/token`, {}],
  ['Client ID: 1\nClient ID: 2', { clientId: '1' }],
  ['Client ID and secret: hunter2', {}],
  ['Client ID\nClient secret\nhunter2', {}],
  ['Client ID password\thunter2', {}],
  ['Private key ID (client ID): 5', {}],
  ['{"client_id_secret":"hunter2","private_jwks_uri":"https://lms.example/keys"}', {}],
  ['Issuer: http://lms.example', {}],
  [`Issuer: http://lms.example\nIssuer: ${site}`, { issuer: site }],
  ['Issuer: https://user:pass@lms.example', {}],
  [`{"issuer":"https://user@lms.example"}`, {}],
  [`Issuer: https://user@lms.example\nIssuer: ${site}`, { issuer: site }],
  ['Issuer\tClient ID\tDeployment ID\nhttps://lms.example\t5\t7', {}],
  ['["Client ID: 1"]', {}],
  ['null', {}],
  ['Client ID:\nDeployment ID: 7', { deploymentId: '7' }],
])('of %j no more is taken than is there', (text, expected) => {
  expect(readPasted(text)).toEqual(expected);
});

test('plain http is taken from this machine alone, and in a demo alone', () => {
  const text = (host: string) => `Issuer: http://${host}`;
  const demo = { allowLoopback: true };
  const hosts = [
    'lms.localhost:3000',
    '127.0.0.1:3000',
    'lms.example',
    '10.0.0.1',
    'notlocalhost',
    'a@localhost',
  ];
  expect(hosts.filter((host) => readPasted(text(host), demo).issuer !== undefined)).toEqual(
    hosts.slice(0, 2),
  );
  expect(hosts.filter((host) => readPasted(text(host)).issuer !== undefined)).toEqual([]);
});

test.each([
  ['https://school.instructure.com/courses', 'canvas'],
  ['https://school.brightspace.com', 'brightspace'],
  ['https://instructure.com.evil.example', undefined],
  ['https://moodle.school.example', undefined],
  ['school', undefined],
])('at %s stands %s', (address, expected) => {
  expect(familyAt(address)).toBe(expected);
});
