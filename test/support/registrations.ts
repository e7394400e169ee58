import type { LtiRegistration, RegistrationChanges } from '../../src/connections/registration.ts';
import { listRegistrations, updateRegistration } from '../../src/connections/registrations.ts';
import type { Tenant } from '../../src/tenants/tenants.ts';
import type { TestDatabase } from './database.ts';
import { by } from './hub.ts';

/** What tests may point a registration at. */
export const loopbackAllowed = { allowLoopback: true };

/** Changes a tenant's only registration. Running copies are not told. */
export function changeRegistrationOf(
  { database }: TestDatabase,
  { tenantId }: Tenant,
  changes: RegistrationChanges,
): Promise<LtiRegistration> {
  return database.withTenant(tenantId, async (tx) => {
    const [registration] = await listRegistrations(tx);
    return updateRegistration(tx, registration!.connectionId, changes, loopbackAllowed, by());
  });
}
