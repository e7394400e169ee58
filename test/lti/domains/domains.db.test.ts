import { expect, test } from 'vitest';
import { addDeployment } from '../../../src/connections/deployments.ts';
import { addDomain, removeDomain, verifyDomain } from '../../../src/connections/domains.ts';
import { connectLmsHubWide } from '../../../src/connections/hub-registrations.ts';
import { connectLms, updateRegistration } from '../../../src/connections/registrations.ts';
import { inviteLms, revokeInvitation } from '../../../src/lti/registration/invitations.ts';
import type { OutboundFetch } from '../../../src/platform/outbound/fetch.ts';
import { readFact, readForm, send } from '../../demo/support/user-agent.ts';
import { createTestDatabase } from '../../support/database.ts';
import { by, startHubWorld } from '../../support/hub.ts';
import { openTool, postLaunch } from '../../support/launch.ts';
import { loopbackAllowed } from '../../support/registrations.ts';

const testDatabase = await createTestDatabase();
const { database } = testDatabase;
const world = await startHubWorld(testDatabase);
const { northside, riverbend } = world.tenants;
/** Asks as a browser would, where the hub answers for names below its own. */
const fetch: OutboundFetch = async ({ url }) => {
  const { status, headers, body } = await send(url);
  const text = () => body;
  return {
    status,
    headers: headers as Record<string, string>,
    body: Buffer.from(body),
    url,
    text,
    json: text,
  };
};
const services = { db: database, fetch, baseUrl: world.hubUrl };
const at = (domain: string) => `http://${domain}:${world.port}`;
const challengeAt = (domain: string) => send(`${at(domain)}/.well-known/gatehouse-domain`);

const add = (tenantId: typeof northside.tenantId, domain: string) =>
  database.withTenant(tenantId, (tx) => addDomain(tx, domain, world.hubUrl, by()));
const verify = (tenantId: typeof northside.tenantId, domain: string, vouched = false) =>
  verifyDomain(services, tenantId, { domain, vouched }, by());

/** What an LMS with one enabled registration a domain has beside the world's own. */
const lms = {
  family: 'brightspace',
  issuer: world.lms.issuer,
  clientId: 'one-a-domain',
  authorizeUrl: world.lms.authorizeUrl,
  jwksUrl: world.lms.jwksUrl,
} as const;

test('a launch under the school’s own domain is led to the hub with its form, proven there, and opens the tool', async () => {
  const domain = 'hub.north.localhost';
  await add(northside.tenantId, domain);
  expect(await verify(northside.tenantId, domain)).toMatchObject({ verified: 'reached' });
  await database.withTenant(northside.tenantId, async (tx) => {
    const settings = { domain };
    const { connectionId } = await connectLms(tx, { ...lms, settings }, loopbackAllowed, by());
    await addDeployment(tx, { connectionId, deploymentId: 'at-domain' }, by());
  });
  world.first.lti.forgetAll();
  world.lms.registerTool({
    clientId: lms.clientId,
    name: 'Gatehouse at a domain',
    redirectUris: [`${at(domain)}/lti/launch`],
    deployments: [
      {
        school: 'northside',
        deploymentId: 'at-domain',
        loginUrl: `${at(domain)}/lti/login`,
        targets: { 'sample-tool': `${at(domain)}/open/sample-tool` },
      },
    ],
  });
  const { getUrl } = world.lms.startLogin({
    ...{ person: 'ns-nwosu', link: 'ns-cell-lab', clientId: lms.clientId },
  });
  const asked = await send(getUrl);
  expect(asked).toMatchObject({ status: 307, setCookies: [], body: '' });
  expect(asked.headers['cache-control']).toBe('no-store');
  const { pathname, search } = new URL(getUrl);
  expect(asked.location).toBe(`${world.hubUrl}/t/northside${pathname}${search}`);

  const login = await send(asked.location!);
  expect(new URL(login.location!).searchParams.get('redirect_uri')).toBe(`${at(domain)}/lti/launch`);
  const answered = readForm((await send(login.location!)).body);
  const posted = await send(answered.action, { form: answered.fields });
  // 307 keeps the method, and a browser sends the form again (RFC 9110 §15.4.8), to the host whose cookie is the proof.
  expect(posted).toMatchObject({ status: 307, location: `${world.hubUrl}/t/northside/lti/launch` });
  const cookies = login.setCookies;
  const launched = await postLaunch(world, { ...answered, cookies, action: posted.location! });
  const page = await openTool(world, launched, [...cookies, ...launched.setCookies]);
  expect(page.status).toBe(200);
  expect(readFact(page.body, 'deployment')).not.toBe('');
});

test('nothing leads on from a name that is not verified, is another’s, or of which only the path is another’s', async () => {
  const domain = 'hub.riverbend.localhost';
  await add(riverbend.tenantId, domain);
  world.first.lti.forgetAll();
  const hubWide = await send(`${at(domain)}/lti/login`);
  expect([hubWide.status, hubWide.location]).toEqual([400, undefined]);
  await verify(riverbend.tenantId, domain, true);
  world.first.lti.forgetAll();
  const led = async (path: string) => {
    const { status, location } = await send(at(domain) + path);
    return status === 307 ? location : status;
  };
  expect(await led('/open/sample-tool?to=x')).toBe(`${world.hubUrl}/t/riverbend/open/sample-tool?to=x`);
  expect(await led('/lti/register/token')).toBe(`${world.hubUrl}/t/riverbend/lti/register/token`);
  for (const path of ['/platform/authorize', '/t/northside/lti/login', '/lti/resume', '/healthz'])
    expect(typeof (await led(path))).toBe('number');
  expect((await send(`${at(domain)}/.well-known/jwks.json`)).status).toBe(200);
});

test('a name is shown to lead here by what is answered there, and is one school’s from when it is entered', async () => {
  const domain = 'hub.shared.localhost';
  const ours = await add(northside.tenantId, domain);
  // Else whoever is faster shows that a name leads here which somebody else let lead here.
  await expect(add(riverbend.tenantId, domain)).rejects.toMatchObject({ code: 'domain_taken' });
  await expect(add(northside.tenantId, domain)).rejects.toMatchObject({ code: 'domain_exists' });
  expect((await challengeAt(domain)).body.trim()).toBe(ours.challenge);
  expect((await challengeAt('hub.nobodys.localhost')).status).toBe(404);
  await expect(verify(northside.tenantId, 'hub.unknown.localhost')).rejects.toMatchObject({
    code: 'domain_unknown',
  });
  await verify(northside.tenantId, domain);
  await expect(verify(riverbend.tenantId, domain)).rejects.toMatchObject({ code: 'domain_unknown' });
  await database.withTenant(northside.tenantId, (tx) => removeDomain(tx, domain, by()));
  expect(await add(riverbend.tenantId, domain)).toMatchObject({ verified: null });

  const elsewhere = 'tool.elsewhere.localhost';
  await add(northside.tenantId, elsewhere);
  await expect(verify(northside.tenantId, elsewhere)).rejects.toMatchObject({ code: 'domain_not_reached' });
});

test('an LMS knows the hub only under a verified domain of its own school, which stays as long as it is used', async () => {
  const [domain, foreign] = ['hub.used.localhost', 'hub.foreign.localhost'];
  await add(northside.tenantId, domain);
  await add(riverbend.tenantId, foreign);
  await verify(riverbend.tenantId, foreign, true);
  const connect = (under: string) =>
    database.withTenant(northside.tenantId, (tx) =>
      connectLms(tx, { ...lms, clientId: 'used', settings: { domain: under } }, loopbackAllowed, by()),
    );
  const invite = (under: string) =>
    database.withTenant(northside.tenantId, (tx) =>
      inviteLms(tx, { family: 'brightspace', domain: under }, by()),
    );
  for (const under of [domain, foreign, 'hub.none.localhost']) {
    await expect(connect(under)).rejects.toMatchObject({ code: 'domain_unverified' });
    await expect(invite(under)).rejects.toMatchObject({ code: 'domain_unverified' });
  }
  await expect(
    database.withHub((tx) => connectLmsHubWide(tx, { ...lms, settings: { domain } }, loopbackAllowed, by())),
  ).rejects.toMatchObject({ code: 'registration_invalid' });
  await verify(northside.tenantId, domain, true);
  const { connectionId } = await connect(domain);
  const { invitation } = await invite(domain);
  const remove = () => database.withTenant(northside.tenantId, (tx) => removeDomain(tx, domain, by()));
  await expect(remove()).rejects.toMatchObject({ code: 'domain_in_use' });
  await database.withTenant(northside.tenantId, (tx) =>
    updateRegistration(tx, connectionId, { settings: { domain: null } }, loopbackAllowed, by()),
  );
  await expect(remove()).rejects.toMatchObject({ code: 'domain_in_use' });
  const which = { invitationId: invitation.invitationId, side: 'lms' } as const;
  await database.withTenant(northside.tenantId, (tx) => revokeInvitation(tx, which, by()));
  expect(await remove()).toMatchObject({ domain });
  await expect(remove()).rejects.toMatchObject({ code: 'domain_unknown' });
});
