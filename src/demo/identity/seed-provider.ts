import type { TenantId } from '../../../contracts/ids.ts';
import { connectIdentity, listIdentities, updateIdentity } from '../../sso/identities/identities.ts';
import type { Identity } from '../../sso/identities/identity.ts';
import { addressesOf } from '../../sso/oidc/connection.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import type { OpenIdClient } from './openid-provider.ts';
import { demoRoleRules, type IdentityHub } from './terms.ts';

const clientId = 'gatehouse';
const clientSecret = 'made-up-for-the-demo';

/**
 * Connects a school to its OpenID provider, or tells the connection where it stands now.
 *
 * @returns the hub, as the provider has to know it
 */
export async function seedProvider(
  hub: IdentityHub,
  { tenantId, slug, issuer }: { tenantId: TenantId; slug: string; issuer: string },
  by: ChangeBy,
): Promise<OpenIdClient> {
  const { connectionId } = await ensureConnection(hub, tenantId, issuer, by);
  return { clientId, clientSecret, ...addressesOf(slug, connectionId, hub.baseUrl) };
}

async function ensureConnection(
  { db, sso }: IdentityHub,
  tenantId: TenantId,
  issuer: string,
  by: ChangeBy,
): Promise<Pick<Identity, 'connectionId'>> {
  const known = (await listIdentities(db.tenant(tenantId))).find(({ protocol }) => protocol === 'oidc');
  if (known === undefined) {
    const settings = { issuer, clientId, clientSecret, userInfo: true };
    return connectIdentity(
      sso,
      tenantId,
      {
        protocol: 'oidc',
        name: 'School account',
        settings,
        // The tenant's rule compares the roster's identifier with it.
        matchAttribute: 'employee_number',
        roleRules: [...demoRoleRules],
      },
      by,
    );
  }
  if (known.settings.issuer !== issuer) {
    await updateIdentity(sso, tenantId, known.connectionId, { settings: { issuer } }, by);
  }
  return known;
}
