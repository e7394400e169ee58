import type { ProbeEnd } from '../../contracts/probes.ts';
import type { ProbeStep } from '../health/probes/run-probes.ts';
import type { Lti } from '../lti/lti.ts';
import { probeLaunch } from '../lti/probe-launch.ts';
import { getIdentity } from '../sso/identities/identities.ts';
import { checkIdentity } from '../sso/identities/other-side.ts';
import { findSignInReason } from '../sso/reasons.ts';
import type { Sso } from '../sso/sso.ts';
import { checkRoster } from '../sync/sources/probe.ts';
import { askForDryPlan, type SyncServices } from '../sync/sync.ts';
import { findTenant } from '../tenants/tenants.ts';
import type { Platform } from './platform.ts';

const well: ProbeEnd = { outcome: 'success', reason: null };

/** How each kind of connection is asked without people. */
export function probeSteps(
  platform: Pick<Platform, 'db' | 'clock' | 'partnerFetch'> & { baseUrl: string },
  lti: Pick<Lti, 'signer'>,
  { services: sso }: Pick<Sso, 'services'>,
  sync: SyncServices,
): Readonly<Record<'launch' | 'login' | 'read', ProbeStep>> {
  const { db, clock, partnerFetch } = platform;
  const launches = { ...platform, ...lti, fetch: partnerFetch };
  return {
    launch: (tenantId, connectionId) => probeLaunch(launches, tenantId, connectionId),
    login: async (tenantId, connectionId) => {
      const tenant = await findTenant(db.directory, tenantId);
      if (tenant === undefined) return { outcome: 'failed_config', reason: 'tenant_unknown' };
      const { steps } = await checkIdentity(sso, tenant, connectionId);
      const reason = steps.find((step) => step.reason !== undefined)?.reason;
      if (reason === undefined) return well;
      const { protocol } = await db.withTenant(tenantId, (tx) => getIdentity(tx, connectionId));
      return { outcome: findSignInReason(protocol, reason)?.outcome ?? 'failed_partner', reason };
    },
    read: async (tenantId, connectionId, signal) => {
      await checkRoster(sync, tenantId, connectionId, { signal });
      // Its plan comes later, as a run of its own: reading a whole source takes longer than asking it.
      await askForDryPlan(sync, tenantId, connectionId, { actor: 'job:probe_connections', now: clock.now() });
      return well;
    },
  };
}
