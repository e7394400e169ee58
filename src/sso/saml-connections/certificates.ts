import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import { recordConnectionChange } from '../../connections/connections.ts';
import { DomainError } from '../../platform/errors.ts';
import type { ChangeBy } from '../../tenants/changes.ts';
import { type CertificateState, readCertificate, type TrustedCertificate } from '../saml/certificate.ts';
import type { Guarded } from '../services.ts';
import { saveCertificate, selectCertificates } from './certificate-store.ts';
import { lockSaml, type SamlServices } from './services.ts';

export { selectCertificates as listCertificates } from './certificate-store.ts';

type Deps = Pick<SamlServices, 'db'> & Guarded;

/**
 * Adds a certificate of the identity provider by hand. Beside one that signs it is `next`: signatures by it count from now
 * on, and activating it says that the change is over.
 *
 * @param text one certificate, in PEM or in base64
 * @throws DomainError not_found `identity_unknown`; input `identity_protocol`, `certificate_unreadable`, `certificate_weak`;
 *   conflict `certificate_known`
 */
export function addCertificate(
  { db, guard }: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  text: string,
  by: ChangeBy,
): Promise<TrustedCertificate> {
  const certificate = readCertificate(text);
  const { fingerprint, subject, validTo } = certificate;
  return db.withTenant(tenantId, async (tx) => {
    await lockSaml(tx, connectionId);
    await guard?.(tx, connectionId);
    const known = await selectCertificates(tx, connectionId);
    const same = known.find((each) => each.fingerprint === fingerprint);
    if (same !== undefined) {
      const message = `This certificate is here already, and is ${same.state}. Activate it if its signatures shall count.`;
      throw new DomainError('conflict', 'certificate_known', message);
    }
    const state: CertificateState = known.some((each) => each.state === 'active') ? 'next' : 'active';
    await saveCertificate(tx, connectionId, certificate, state, new Date(by.now));
    const after = { fingerprint, subject, notAfter: validTo, state };
    await recordConnectionChange(tx, 'identity.certificate_added', connectionId, { after }, by);
    return { ...certificate, state };
  });
}

/**
 * Puts a certificate into another state: `active` also brings a retired one back; signatures by a retired one are refused
 * from the commit on, in every copy.
 *
 * @param fingerprint SHA-256, in hexadecimal
 * @throws DomainError not_found `identity_unknown`, `certificate_unknown`; input `identity_protocol`
 */
export function setCertificateState(
  { db, guard }: Deps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  { fingerprint, state }: { fingerprint: string; state: 'active' | 'retired' },
  by: ChangeBy,
): Promise<TrustedCertificate> {
  return db.withTenant(tenantId, async (tx) => {
    await lockSaml(tx, connectionId);
    await guard?.(tx, connectionId);
    const known = await selectCertificates(tx, connectionId);
    const certificate = known.find((each) => each.fingerprint === fingerprint.toLowerCase());
    if (certificate === undefined) {
      const message =
        'This connection has no such certificate. List its certificates to see their fingerprints.';
      throw new DomainError('not_found', 'certificate_unknown', message);
    }
    if (certificate.state === state) return certificate;
    await saveCertificate(tx, connectionId, certificate, state, new Date(by.now));
    const values = {
      before: { fingerprint: certificate.fingerprint, state: certificate.state },
      after: { fingerprint: certificate.fingerprint, state },
    };
    await recordConnectionChange(tx, 'identity.certificate_set', connectionId, values, by);
    return { ...certificate, state };
  });
}
