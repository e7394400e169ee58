import type { z } from 'zod';
import type { certificateFields, metadataFields } from '../../../contracts/http/identity-trust.ts';
import type { Certificate, CertificateState } from '../../sso/saml/certificate.ts';
import type { ShownChange } from '../../sso/saml-connections/kept-metadata.ts';
import type { MetadataView } from '../../sso/saml-connections/metadata.ts';

/** A certificate as replies and commands show it. */
export function showCertificate({
  fingerprint,
  state,
  subject,
  validFrom,
  validTo,
}: Certificate & { state: CertificateState }): z.input<typeof certificateFields> {
  return {
    ...{ fingerprint, state, subject },
    validFrom: validFrom.toISOString(),
    validTo: validTo.toISOString(),
  };
}

/** An identity provider's metadata as replies and commands show it; its certificates are shown with their states. */
export function showMetadata(view: MetadataView): z.input<typeof metadataFields> {
  const { current, fetchedAt, validUntil, refreshAt, failure, difference } = view;
  const { certificates: _certificates, ...shown } = current;
  return {
    ...shown,
    singleSignOn: current.singleSignOn.map(({ binding, location }) => ({ binding, location })),
    singleLogout: current.singleLogout.map(({ binding, location }) => ({ binding, location })),
    fetchedAt: fetchedAt.toISOString(),
    validUntil: validUntil?.toISOString() ?? null,
    refreshAt: refreshAt?.toISOString() ?? null,
    failure,
    difference:
      difference === undefined
        ? null
        : { name: difference.name, changes: difference.changes.map(showChange) },
  };
}

function showChange(change: ShownChange) {
  const nothing = { before: [], after: [], certificate: null };
  if (change.kind === 'certificate_added' || change.kind === 'certificate_removed') {
    const { kind, fingerprint, subject, notAfter } = change;
    return { ...nothing, kind, certificate: { fingerprint, subject, validTo: notAfter.toISOString() } };
  }
  const { kind, before, after } = change;
  return { ...nothing, kind, before: [before].flat(), after: [after].flat() };
}
