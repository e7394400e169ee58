import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { claim, type Payload, record, text } from '../claims.ts';
import type { LtiServices } from '../services.ts';
import { openLegacyKey } from './keys.ts';
import { isSignedBy } from './sign.ts';

/** What became of the migration claim of a launch; `unsigned` says only what people and links were called in LTI 1.1. */
export type LegacyClaimCheck = 'absent' | 'unsigned' | 'key_unknown' | 'verified' | 'sign_wrong';

/**
 * Checks `oauth_consumer_key_sign` with the key that was kept for the connection (LTI 1.3 migration guide §2.3.2). The
 * database is asked only where the LMS signs.
 */
export async function checkLegacyClaim(
  { db, secrets }: Pick<LtiServices, 'db' | 'secrets'>,
  place: { tenantId: TenantId; connectionId: ConnectionId; clientId: string },
  payload: Payload,
): Promise<LegacyClaimCheck> {
  if (payload[claim.lti1p1] === undefined || payload[claim.lti1p1] === null) return 'absent';
  const given = record(payload[claim.lti1p1]);
  const [consumerKey, signature] = [text(given.oauth_consumer_key), text(given.oauth_consumer_key_sign)];
  if (consumerKey === undefined || signature === undefined) return 'unsigned';
  const key = await db.withTenant(place.tenantId, (tx) => openLegacyKey(tx, secrets, place.connectionId));
  if (key === undefined || key.consumerKey !== consumerKey) return 'key_unknown';
  const facts = {
    consumerKey,
    deploymentId: String(payload[claim.deploymentId]),
    issuer: String(payload.iss),
    clientId: place.clientId,
    exp: Number(payload.exp),
    nonce: String(payload.nonce),
  };
  return isSignedBy(key.secret, facts, signature) ? 'verified' : 'sign_wrong';
}
