import type { ConnectionId } from '../../../contracts/ids.ts';
import type { ServiceProvider } from '../saml/connection.ts';

/** Addresses of ours for one connection; the entity id is where our metadata is (SAML Metadata 2.0, 4.1.1). */
export function placesOf(
  baseUrl: string,
  slug: string,
  connectionId: ConnectionId,
): Pick<ServiceProvider, 'entityId' | 'acsUrl' | 'sloUrl'> {
  const base = `${baseUrl}/t/${slug}/saml/${connectionId}`;
  return { entityId: `${base}/metadata`, acsUrl: `${base}/acs`, sloUrl: `${base}/slo` };
}
