import { expect, test } from 'vitest';
import {
  connectIdentity,
  listIdentities,
  setIdentityStatus,
} from '../../../src/sso/identities/identities.ts';
import { describeNotice, watchAll, watchOne } from '../../../src/sso/identities/warnings.ts';
import { addCertificate } from '../../../src/sso/saml-connections/certificates.ts';
import type { Tenant } from '../../../src/tenants/tenants.ts';
import { createTestDatabase } from '../../support/database.ts';
import { createTestKey } from '../saml/support/keys.ts';
import { pem } from '../saml-connections/support/metadata.ts';
import { startSignInWorld } from '../support/world.ts';

const world = await startSignInWorld(await createTestDatabase());
const { services, clock } = world;
const day = 86_400_000;
// Certificates end at whole seconds.
const begun = Math.floor(clock.now() / 1000) * 1000;
const inDays = (days: number) => new Date(begun + days * day);
const [ended, soon, later] = await Promise.all([
  createTestKey('ended', inDays(-1)),
  createTestKey('soon', inDays(6)),
  createTestKey('later', inDays(200)),
]);

async function connectSaml(tenant: Tenant, ...keys: (typeof soon)[]) {
  const input = {
    protocol: 'saml' as const,
    name: 'School account',
    settings: { metadata: { from: 'file' } },
  };
  const identity = await connectIdentity(services, tenant.tenantId, input, world.by());
  for (const key of keys) {
    await addCertificate(services, tenant.tenantId, identity.connectionId, pem(key), world.by());
  }
  return identity;
}

const list = ({ tenantId }: Tenant) => services.db.withTenant(tenantId, listIdentities);

test('each connection is shown with the certificates of its own that end soon', async () => {
  const tenant = await world.addTenant();
  const directory = await world.connect(tenant, [636]);
  const first = await connectSaml(tenant, soon, later, ended);
  const second = await connectSaml(tenant, later);
  const watched = await watchAll(services, tenant.tenantId, await list(tenant));
  const warnings = Object.fromEntries(watched.map((each) => [each.connectionId, each.warnings]));
  expect(warnings).toEqual({
    [directory.connectionId]: [],
    [second.connectionId]: [],
    [first.connectionId]: [
      expect.objectContaining({ whose: 'theirs', kind: 'expired', days: null, validTo: inDays(-1) }),
      expect.objectContaining({
        kind: 'expires',
        days: 7,
        fingerprint: soon.certificate.fingerprint,
        term: null,
      }),
    ],
  });
});

test('an end within a term is told as soon as it is known, where somebody tells the terms', async () => {
  const tenant = await world.addTenant();
  const identity = await connectSaml(tenant, later);
  expect((await watchOne(services, tenant.tenantId, identity)).warnings).toEqual([]);
  const asked: string[] = [];
  const termsOf = async (tenantId: string) => {
    asked.push(tenantId);
    return [{ name: 'Summer term', startsAt: inDays(190), endsAt: inDays(260) }];
  };
  const { warnings } = await watchOne({ ...services, termsOf }, tenant.tenantId, identity);
  expect(warnings).toMatchObject([{ kind: 'inside_term', term: 'Summer term', days: null }]);
  expect(asked).toEqual([tenant.tenantId]);
});

test('of a connection that is disabled nothing is to be looked after', async () => {
  const tenant = await world.addTenant();
  const { connectionId } = await connectSaml(tenant, ended);
  const disabled = await setIdentityStatus(services, tenant.tenantId, connectionId, 'disabled', world.by());
  expect((await watchOne(services, tenant.tenantId, disabled)).warnings).toEqual([]);
});

test('a warning says in words what ends, when, and what to do', async () => {
  const tenant = await world.addTenant();
  const identity = await connectSaml(tenant, soon, ended);
  const { warnings } = await watchOne(services, tenant.tenantId, identity);
  const words = warnings.map(describeNotice);
  expect(words[0]).toMatch(
    /^Their certificate \(CN=ended\) has ended on \d{4}-\d\d-\d\d\. Ask the institution/,
  );
  expect(words[1]).toMatch(/^Their certificate \(CN=soon\) ends on \d{4}-\d\d-\d\d, in 7 days or less\./);
  const ours = { ...warnings[0]!, whose: 'ours' as const, kind: 'inside_term' as const, term: 'Summer term' };
  expect(describeNotice(ours)).toMatch(
    /^The certificate of our key .* within Summer term\. Begin a change: identity key-next\.$/,
  );
});
