import { expect, test } from 'vitest';
import { newId } from '../../../contracts/ids.ts';
import {
  connectIdentity,
  getIdentity,
  listIdentities,
  listOpenIdentities,
  openIdentity,
  setIdentityStatus,
  updateIdentity,
} from '../../../src/sso/identities/identities.ts';
import type { NewIdentity } from '../../../src/sso/identities/identity.ts';
import { createTestDatabase } from '../../support/database.ts';
import { startSignInWorld } from '../support/world.ts';

const database = await createTestDatabase();
const world = await startSignInWorld(database);
const { services } = world;
const { db } = services;
const secret = 'reader-password';

async function connected(options: Partial<NewIdentity> = {}) {
  const tenant = await world.addTenant();
  const { settings: _settings, ...rest } = options;
  const identity = await world.connect(tenant, [636], rest);
  return { ...tenant, identity };
}

test('a connection is shown without its secrets, which are kept sealed and opened for its protocol alone', async () => {
  const { tenantId, identity } = await connected();
  expect(identity).toMatchObject({ protocol: 'ldap', preset: 'generic', status: 'active', version: 1 });
  expect(identity.secrets).toEqual(['servicePassword']);
  for (const shown of [identity, ...(await listIdentities(db.tenant(tenantId)))]) {
    expect(JSON.stringify(shown)).not.toContain(secret);
  }
  const whole = await openIdentity(services, db.tenant(tenantId), identity.connectionId);
  expect(whole.settings.servicePassword).toBe(secret);
  const { rows } = await database.superuser.query(
    `select s::text as row, encode(s.sealed_secrets, 'escape') as sealed from identity_source s where tenant_id = $1`,
    [tenantId],
  );
  expect(rows[0].row).not.toContain(secret);
  expect(rows[0].sealed).not.toContain(secret);
  const audited = await database.superuser.query(
    'select v::text as row from audit_value v where tenant_id = $1',
    [tenantId],
  );
  expect(audited.rows.length).toBeGreaterThan(0);
  for (const { row } of audited.rows) expect(row).not.toContain(secret);
});

test('changes are merged, keep secrets that were not given, and make a new version', async () => {
  const { tenantId, identity } = await connected();
  const change = (changes: Parameters<typeof updateIdentity>[3]) =>
    updateIdentity(services, tenantId, identity.connectionId, changes, world.by());
  const renamed = await change({
    name: 'Staff',
    domains: ['Staff.Example'],
    matchAttribute: 'employeeNumber',
  });
  expect(renamed).toMatchObject({ name: 'Staff', domains: ['staff.example'], version: 2 });
  const moved = await change({ settings: { base: 'dc=new,dc=example', atOnce: null } });
  expect(moved).toMatchObject({ version: 3, secrets: ['servicePassword'], matchAttribute: 'employeeNumber' });
  expect(moved.settings).toMatchObject({ base: 'dc=new,dc=example', atOnce: 12 });
  await change({ settings: { servicePassword: 'another-one' } });
  const whole = await openIdentity(services, db.tenant(tenantId), identity.connectionId);
  expect(whole.settings.servicePassword).toBe('another-one');
  await expect(change({ settings: { servicePassword: null } })).rejects.toMatchObject({
    kind: 'input',
    code: 'identity_settings_invalid',
  });
  // What was refused has changed nothing.
  expect(await getIdentity(db.tenant(tenantId), identity.connectionId)).toMatchObject({ version: 4 });
});

test('changes at the same time are all kept', async () => {
  const { tenantId, identity } = await connected();
  const attributes = ['uid', 'mail', 'cn', 'sn', 'title'];
  await Promise.all(
    attributes.map((matchAttribute, index) =>
      updateIdentity(
        services,
        tenantId,
        identity.connectionId,
        index % 2 === 0 ? { matchAttribute } : { settings: { waiting: index } },
        world.by(),
      ),
    ),
  );
  const after = await getIdentity(db.tenant(tenantId), identity.connectionId);
  expect(after.version).toBe(1 + attributes.length);
  expect(['uid', 'cn', 'title']).toContain(after.matchAttribute);
  expect([1, 3]).toContain(after.settings.waiting);
});

test('what is wrong is refused with a code, and nothing is connected', async () => {
  const { tenantId } = await world.addTenant();
  const good = (await connected()).identity.settings;
  const refused: [Partial<NewIdentity>, string][] = [
    [{ preset: 'nobody-knows' }, 'preset_unknown'],
    [{ settings: { ...good, servicePassword: 'x', more: 1 } }, 'identity_settings_invalid'],
    [{ settings: { ...good } }, 'identity_settings_invalid'],
    [{ name: ' ' }, 'identity_invalid'],
    [{ domains: ['@school.example'] }, 'identity_invalid'],
    [{ roleRules: [{ group: 'x', role: 'owner' as never }] }, 'identity_invalid'],
  ];
  for (const [change, code] of refused) {
    const input = {
      protocol: 'ldap' as const,
      name: 'x',
      settings: { ...good, servicePassword: 'x' },
      ...change,
    };
    const failing = connectIdentity(services, tenantId, input, world.by());
    await expect(failing, code).rejects.toMatchObject({ kind: 'input', code });
  }
  expect(await listIdentities(db.tenant(tenantId))).toEqual([]);
});

test('paused and disabled connections are listed, but not among those to sign in by', async () => {
  const { tenantId, identity } = await connected();
  const open = async () => (await listOpenIdentities(db.tenant(tenantId))).length;
  for (const [status, count] of [
    ['paused', 0],
    ['active', 1],
    ['disabled', 0],
  ] as const) {
    const { version } = await setIdentityStatus(
      services,
      tenantId,
      identity.connectionId,
      status,
      world.by(),
    );
    expect(version).toBeGreaterThan(1);
    expect([status, await open()]).toEqual([status, count]);
    expect(await listIdentities(db.tenant(tenantId))).toHaveLength(1);
  }
});

test('another tenant’s connection is not there: neither to read, nor to change, nor to switch', async () => {
  const { identity } = await connected();
  const { tenantId } = await world.addTenant();
  const { connectionId } = identity;
  const unknown = { kind: 'not_found', code: 'identity_unknown' };
  for (const id of [connectionId, newId<typeof connectionId>()]) {
    await expect(getIdentity(db.tenant(tenantId), id)).rejects.toMatchObject(unknown);
    await expect(openIdentity(services, db.tenant(tenantId), id)).rejects.toMatchObject(unknown);
    await expect(updateIdentity(services, tenantId, id, { name: 'x' }, world.by())).rejects.toMatchObject(
      unknown,
    );
    await expect(setIdentityStatus(services, tenantId, id, 'disabled', world.by())).rejects.toMatchObject(
      unknown,
    );
  }
});
