import type { TenantId } from '../../contracts/ids.ts';
import type { Config } from '../config.ts';
import { listTerms } from '../health/calendars/terms.ts';
import type { Lti } from '../lti/lti.ts';
import { admitAdmin } from '../operators/school/admit.ts';
import { endAdmins } from '../operators/sessions/partner-end.ts';
import type { Log } from '../platform/log.ts';
import { createSso, type Sso } from '../sso/sso.ts';
import type { Closers } from './closers.ts';
import type { Platform } from './platform.ts';

/** Signing in without an LMS, at the portal and, for institutions' admins, at the console. */
export function openSso(
  { config, log }: { config: Config; log: Log },
  platform: Platform,
  lti: Lti,
  closers: Closers,
): Sso {
  const { allowLoopback, baseUrl, directoryNetworks } = config;
  const termsOf = (tenantId: TenantId) => listTerms(platform.db.tenant(tenantId));
  const addresses = { baseUrl, allowLoopback, directoryNetworks };
  const sso = createSso({ ...platform, ...lti, ...addresses, log, termsOf, admitAdmin, endAdmins });
  closers.add(() => sso.close());
  return sso;
}
