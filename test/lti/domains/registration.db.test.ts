import { expect, test } from 'vitest';
import { addDomain, verifyDomain } from '../../../src/connections/domains.ts';
import { listRegistrations } from '../../../src/connections/registrations.ts';
import { inviteLms } from '../../../src/lti/registration/invitations.ts';
import { setupLink } from '../../../src/lti/registration/links.ts';
import { toolClaim } from '../../../src/lti/registration/tool-configuration.ts';
import { send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { startRegisteringLms } from '../registration/support/registering-lms.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase);
const { tenantId, slug } = world.tenants.northside;
const lms = await startRegisteringLms('brightspace');
const domain = 'hub.north.localhost';
const origin = `http://${domain}:${world.port}`;

test('a set-up link under the school’s own domain registers the hub with nothing but that domain', async () => {
  const fetch = () => Promise.reject(new Error('Somebody vouches for it'));
  await database.withTenant(tenantId, (tx) => addDomain(tx, domain, world.hubUrl, by()));
  const services = { db: database, fetch, baseUrl: world.hubUrl };
  await verifyDomain(services, tenantId, { domain, vouched: true }, by());
  const { invitation, token } = await database.withTenant(tenantId, (tx) =>
    inviteLms(tx, { family: 'brightspace', hosts: [lms.host], domain }, by()),
  );
  const place = { baseUrl: world.hubUrl, tenantSlug: slug, domain: invitation.terms.domain };
  const link = setupLink(place, token);
  expect(link).toBe(`${origin}/lti/register/${token}`);
  const query = new URLSearchParams({
    openid_configuration: `${lms.origin}/configuration`,
    registration_token: 'one-time.token',
  });
  const led = await send(`${link}?${query}`);
  expect(led).toMatchObject({
    status: 307,
    location: `${world.hubUrl}/t/${slug}/lti/register/${token}?${query}`,
    headers: { 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' },
  });
  expect((await send(led.location!)).status).toBe(200);
  const { body } = lms.received.at(-1)!;
  expect(body).toMatchObject({
    initiate_login_uri: `${origin}/lti/login`,
    redirect_uris: [`${origin}/lti/launch`],
    jwks_uri: `${origin}/.well-known/jwks.json`,
    [toolClaim]: { domain: `${domain}:${world.port}`, target_link_uri: `${origin}/open/sample-tool` },
  });
  expect(JSON.stringify(body)).not.toContain(world.hubUrl);
  const made = (await database.withTenant(tenantId, listRegistrations)).find(
    ({ family }) => family === 'brightspace',
  );
  expect(made!.settings.domain).toBe(domain);
});
