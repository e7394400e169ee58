import { type KeyObject, X509Certificate } from 'node:crypto';
import { DomainError } from '../../platform/errors.ts';

/** `next` is published or announced and accepted already, `retired` is refused by name. */
export type CertificateState = 'next' | 'active' | 'retired';

export interface Certificate {
  /** DER in base64, as it stands in metadata and in the database. */
  readonly base64: string;
  /** SHA-256 of the DER, in lower-case hexadecimal. */
  readonly fingerprint: string;
  /** Distinguished name, for people. */
  readonly subject: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly key: KeyObject;
}

/** A certificate of the other side. It pins a key: who issued it and when it expires decide nothing, but warn. */
export interface TrustedCertificate extends Certificate {
  readonly state: CertificateState;
}

/** A key pair of ours for one connection. A retired one is published no more; a decryption key still decrypts. */
export interface OwnKey {
  readonly state: CertificateState;
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
}

const curves = new Set(['prime256v1', 'secp384r1']);

/**
 * Reads a certificate from PEM or from bare base64 (as in metadata).
 *
 * @throws DomainError `certificate_unreadable` or `certificate_weak` (RSA below 2048 bits, another kind of key)
 */
export function readCertificate(text: string): Certificate {
  const base64 = text.replace(/-----(BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '');
  const certificate = parse(base64);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const isStrong =
    (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) ||
    (asymmetricKeyType === 'ec' && curves.has(asymmetricKeyDetails?.namedCurve ?? ''));
  if (!isStrong) {
    const advice =
      'Give a certificate with an RSA key of 2048 bits or more, or with an EC key on P-256 or P-384.';
    throw new DomainError('input', 'certificate_weak', advice);
  }
  return {
    base64,
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: certificate.subject.replaceAll('\n', ', '),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    key: certificate.publicKey,
  };
}

function parse(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch (cause) {
    const advice = 'This is no X.509 certificate. Paste one certificate, in PEM or in base64.';
    throw new DomainError('input', 'certificate_unreadable', advice, { cause });
  }
}
