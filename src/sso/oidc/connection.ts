import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { Identity } from '../identities/identity.ts';
import { type OidcSettings, oidcSettings } from './settings.ts';

/** One connection of one tenant to an OpenID provider. */
export interface OidcConnection {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** Counts changes of the settings: whatever was read by older ones is forgotten. */
  readonly version: number;
  readonly settings: OidcSettings;
  /** Where answers come in. Each connection has its own, so that an answer tells whose it is (RFC 9700 §4.4.2.2). */
  readonly redirectUri: string;
  /** Where people end after signing out there. */
  readonly signedOutUri: string;
}

/** An identity connection, its secrets opened, as this protocol sees it. */
export function toOidcConnection(
  { tenantId, slug }: Pick<Tenant, 'tenantId' | 'slug'>,
  { connectionId, version, settings }: Pick<Identity, 'connectionId' | 'version' | 'settings'>,
  baseUrl: string,
): OidcConnection {
  return {
    tenantId,
    connectionId,
    version,
    settings: oidcSettings.parse(settings),
    ...addressesOf(slug, connectionId, baseUrl),
  };
}

/** What an admin enters at the provider. `baseUrl` has no trailing slash. */
export function addressesOf(slug: string, connectionId: ConnectionId, baseUrl: string) {
  const own = `${baseUrl}/t/${slug}/oidc/${connectionId}`;
  return {
    redirectUri: `${own}/callback`,
    backChannelLogoutUri: `${own}/backchannel-logout`,
    signedOutUri: `${baseUrl}/t/${slug}/signed-out`,
  };
}
