import type { TenantId } from '../../../contracts/ids.ts';
import { findMatchRule, setMatchRule } from '../../people/people.ts';
import { requestRun } from '../../sync/sync.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { getTenantBySlug } from '../../tenants/tenants.ts';
import type { DemoRoster } from '../rosters.ts';
import type { HttpHandler } from '../servers.ts';
import { type DemoAccounts, demoAccounts } from './accounts.ts';
import { startDirectoryServer } from './directory-server.ts';
import { createOpenIdProvider } from './openid-provider.ts';
import { findDirectory, readPort, seedDirectory } from './seed-directory.ts';
import { seedProvider } from './seed-provider.ts';
import type { IdentityHub } from './terms.ts';

/** Where people of the demo sign in without the LMS. */
export interface DemoIdentity {
  slug: string;
  /** Where to begin. */
  portalUrl: string;
  accounts: Pick<DemoAccounts, 'password' | 'toTry'>;
  /** The pages of the OpenID provider. */
  provider: HttpHandler;
  close(): Promise<void>;
}

/**
 * Puts a directory and an OpenID provider beside the hub and lets a school's people sign in by either; both know the same
 * people. What an earlier start has made is kept. The first time the school's roster is brought as well, since nobody is known
 * before that.
 *
 * @param options.issuer address of the provider
 * @param options.fetch reaches the hub on this machine
 * @returns undefined where the development packages are not there
 */
export async function createDemoIdentity(
  hub: IdentityHub,
  roster: DemoRoster,
  { issuer, fetch }: { issuer: string; fetch: typeof globalThis.fetch },
): Promise<DemoIdentity | undefined> {
  const { slug } = roster;
  const { clock } = hub;
  const { tenantId } = await getTenantBySlug(hub.db.directory, slug);
  const accounts = demoAccounts(slug, clock);
  const known = await findDirectory(hub, tenantId);
  const { entries, password, toTry } = accounts;
  const directory = await startDirectoryServer({ entries, port: readPort(known?.settings) });
  if (directory === undefined) return undefined;
  const by: ChangeBy = { actor: 'demo', now: clock.now() };
  await seedDirectory(hub, { tenantId, accounts, port: directory.port }, by);
  const client = await seedProvider(hub, { tenantId, slug, issuer }, by);
  const provider = await createOpenIdProvider({ issuer, client, accounts, clock, fetch });
  if (provider === undefined) return undefined;
  if (known === undefined) await bringPeople(hub, tenantId, roster, by);
  const portalUrl = `${hub.baseUrl}/t/${slug}/portal`;
  return { slug, portalUrl, accounts: { password, toTry }, provider, close: () => directory.close() };
}

async function bringPeople(
  { db, sync }: IdentityHub,
  tenantId: TenantId,
  { connectionId }: DemoRoster,
  by: ChangeBy,
): Promise<void> {
  const rule = await db.withTenant(tenantId, (tx) => findMatchRule(tx));
  if (rule === undefined) {
    const identifier = { rosterColumn: 'identifier', linkField: 'lisPersonSourcedId' } as const;
    await setMatchRule(db, tenantId, identifier, by);
  }
  await requestRun(sync, tenantId, connectionId, { mode: 'full', isDry: false }, by);
}
