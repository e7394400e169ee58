import { createSign, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { type Certificate, readCertificate } from './certificate.ts';

/**
 * A key pair of ours with a certificate that it signed itself (RFC 5280): identity providers pin the certificate and
 * look at nothing in it but the key and, some of them, the dates.
 */
export async function createSelfSigned(request: {
  commonName: string;
  validFrom: Date;
  validTo: Date;
  /** Bits of RSA: 3072 are good beyond 2030 (NIST SP 800-57 part 1, table 2). */
  modulusLength?: number;
}): Promise<{ privateKey: KeyObject; certificate: Certificate }> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: request.modulusLength ?? 3072,
  });
  const name = sequence(tagged(0x31, sequence(oid.commonName, utf8(request.commonName))));
  const algorithm = sequence(oid.sha256WithRsa, tagged(0x05));
  const content = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    // Positive, and of the 20 octets at most that section 4.1.2.2 allows.
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    sequence(time(request.validFrom), time(request.validTo)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(basicConstraints, keyUsage)),
  );
  const signature = createSign('RSA-SHA256').update(content).sign(privateKey);
  const certificate = sequence(content, algorithm, tagged(0x03, Buffer.from([0]), signature));
  return { privateKey, certificate: readCertificate(certificate.toString('base64')) };
}

/** One value of DER (X.690, 8.1): its tag, the length of its content, its content. */
function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]) => tagged(0x30, ...parts);
const integer = (bytes: Buffer) => tagged(0x02, bytes);
const utf8 = (text: string) => tagged(0x0c, Buffer.from(text));

/** UTCTime up to 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
function time(at: Date): Buffer {
  const digits = `${at.toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
  return at.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}

const oid = {
  commonName: Buffer.from('0603550403', 'hex'),
  sha256WithRsa: Buffer.from('06092a864886f70d01010b', 'hex'),
};

/** Critical, and of no certification authority (RFC 5280, 4.2.1.9). */
const basicConstraints = Buffer.from('300c0603551d130101ff04023000', 'hex');
/** Critical: digitalSignature and keyEncipherment (RFC 5280, 4.2.1.3). */
const keyUsage = Buffer.from('300e0603551d0f0101ff0404030205a0', 'hex');
