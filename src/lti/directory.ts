import type { RegistrationId, TenantId } from '../../contracts/ids.ts';
import { type HubDeployment, resolveHubDeployment } from '../connections/deployments.ts';
import { findSlugByDomain, listVerifiedDomains } from '../connections/domains.ts';
import { listHubRegistrations } from '../connections/hub-registrations.ts';
import type { HubRegistration, LtiRegistration } from '../connections/registration.ts';
import { listRegistrations } from '../connections/registrations.ts';
import { type Cache, createCache } from '../platform/cache.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { findTenant, findTenantBySlug, type Tenant } from '../tenants/tenants.ts';
import { listEnabledTools } from '../tools/enablement.ts';
import type { EnabledTool } from '../tools/tool.ts';

/** What a launch needs to know of a tenant before it can ask the database its one question. */
export interface TenantSetup {
  registrations: LtiRegistration[];
  tools: EnabledTool[];
  /** Its own, under which links may still lead here, whatever its registrations say now. */
  domains: string[];
}

/**
 * Answers from memory who a request is about. It decides nothing: the statement that stores a login or a
 * launch checks every version again, and a stale answer is forgotten and read anew.
 */
export interface LaunchDirectory {
  tenantBySlug(slug: string): Promise<Tenant | undefined>;
  /** The school whose verified domain a host name is. */
  slugByDomain(domain: string): Promise<string | undefined>;
  tenantById(tenantId: TenantId): Promise<Tenant | undefined>;
  setup(tenantId: TenantId): TenantSetup | Promise<TenantSetup>;
  hubRegistrations(): HubRegistration[] | Promise<HubRegistration[]>;
  hubDeployment(registrationId: RegistrationId, deploymentId: string): Promise<HubDeployment | undefined>;
  /** Reads a tenant's setup (or the hub-wide registrations) anew at the next call: a launch has found it changed. */
  forgetSetup(tenantId: TenantId | undefined): void;
  /**
   * Reads registrations anew because an unproven request names one that is not known: at most every few seconds a tenant
   * (or for the hub-wide ones), so that nobody can make the hub read at will.
   *
   * @returns whether there is anything new to look at
   */
  lookAgain(tenantId: TenantId | undefined): boolean;
  /** The registrations of a tenant that are in memory. */
  remembered(tenantId: string): readonly LtiRegistration[];
  /** Forgets what a `gatehouse_changed` notification names: `tenant:<id>`, `tool:<id>`, `hub_registration:<id>`. */
  forget(topic: string): void;
  forgetAll(): void;
}

const life = { capacity: 20_000, timeToLiveMs: 30_000 };

export function createLaunchDirectory({ db, clock }: { db: Database; clock: Clock }): LaunchDirectory {
  const tenants = createCache<Tenant>({ ...life, clock });
  const nobody = createCache<true>({ capacity: 2_000, timeToLiveMs: 2_000, clock });
  const domains = createCache<{ slug: string }>({ ...life, clock });
  const nobodys = createCache<true>({ capacity: 2_000, timeToLiveMs: 2_000, clock });
  const looked = createCache<true>({ capacity: 10_000, timeToLiveMs: 5_000, clock });
  const setups = createCache<TenantSetup>({ ...life, capacity: 10_000, clock });
  const hub = createCache<HubRegistration[]>({ ...life, capacity: 1, clock });
  const deployments = createCache<HubDeployment>({ ...life, clock });

  const loadSetup = (tenantId: TenantId) =>
    db.withTenant(tenantId, async (tx) => ({
      registrations: await listRegistrations(tx),
      tools: await listEnabledTools(tx),
      domains: await listVerifiedDomains(tx),
    }));

  const forgetSetup = (tenantId: TenantId | undefined) =>
    tenantId === undefined ? hub.clear() : setups.invalidate(tenantId);

  return {
    tenantBySlug: async (slug) => {
      if (nobody.peek(slug)) return undefined;
      const tenant = await remembered(tenants, slug, () => findTenantBySlug(db.directory, slug));
      if (tenant === undefined) nobody.set(slug, true);
      return tenant;
    },
    slugByDomain: async (domain) => {
      if (nobodys.peek(domain)) return undefined;
      const found = await remembered(domains, domain, async () => {
        const slug = await findSlugByDomain(db.directory, domain);
        return slug === undefined ? undefined : { slug };
      });
      if (found === undefined) nobodys.set(domain, true);
      return found?.slug;
    },
    tenantById: (tenantId) => remembered(tenants, tenantId, () => findTenant(db.directory, tenantId)),
    setup: (tenantId) => setups.get(tenantId, () => loadSetup(tenantId)),
    hubRegistrations: () => hub.get('all', () => db.withHub((tx) => listHubRegistrations(tx))),
    hubDeployment: (registrationId, deploymentId) =>
      remembered(deployments, `${registrationId} ${deploymentId}`, () =>
        resolveHubDeployment(db.directory, registrationId, deploymentId),
      ),
    forgetSetup,
    lookAgain: (tenantId) => {
      const key = tenantId ?? 'hub';
      if (looked.peek(key)) return false;
      looked.set(key, true);
      forgetSetup(tenantId);
      return true;
    },
    remembered: (tenantId) => setups.peek(tenantId)?.registrations ?? [],
    forget: (topic) => {
      const [kind, id = ''] = topic.split(':');
      if (kind === 'tenant') {
        setups.invalidate(id);
        tenants.clear();
        nobody.clear();
        domains.clear();
        nobodys.clear();
        deployments.clear();
      } else if (kind === 'tool') {
        setups.clear();
      } else if (kind === 'hub_registration') {
        hub.clear();
        deployments.clear();
      }
    },
    forgetAll: () => {
      for (const cache of [tenants, nobody, domains, nobodys, looked, setups, hub, deployments])
        cache.clear();
    },
  };
}

/** Only what exists is kept: what is not found may be made the next moment. */
async function remembered<Value extends object>(
  cache: Cache<Value>,
  key: string,
  find: () => Promise<Value | undefined>,
): Promise<Value | undefined> {
  const known = cache.peek(key);
  if (known !== undefined) return known;
  const found = await find();
  if (found !== undefined) cache.set(key, found);
  return found;
}
