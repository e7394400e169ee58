import { createPrivateKey } from 'node:crypto';
import type { TenantId } from '../../../contracts/ids.ts';
import { createCache } from '../../platform/cache.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { Identity } from '../identities/identity.ts';
import { type OwnKey, readCertificate } from '../saml/certificate.ts';
import type { IdentityProvider, OwnSide, SamlConnection, ServiceProvider } from '../saml/connection.ts';
import type { SamlReason } from '../saml/reasons.ts';
import { placeOfPrivateKey } from './key-store.ts';
import { ensureKey } from './keys.ts';
import { type Material, selectMaterial } from './material-store.ts';
import { placesOf } from './own-side.ts';
import type { SamlServices } from './services.ts';
import { mappingOf, nameIdFormatOf, type SamlSettings, samlSettings } from './settings.ts';

/** A connection as messages are made and judged by it. */
export type OpenedSaml =
  | { readonly ok: true; readonly connection: SamlConnection; readonly own: OwnSide }
  /** The other side is not known, or no more. */
  | { readonly ok: false; readonly reason: SamlReason; readonly own: OwnSide };

export interface SamlConnections {
  /**
   * Reads what is stored of a connection. Certificates, keys and metadata are read each time, since a certificate that was
   * retired must count no more at once, in every copy; what is parsed and opened of them is kept in memory.
   *
   * @throws DomainError `secret_unreadable`
   */
  open(tenant: Pick<Tenant, 'tenantId' | 'slug'>, identity: Identity): Promise<OpenedSaml>;
}

type Deps = Pick<SamlServices, 'db' | 'clock' | 'secrets' | 'baseUrl'>;

/** What is made of stored rows, and the rows by which it is known that they are the same. */
interface Parsed {
  mark: string;
  certificates: IdentityProvider['certificates'];
  keys: OwnKey[];
}

export function createSamlConnections(deps: Deps): SamlConnections {
  const { db, clock, secrets } = deps;
  const parsed = createCache<Parsed>({ capacity: 2_000, timeToLiveMs: 600_000, clock });

  async function findMaterial(tenantId: TenantId, { connectionId }: Identity): Promise<Material> {
    const material = await selectMaterial(db.tenant(tenantId), connectionId);
    if (material.keys.length > 0) return material;
    // Its first key is made when it is first needed: whoever connects it needs no step for that.
    await ensureKey(deps, tenantId, connectionId, { actor: 'hub', now: clock.now() });
    return selectMaterial(db.tenant(tenantId), connectionId);
  }

  async function openKey(
    tenantId: TenantId,
    { connectionId }: Identity,
    { state, fingerprint, base64, sealed }: Material['keys'][number],
  ): Promise<OwnKey> {
    const place = placeOfPrivateKey(connectionId, fingerprint);
    const key = await secrets.open(db.tenant(tenantId), place, Buffer.from(sealed, 'base64'));
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    return { state, certificate: readCertificate(base64), privateKey };
  }

  async function parse(tenantId: TenantId, identity: Identity, material: Material): Promise<Parsed> {
    const { certificates, keys } = material;
    const mark = JSON.stringify([certificates, keys]);
    const known = parsed.peek(identity.connectionId);
    if (known?.mark === mark) return known;
    const fresh: Parsed = {
      mark,
      certificates: certificates.map(({ base64, state }) => ({ ...readCertificate(base64), state })),
      keys: await Promise.all(keys.map((key) => openKey(tenantId, identity, key))),
    };
    parsed.set(identity.connectionId, fresh);
    return fresh;
  }

  return {
    open: async (tenant, identity) => {
      const material = await findMaterial(tenant.tenantId, identity);
      const { certificates, keys } = await parse(tenant.tenantId, identity, material);
      const settings = samlSettings.parse(identity.settings);
      const found = findIdentityProvider(settings, material, certificates, clock.now());
      const mapping = mappingOf(identity.preset, settings);
      const nameIdFormat = nameIdFormatOf(settings, mapping);
      const own: OwnSide = {
        serviceProvider: {
          ...placesOf(deps.baseUrl, tenant.slug, identity.connectionId),
          ...keysOf(keys),
        },
        signRequests: settings.signRequests || material.current?.wantsSignedRequests === true,
        ...(nameIdFormat !== undefined && { nameIdFormat }),
      };
      if (typeof found === 'string') return { ok: false, reason: found, own };
      const { allowUnsolicited, forceAuthn, requestedAuthnContext, skewSeconds } = settings;
      const asked = { allowUnsolicited, forceAuthn, requestedAuthnContext, skewSeconds };
      const connection = { ...own, ...asked, id: identity.connectionId, identityProvider: found, mapping };
      return { ok: true, connection, own };
    },
  };
}

/** Retired keys still decrypt; most answers are encrypted for the key that signs. */
function keysOf(keys: readonly OwnKey[]): Pick<ServiceProvider, 'signingKeys' | 'decryptionKeys'> {
  const decryptionKeys = [...keys].sort(
    (a, b) => Number(b.state === 'active') - Number(a.state === 'active'),
  );
  return { signingKeys: keys, decryptionKeys };
}

function findIdentityProvider(
  { metadata: source, scopes: chosen }: SamlSettings,
  { current, valid_until: validUntil }: Material,
  certificates: IdentityProvider['certificates'],
  now: number,
): IdentityProvider | SamlReason {
  if (source.from === 'fields') {
    const { entityId, singleSignOn, singleLogout } = source;
    return { entityId, singleSignOn, singleLogout, certificates, ...(chosen && { scopes: chosen }) };
  }
  if (current === null) return 'metadata_missing';
  if (validUntil !== null && validUntil.getTime() <= now) return 'metadata_expired';
  const { entityId, singleSignOn, singleLogout } = current;
  const scopes = current.scopes ?? chosen;
  return { entityId, singleSignOn, singleLogout, certificates, ...(scopes && { scopes }) };
}
