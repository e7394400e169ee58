import type { ConnectionId, TenantId } from '../../contracts/ids.ts';
import type { ProbeEnd } from '../../contracts/probes.ts';
import { findServiceRegistration } from '../connections/service-registrations.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/db.ts';
import { newSecret } from '../platform/handle.ts';
import type { OutboundFetch } from '../platform/outbound/fetch.ts';
import { claim } from './claims.ts';
import { checkClaims } from './inbound/check-claims.ts';
import { createJwksCache, type KeySource } from './jwks.ts';
import { publicKeySet } from './keys/key-set.ts';
import type { Signer } from './keys/signer.ts';
import { listSigningKeys } from './keys/store.ts';
import { verifyJwt } from './verify-jwt.ts';

export interface LaunchProbeServices {
  db: Database;
  clock: Clock;
  baseUrl: string;
  fetch: OutboundFetch;
  signer: Pick<Signer, 'sign'>;
}

/** Whom a made-up launch is for: no tool has this client_id, and no person this name. */
const probeClient = 'gatehouse-probe';

/**
 * A launch without people, as far as one goes without disturbing anybody: the keys of the LMS, registered by the school or for
 * the whole hub, are fetched and read, and the hub
 * signs a launch as a platform and takes it in as a tool does, checked by its own published keys. Nothing is sent to a tool.
 *
 * @throws DomainError upstream `jwks_unavailable`, input `jwks_missing`, `jwks_invalid`; internal `signing_key_missing`
 */
export async function probeLaunch(
  services: LaunchProbeServices,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<ProbeEnd> {
  const registration = await services.db.withTenant(tenantId, (tx) =>
    findServiceRegistration(tx, connectionId),
  );
  if (registration === undefined) return { outcome: 'failed_config', reason: 'registration_unknown' };
  // The hub's own may be switched off while a school's deployments under it are not.
  if (registration.status !== 'active') return { outcome: 'suppressed', reason: 'registration_disabled' };
  const { jwksUrl, jwks: pastedJwks } = registration;
  // A cache of its own: what launches have fetched does not tell whether the LMS answers now.
  const keys = createJwksCache({ fetch: services.fetch, clock: services.clock });
  await keys.findKey({ cacheKey: connectionId, jwksUrl, pastedJwks }, probeClient);
  return launchOwn(services);
}

async function launchOwn({ db, clock, baseUrl, signer, fetch }: LaunchProbeServices): Promise<ProbeEnd> {
  const now = Math.floor(clock.now() / 1_000);
  const token = await signer.sign({
    ...{ iss: baseUrl, aud: probeClient, sub: probeClient, iat: now, exp: now + 60, nonce: newSecret() },
    [claim.messageType]: 'LtiResourceLinkRequest',
    [claim.version]: '1.3.0',
    [claim.deploymentId]: probeClient,
    [claim.targetLinkUri]: baseUrl,
    [claim.resourceLink]: { id: probeClient },
    [claim.roles]: [],
  });
  const published = publicKeySet(await db.withHub(listSigningKeys), clock.now());
  const own: KeySource = { cacheKey: probeClient, jwksUrl: null, pastedJwks: published };
  const verified = await verifyJwt(token, own, createJwksCache({ fetch, clock }));
  if (!verified.ok) return { outcome: 'failed_hub', reason: verified.reason };
  const checked = checkClaims(verified.payload, {
    ...{ issuer: baseUrl, clientId: probeClient, trustedAudiences: [], now },
    ...{ iatWindow: 60, skew: 5, allowAnonymous: false },
  });
  return checked.ok
    ? { outcome: 'success', reason: null }
    : { outcome: 'failed_hub', reason: checked.reason };
}
