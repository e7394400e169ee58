import type { ConnectionId, TenantId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { listIdentities } from '../identities/identities.ts';
import { type CertificateWarning, planCertificateWarnings, type Term } from '../saml/certificate-warnings.ts';
import { selectCertificates } from './certificate-store.ts';
import { selectKeys } from './key-store.ts';
import type { SamlServices } from './services.ts';

/** A certificate that somebody has to look after. */
export interface ConnectionWarning {
  connectionId: ConnectionId;
  /** The connection's name. */
  name: string;
  /** `theirs`: the identity provider's; `ours`: the hub's own towards it. */
  whose: 'theirs' | 'ours';
  subject: string;
  notAfter: Date;
  warning: CertificateWarning;
}

/**
 * Certificates of a tenant's SAML connections that end soon, have ended, or end inside a term, the first to end first; those
 * of disabled connections count no more.
 *
 * @param terms in which nobody should have to change a certificate
 */
export async function listCertificateWarnings(
  { db, clock }: Pick<SamlServices, 'db' | 'clock'>,
  tenantId: TenantId,
  terms: readonly Term[] = [],
): Promise<ConnectionWarning[]> {
  const warnings = await db.withTenant(tenantId, async (tx) => {
    const found: ConnectionWarning[] = [];
    for (const { connectionId, name, protocol, status } of await listIdentities(tx)) {
      if (protocol !== 'saml' || status === 'disabled') continue;
      found.push(...(await warningsOf(tx, { connectionId, name }, terms, clock.now())));
    }
    return found;
  });
  return warnings.sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime());
}

async function warningsOf(
  tx: TenantTx,
  connection: { connectionId: ConnectionId; name: string },
  terms: readonly Term[],
  now: number,
): Promise<ConnectionWarning[]> {
  const theirs = await selectCertificates(tx, connection.connectionId);
  const ours = await selectKeys(tx, connection.connectionId);
  const sides = [
    { whose: 'theirs', certificates: theirs },
    { whose: 'ours', certificates: ours },
  ] as const;
  return sides.flatMap(({ whose, certificates }) =>
    certificates.flatMap((certificate) =>
      planCertificateWarnings([certificate], terms, new Set(), now).map((warning) => ({
        ...connection,
        whose,
        subject: certificate.subject,
        notAfter: certificate.validTo,
        warning,
      })),
    ),
  );
}
