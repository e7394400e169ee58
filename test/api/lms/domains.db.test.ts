import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { createApiWorld } from '../support/api-world.ts';

const testDatabase = await createTestDatabase();
const { superuser } = testDatabase;
const world = createApiWorld(testDatabase);

test('a domain is entered, vouched for, used by an LMS, and removed once it is not; each step is audited', async () => {
  const { token, slug, tenantId } = await world.addSchool();
  const { call } = await world.open();
  const params = { slug };
  const domain = 'lti.school-one.example';
  const of = { token, params: { ...params, domain } };
  const added = await call('addDomain', { token, params, body: { domain: ' LTI.school-one.example' } });
  expect(added).toMatchObject({
    status: 201,
    body: {
      domain: {
        domain,
        verified: null,
        cname: 'hub.example',
        challengeUrl: `https://${domain}/.well-known/gatehouse-domain`,
      },
    },
  });
  const again = await call('addDomain', { token, params, body: { domain } });
  expect(again).toMatchObject({ status: 409, body: { code: 'domain_exists' } });
  // Nothing answers there.
  expect(await call('verifyDomain', { ...of, body: {} })).toMatchObject({
    status: 409,
    body: { code: 'domain_not_reached' },
  });
  const early = await call('showLmsSetup', { token, params, query: { family: 'brightspace', domain } });
  expect(early).toMatchObject({ status: 400, body: { code: 'domain_unverified' } });
  const vouched = await call('verifyDomain', {
    ...of,
    body: { vouched: true, reason: 'Behind a split DNS' },
  });
  expect(vouched.body.domain).toMatchObject({ verified: 'vouched' });

  const setup = await call('showLmsSetup', { token, params, query: { family: 'brightspace', domain } });
  expect(setup.body.fields).toEqual(
    expect.arrayContaining([
      { ifAsked: false, name: 'Domain', value: `https://${domain}` },
      { ifAsked: false, name: 'OpenID Connect Login URL', value: `https://${domain}/lti/login` },
    ]),
  );
  expect(setup.text).not.toContain('https://hub.example');
  const invited = await call('inviteLms', { token, params, body: { family: 'brightspace', domain } });
  expect(invited.body.link).toMatch(new RegExp(`^https://${domain}/lti/register/`));
  const { invitationId } = invited.body.invitation;
  await call('revokeLmsInvitation', { token, params: { ...params, invitationId }, body: {} });
  const connected = await call('connectLms', {
    ...{ token, params },
    body: {
      ...{ family: 'brightspace', clientId: 'c', issuer: 'https://learn.school-one.example' },
      settings: { domain },
    },
  });
  expect(connected.body).toMatchObject({
    registration: { settings: { domain } },
    forLms: { loginUrl: `https://${domain}/lti/login`, redirectUri: `https://${domain}/lti/launch` },
  });
  expect(await call('removeDomain', of)).toMatchObject({ status: 409, body: { code: 'domain_in_use' } });
  const { connectionId } = connected.body.registration;
  await call('updateLms', {
    token,
    params: { ...params, connectionId },
    body: { settings: { domain: null } },
  });
  expect((await call('removeDomain', of)).body.domain).toMatchObject({ domain, verified: 'vouched' });
  expect((await call('listDomains', { token, params })).body).toEqual({ domains: [] });
  const { rows } = await superuser.query(
    `select action from audit_event where tenant_id = $1 and action like 'domain.%' order by sequence`,
    [tenantId],
  );
  expect(rows.map(({ action }) => action)).toEqual(['domain.added', 'domain.verified', 'domain.removed']);
});

test('a school has twenty domains at most, and never the hub’s own', async () => {
  const { token, slug } = await world.addSchool();
  const { call } = await world.open();
  const add = (domain: string) => call('addDomain', { token, params: { slug }, body: { domain } });
  expect(await add('hub.example')).toMatchObject({ status: 400, body: { code: 'domain_invalid' } });
  expect(await add('https://x.example')).toMatchObject({ status: 400, body: { code: 'domain_invalid' } });
  for (let n = 0; n < 20; n++) expect((await add(`d${n}.school-two.example`)).status).toBe(201);
  expect(await add('more.school-two.example')).toMatchObject({ status: 409, body: { code: 'domain_limit' } });
});

test('a school neither sees nor changes another’s domain', async () => {
  const [theirs, ours] = [await world.addSchool(), await world.addSchool()];
  const { call } = await world.open();
  const domain = 'lti.school-theirs.example';
  await call('addDomain', { token: theirs.token, params: { slug: theirs.slug }, body: { domain } });
  const mine = { token: ours.token, params: { slug: ours.slug, domain } };
  const none = { status: 404, body: { code: 'domain_unknown' } };
  expect(await call('verifyDomain', { ...mine, body: { vouched: true } })).toMatchObject(none);
  expect(await call('removeDomain', mine)).toMatchObject(none);
  expect((await call('listDomains', mine)).body).toEqual({ domains: [] });
  const entered = await call('addDomain', { ...mine, params: { slug: ours.slug }, body: { domain } });
  expect(entered).toMatchObject({ status: 409, body: { code: 'domain_taken' } });
  const { rows } = await superuser.query('select verified from tenant_domain where domain = $1', [domain]);
  expect(rows).toEqual([{ verified: null }]);
});
