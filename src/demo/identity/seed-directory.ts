import type { TenantId } from '../../../contracts/ids.ts';
import { connectIdentity, listIdentities, updateIdentity } from '../../sso/identities/identities.ts';
import type { NewIdentity } from '../../sso/identities/identity.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { DemoAccounts } from './accounts.ts';
import { demoRoleRules, domainOf, type IdentityHub } from './terms.ts';

/** The first one: what people have added stands behind it. */
export async function findDirectory({ db }: Pick<IdentityHub, 'db'>, tenantId: TenantId) {
  return (await listIdentities(db.tenant(tenantId))).find(({ protocol }) => protocol === 'ldap');
}

const urlAt = (port: number) => `ldap://127.0.0.1:${port}`;

/** Where it listened before. */
export function readPort(settings: Record<string, unknown> | undefined): number | undefined {
  const [, port] = /"ldap:\/\/127\.0\.0\.1:(\d+)"/.exec(JSON.stringify(settings?.servers ?? [])) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** Connects a school to its directory, or tells the connection where it listens now. */
export async function seedDirectory(
  hub: IdentityHub,
  place: { tenantId: TenantId; accounts: DemoAccounts; port: number },
  by: ChangeBy,
): Promise<void> {
  const { tenantId, accounts, port } = place;
  const servers = [{ url: urlAt(port), plain: true }];
  const known = await findDirectory(hub, tenantId);
  if (known === undefined) {
    const input = { ...directoryOf(accounts), ...withServers(accounts, servers) };
    await connectIdentity(hub.sso, tenantId, input, by);
  } else if (readPort(known.settings) !== port) {
    await updateIdentity(hub.sso, tenantId, known.connectionId, { settings: { servers } }, by);
  }
}

function directoryOf({ base }: DemoAccounts) {
  return {
    protocol: 'ldap',
    name: 'School directory',
    // The tenant's rule compares the roster's identifier with it.
    matchAttribute: 'employeeNumber',
    roleRules: [...demoRoleRules],
    domains: [domainOf(base)],
  } satisfies Omit<NewIdentity, 'settings'>;
}

function withServers(
  { base, reader }: DemoAccounts,
  servers: readonly object[],
): Pick<NewIdentity, 'settings'> {
  return {
    settings: {
      name: domainOf(base),
      kind: 'generic',
      servers,
      authorities: 'public',
      serviceAccount: reader.dn,
      servicePassword: reader.password,
      base,
      user: { objectClass: 'inetOrgPerson', nameAttributes: ['uid', 'mail'] },
      key: 'entryUUID',
      groups: { from: 'entry', attribute: 'eduPersonAffiliation' },
    },
  };
}
