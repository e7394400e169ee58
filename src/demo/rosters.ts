import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { connectRoster, listRosters, type SyncServices, updateRoster } from '../sync/sync.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { getTenantBySlug } from '../tenants/tenants.ts';
import { badPackage } from './sis/bad-packages.ts';
import { type PackageFile, packageFiles, writeZip } from './sis/csv-package.ts';
import { demoDistrict } from './sis/demo-district.ts';

interface RosterHub {
  db: Database;
  sync: SyncServices;
  clock: Clock;
  dropFolder: string;
}

/** A roster of the demo, as its hints name it. */
export interface DemoRoster {
  slug: string;
  connectionId: ConnectionId;
}

export interface DemoRosters {
  /** From the simulated system, by OneRoster REST. */
  rest: DemoRoster;
  /** From packages in a folder. */
  csv: DemoRoster;
}

/** What the simulated system knows of the hub. Nobody but this machine reaches it. */
export const sisConsumer = { clientId: 'gatehouse', clientSecret: 'made-up-for-the-demo' };

/** Archives of the second school: the first night, one with changes, and one that stopped half-way. */
export const demoPackages = {
  first: 'first-night.zip',
  next: 'next-night.zip',
  bad: 'half-a-school-missing.zip',
} as const;

/**
 * Connects both schools to where their rosters come from. What an earlier start has made is kept, with the addresses of
 * this one; nothing is read yet.
 */
export async function seedRosters(hub: RosterHub, addresses: { sis: string }): Promise<DemoRosters> {
  return { rest: await seedRest(hub, 'northside', addresses.sis), csv: await seedCsv(hub, 'riverbend') };
}

async function seedRest(hub: RosterHub, slug: string, sis: string): Promise<DemoRoster> {
  const { tenantId } = await getTenantBySlug(hub.db.directory, slug);
  const by: ChangeBy = { actor: 'demo', now: hub.clock.now() };
  const moving = { baseUrl: sis, tokenUrl: `${sis}/token` };
  const known = await findRoster(hub, tenantId, 'oneroster-rest');
  if (known === undefined) {
    const settings = { ...moving, version: '1.2', auth: 'oauth2', ...sisConsumer };
    const source = { connector: 'oneroster-rest', name: 'Simulated SIS', settings };
    const { connectionId } = await connectRoster(hub.sync, tenantId, source, by);
    return { slug, connectionId };
  }
  const { connectionId, settings } = known;
  if (settings.baseUrl !== moving.baseUrl) {
    await updateRoster(hub.sync, tenantId, connectionId, { settings: moving }, by);
  }
  return { slug, connectionId };
}

async function seedCsv(hub: RosterHub, slug: string): Promise<DemoRoster> {
  const { tenantId } = await getTenantBySlug(hub.db.directory, slug);
  await writePackages(hub, slug, path.join(hub.dropFolder, tenantId));
  const known = await findRoster(hub, tenantId, 'oneroster-csv');
  if (known !== undefined) return { slug, connectionId: known.connectionId };
  const by: ChangeBy = { actor: 'demo', now: hub.clock.now() };
  const settings = { place: 'folder', path: demoPackages.first };
  const source = { connector: 'oneroster-csv', name: 'SIS export', settings };
  const { connectionId } = await connectRoster(hub.sync, tenantId, source, by);
  return { slug, connectionId };
}

/** The first of that connector: what people have added stands behind it. */
async function findRoster({ db }: RosterHub, tenantId: TenantId, connector: string) {
  const rosters = await db.withTenant(tenantId, (tx) => listRosters(tx));
  return rosters.find((roster) => roster.connector === connector);
}

async function writePackages({ clock }: RosterHub, slug: string, folder: string): Promise<void> {
  const district = demoDistrict(slug, clock);
  const files: Record<keyof typeof demoPackages, PackageFile[]> = {
    first: packageFiles(district, { version: '1.2', mode: 'bulk' }),
    next: packageFiles(district.changed(0.02, 1), { version: '1.2', mode: 'bulk' }),
    bad: badPackage(district, 'half_school_missing', { version: '1.2' }),
  };
  for (const [name, file] of Object.entries(demoPackages)) {
    const place = path.join(folder, file);
    if (!existsSync(place)) await writeZip(files[name as keyof typeof demoPackages], place);
  }
}
