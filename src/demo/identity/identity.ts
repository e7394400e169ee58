import type { TenantId } from '../../../contracts/ids.ts';
import { findMatchRule, setMatchRule } from '../../people/people.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/db.ts';
import { connectIdentity, listIdentities, updateIdentity } from '../../sso/identities/identities.ts';
import type { NewIdentity } from '../../sso/identities/identity.ts';
import type { SsoServices } from '../../sso/services.ts';
import { requestRun, type SyncServices } from '../../sync/sync.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { getTenantBySlug } from '../../tenants/tenants.ts';
import type { DemoRoster } from '../rosters.ts';
import { type DemoAccounts, demoAccounts } from './accounts.ts';
import { startDirectoryServer } from './directory-server.ts';

interface IdentityHub {
  db: Database;
  sync: SyncServices;
  sso: SsoServices;
  clock: Clock;
  baseUrl: string;
}

/** Where people of the demo sign in without the LMS. */
export interface DemoIdentity {
  slug: string;
  /** Where to begin. */
  portalUrl: string;
  accounts: Pick<DemoAccounts, 'password' | 'toTry'>;
  close(): Promise<void>;
}

/**
 * Puts a directory beside the hub and lets a school's people sign in by it. What an earlier start has made is kept, with the
 * place of this one's directory. The first time the school's roster is brought as well, since nobody is known before that.
 * Further ways of signing in have their place beside `seedDirectory`.
 *
 * @returns undefined where the development packages are not there
 */
export async function createDemoIdentity(
  hub: IdentityHub,
  roster: DemoRoster,
): Promise<DemoIdentity | undefined> {
  const { slug } = roster;
  const { tenantId } = await getTenantBySlug(hub.db.directory, slug);
  const accounts = demoAccounts(slug, hub.clock);
  const known = await findDirectory(hub, tenantId);
  const { entries } = accounts;
  const server = await startDirectoryServer({ entries, port: readPort(known?.settings) });
  if (server === undefined) return undefined;
  await seedDirectory(hub, { tenantId, roster, accounts, port: server.port });
  const { password, toTry } = accounts;
  const portalUrl = `${hub.baseUrl}/t/${slug}/portal`;
  return { slug, portalUrl, accounts: { password, toTry }, close: () => server.close() };
}

/** The first one: what people have added stands behind it. */
async function findDirectory({ db }: IdentityHub, tenantId: TenantId) {
  return (await listIdentities(db.tenant(tenantId))).find(({ protocol }) => protocol === 'ldap');
}

const urlAt = (port: number) => `ldap://127.0.0.1:${port}`;

function readPort(settings: Record<string, unknown> | undefined): number | undefined {
  const [, port] = /"ldap:\/\/127\.0\.0\.1:(\d+)"/.exec(JSON.stringify(settings?.servers ?? [])) ?? [];
  return port === undefined ? undefined : Number(port);
}

async function seedDirectory(
  hub: IdentityHub,
  place: { tenantId: TenantId; roster: DemoRoster; accounts: DemoAccounts; port: number },
): Promise<void> {
  const { tenantId, roster, accounts, port } = place;
  const by: ChangeBy = { actor: 'demo', now: hub.clock.now() };
  const servers = [{ url: urlAt(port), plain: true }];
  const known = await findDirectory(hub, tenantId);
  if (known !== undefined) {
    if (readPort(known.settings) === port) return;
    await updateIdentity(hub.sso, tenantId, known.connectionId, { settings: { servers } }, by);
    return;
  }
  const rule = await hub.db.withTenant(tenantId, (tx) => findMatchRule(tx));
  if (rule === undefined) {
    const identifier = { rosterColumn: 'identifier', linkField: 'lisPersonSourcedId' } as const;
    await setMatchRule(hub.db, tenantId, identifier, by);
  }
  await connectIdentity(
    hub.sso,
    tenantId,
    { ...directoryOf(accounts), ...withServers(accounts, servers) },
    by,
  );
  await requestRun(hub.sync, tenantId, roster.connectionId, { mode: 'full', isDry: false }, by);
}

function directoryOf({ base }: DemoAccounts) {
  return {
    protocol: 'ldap',
    name: 'School directory',
    // The tenant's rule compares the roster's identifier with it.
    matchAttribute: 'employeeNumber',
    roleRules: [
      { group: 'student', role: 'student' },
      { group: 'faculty', role: 'teacher' },
      { group: 'staff', role: 'administrator' },
    ],
    domains: [base.replace(/,?dc=/g, '.').slice(1)],
  } satisfies Omit<NewIdentity, 'settings'>;
}

function withServers(
  { base, reader }: DemoAccounts,
  servers: readonly object[],
): Pick<NewIdentity, 'settings'> {
  return {
    settings: {
      name: base.replace(/,?dc=/g, '.').slice(1),
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
