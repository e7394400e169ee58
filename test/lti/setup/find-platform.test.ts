import { expect, test } from 'vitest';
import { findPlatform } from '../../../src/lti/setup/find-platform.ts';
import { DomainError } from '../../../src/platform/errors.ts';
import type { OutboundFetch } from '../../../src/platform/outbound/fetch.ts';

const rules = { allowLoopback: false };
const told = {
  issuer: 'https://lms.example',
  authorization_endpoint: 'https://sso.vendor.example/authorize',
  token_endpoint: 'https://lms.example/token',
  jwks_uri: 'https://lms.example/keys',
};

/** An LMS that answers every request with this, and the addresses that it was asked at. */
function lms(document: unknown, status = 200) {
  const asked: string[] = [];
  const fetch = (async ({ url }: { url: string }) => {
    asked.push(url);
    return { status, headers: {}, url, body: Buffer.from(JSON.stringify(document)) };
  }) as unknown as OutboundFetch;
  return { fetch, asked };
}

test.each([
  ['https://lms.example', 'https://lms.example/.well-known/openid-configuration'],
  ['https://lms.example/moodle/?x=1#y', 'https://lms.example/moodle/.well-known/openid-configuration'],
  [
    'https://lms.example/.well-known/openid-configuration',
    'https://lms.example/.well-known/openid-configuration',
  ],
])('at %s an LMS is asked for its addresses', async (site, url) => {
  const { fetch, asked } = lms(told);
  expect(await findPlatform(fetch, site, rules)).toEqual({
    ...{ issuer: told.issuer, authorizeUrl: told.authorization_endpoint },
    ...{ tokenUrl: told.token_endpoint, jwksUrl: told.jwks_uri },
  });
  expect(asked).toEqual([url]);
});

test.each<[string, unknown, number, string]>([
  ['there is no such page', told, 404, 'registration_configuration_refused'],
  ['an address is missing', { ...told, jwks_uri: undefined }, 200, 'registration_configuration_invalid'],
  [
    'an address is not https',
    { ...told, token_endpoint: 'http://lms.example/t' },
    200,
    'registration_configuration_invalid',
  ],
  [
    'an address is a script',
    { ...told, jwks_uri: 'javascript:alert(1)' },
    200,
    'registration_configuration_invalid',
  ],
  [
    'the issuer is elsewhere',
    { ...told, issuer: 'https://evil.example' },
    200,
    'registration_issuer_mismatch',
  ],
])('where %s nothing is filled in', async (_what, document, status, reason) => {
  const found = findPlatform(lms(document, status).fetch, 'https://lms.example', rules);
  await expect(found).rejects.toMatchObject({ code: 'platform_not_found', details: { reason } });
});

test('what the guard of outbound calls refuses is told in the same words', async () => {
  const fetch = (async () => {
    throw new DomainError('upstream', 'outbound_address_refused', 'Refused.');
  }) as unknown as OutboundFetch;
  await expect(findPlatform(fetch, 'https://10.0.0.1', rules)).rejects.toMatchObject({
    details: { reason: 'registration_address_refused' },
  });
});
