import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOutbound } from '../../../src/platform/outbound/fetch.ts';
import { connectIdentity } from '../../../src/sso/identities/identities.ts';
import type { Identity } from '../../../src/sso/identities/identity.ts';
import { listCertificates } from '../../../src/sso/saml-connections/certificates.ts';
import { acceptMetadata, refreshMetadata } from '../../../src/sso/saml-connections/metadata.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import { reasonOf } from '../../sso/saml-routes/support/flow.ts';
import { type SamlWorld, startSamlWorld } from '../../sso/saml-routes/support/world.ts';
import { Visitor } from '../../sso/support/visitor.ts';
import { createTestDatabase } from '../../support/database.ts';
import { installPeer } from '../packages.ts';
import { PeerVisitor } from './peer-visitor.ts';
import { type SimpleSaml, simplesamlPackages, startSimpleSaml } from './start.ts';

const missing = await installPeer(simplesamlPackages);
if (missing !== undefined) console.warn(`Signing in at SimpleSAMLphp is not tested: ${missing}.`);

describe.skipIf(missing !== undefined)('signing in at SimpleSAMLphp', () => {
  let world: SamlWorld;
  let idp: SimpleSaml;
  let tenant: Tenant;
  let identity: Identity;
  const fetch = createOutbound({ allowLoopback: true, userAgent: 'Gatehouse test' });

  beforeAll(async () => {
    idp = await startSimpleSaml();
    world = await startSamlWorld(await createTestDatabase());
    world.clock.set(Date.now());
    tenant = await world.addTenant();
    identity = await connectIdentity(
      world.services,
      tenant.tenantId,
      {
        protocol: 'saml',
        name: 'School account',
        preset: 'generic',
        allowsNew: true,
        settings: { metadata: { from: 'url', url: idp.metadataUrl } },
      },
      world.by(),
    );
    await refresh();
  });
  afterAll(async () => {
    await fetch.close();
    await idp?.stop();
  });
  // It goes by this machine's clock.
  beforeEach(() => world.clock.set(Date.now()));

  const refresh = () =>
    refreshMetadata({ ...world.services, fetch }, tenant.tenantId, identity.connectionId, world.by());
  const slo = () => `/t/${tenant.slug}/saml/${identity.connectionId}/slo`;

  /** Makes the hub known there, by its own metadata. */
  async function register(options: Record<string, unknown> = {}) {
    const { body } = await world.first
      .visitor()
      .open(`/t/${tenant.slug}/saml/${identity.connectionId}/metadata`);
    await idp.register('hub', body, { 'sign.logout': true, ...options });
  }

  async function signIn(user = 'student1') {
    const visitor = world.first.visitor();
    const sent = await visitor.open(`/t/${tenant.slug}/sign-in/${identity.connectionId}`);
    const there = new PeerVisitor();
    const form = await there.signIn(sent.location ?? '', user);
    world.clock.set(Date.now());
    const { pathname } = new URL(form.action);
    const ended = await visitor.post(pathname, form.fields, { 'sec-fetch-site': 'cross-site' });
    return { visitor, there, ended, form };
  }

  test('people sign in, by names that need escaping too', async () => {
    await register();
    for (const user of ['student1', 'student2', 'teacher1']) {
      const { ended, visitor } = await signIn(user);
      expect([reasonOf(ended), ended.status]).toEqual([undefined, 303]);
      expect(visitor.session).toBeDefined();
    }
    const { rows } = await world.database.superuser.query(
      'select name from person where tenant_id = $1 order by name',
      [tenant.tenantId],
    );
    expect(rows.map(({ name }) => name)).toContain("Émile O'Zola <&>");
  });

  test('the same person comes back as the same person', async () => {
    await register();
    await signIn();
    await signIn();
    const { rows } = await world.database.superuser.query(
      `select distinct person_id, subject from session where tenant_id = $1
       and subject = (select subject from session where tenant_id = $1 group by subject order by count(*) desc limit 1)`,
      [tenant.tenantId],
    );
    expect(rows).toHaveLength(1);
  });

  test.each([
    ['an encrypted assertion', { 'assertion.encryption': true }],
    [
      'a signed Response and no signed assertion',
      { 'saml20.sign.response': true, 'saml20.sign.assertion': false },
    ],
    [
      'a signed Response around an encrypted assertion',
      { 'assertion.encryption': true, 'saml20.sign.response': true },
    ],
    ['our requests checked', { 'validate.authnrequest': true }],
  ])('with %s', async (_what, options) => {
    await register(options);
    const { ended } = await signIn();
    expect([reasonOf(ended), ended.status]).toEqual([undefined, 303]);
  });

  test('an answer is refused where nothing is signed', async () => {
    await register({ 'saml20.sign.response': false, 'saml20.sign.assertion': false });
    const { ended, visitor } = await signIn();
    expect(reasonOf(ended)).toBe('signature_missing');
    expect(visitor.session).toBeUndefined();
  });

  test('an answer that was posted is refused when it is posted again', async () => {
    await register();
    const { visitor, form } = await signIn();
    const again = await visitor.post(new URL(form.action).pathname, form.fields);
    expect(reasonOf(again)).toBe('request_unknown');
  });

  test('signing out here signs out there', async () => {
    await register({ 'validate.logout': true });
    const { visitor, there } = await signIn();
    const left = await visitor.post(`/t/${tenant.slug}/sign-out`, {});
    const back = await there.follow(left.location ?? '', slo());
    world.clock.set(Date.now());
    const ended = await visitor.open(new URL(back).pathname + new URL(back).search);
    expect([reasonOf(ended), ended.location]).toEqual([undefined, `/t/${tenant.slug}/signed-out`]);
    // It asks for the password again.
    const again = await world.first.visitor().open(`/t/${tenant.slug}/sign-in/${identity.connectionId}`);
    expect(await there.isAskedForPassword(again.location ?? '')).toBe(true);
  });

  test('signing out there signs out here', async () => {
    await register({ 'validate.logout': true });
    const { there, visitor } = await signIn('teacher1');
    const open = (await world.sessions(tenant)).length;
    const done = `${idp.baseUrl}/module.php/core/welcome`;
    const out = `${idp.baseUrl}/saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(done)}`;
    const request = await there.follow(out, slo());
    world.clock.set(Date.now());
    const answered = await new Visitor(visitor.origin).open(
      new URL(request).pathname + new URL(request).search,
    );
    expect(reasonOf(answered)).toBeUndefined();
    expect(answered.location).toContain('SAMLResponse=');
    expect(await world.sessions(tenant)).toHaveLength(open - 1);
    // It believes our answer, and goes on to where it was told to.
    expect(await there.follow(answered.location ?? '', '/module.php/core/welcome')).toBe(done);
  });

  test('its certificate rolls over without anybody being locked out', async () => {
    await register();
    const states = async () =>
      (await listCertificates(world.services.db.tenant(tenant.tenantId), identity.connectionId)).map(
        ({ state }) => state,
      );
    await idp.rollOver('next');
    const { difference } = await refresh();
    await acceptMetadata(
      world.services,
      tenant.tenantId,
      identity.connectionId,
      difference!.name,
      world.by(),
    );
    expect(await states()).toEqual(['active', 'next']);
    await idp.rollOver('swap');
    expect((await refresh()).difference).toBeUndefined();
    expect((await signIn()).ended.status).toBe(303);
    await idp.rollOver('drop');
    const dropped = await refresh();
    await acceptMetadata(
      world.services,
      tenant.tenantId,
      identity.connectionId,
      dropped.difference!.name,
      world.by(),
    );
    expect(await states()).toEqual(['retired', 'active']);
    expect((await signIn()).ended.status).toBe(303);
  });
});
