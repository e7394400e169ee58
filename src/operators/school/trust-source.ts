import { z } from 'zod';
import type { Identity } from '../../sso/identities/identity.ts';
import { readCertificate } from '../../sso/saml/certificate.ts';
import type { SubjectSource } from '../../sso/saml/presets.ts';
import { mappingOf, samlSettings } from '../../sso/saml-connections/settings.ts';

/** By what a connection says who comes, beside its certificates. */
export interface TrustSource {
  /** From where its keys come, now and later; null: from a document that somebody gave. */
  keysFrom: string | null;
  /** SHA-256 of the certificate that has to sign its metadata; null: none has to. */
  signer: string | null;
  /** What tells one person from another there: whoever can choose that at the provider can choose whom to be. */
  subjectFrom: string;
}

const oidcSource = z.object({
  issuer: z.string(),
  clientId: z.string(),
  tenant: z.object({ subject: z.string().optional() }).optional(),
});

/**
 * Whoever answers there says whose signatures count, however good the certificates of today are.
 *
 * @returns undefined for a protocol that leads nobody to the console
 */
export function decideTrustSource({
  protocol,
  preset,
  settings,
}: Pick<Identity, 'protocol' | 'preset' | 'settings'>): TrustSource | undefined {
  if (protocol === 'oidc') {
    const { issuer, clientId, tenant } = oidcSource.parse(settings);
    return {
      keysFrom: issuer,
      signer: null,
      subjectFrom: `${tenant?.subject ?? 'sub'} (client_id ${clientId})`,
    };
  }
  if (protocol !== 'saml') return undefined;
  const saml = samlSettings.parse(settings);
  const { metadata } = saml;
  const signer = 'signer' in metadata ? metadata.signer : undefined;
  return {
    keysFrom: metadata.from === 'url' ? metadata.url : metadata.from === 'mdq' ? metadata.base : null,
    signer: signer === undefined ? null : readCertificate(signer).fingerprint,
    subjectFrom: describeSubject(mappingOf(preset, saml).subject),
  };
}

function describeSubject(source: SubjectSource): string {
  return source.from === 'name_id'
    ? `NameID ${source.formats.join(', ')}`
    : `${source.names.join(', ')}${source.scoped ? ' (scoped)' : ''}`;
}
