import type { KeyObject } from 'node:crypto';
import type { Certificate, CertificateState, OwnKey } from '../../../../src/sso/saml/certificate.ts';
import { createSelfSigned } from '../../../../src/sso/saml/self-signed.ts';

export interface TestKey {
  privateKey: KeyObject;
  certificate: Certificate;
}

export interface TestKeys {
  /** The identity provider's. */
  active: TestKey;
  next: TestKey;
  retired: TestKey;
  /** Somebody else's. */
  stranger: TestKey;
  /** Ours. */
  signing: TestKey;
  decryption: TestKey;
  oldDecryption: TestKey;
}

/** A key pair of 2048 bits, which is made sooner than the real ones. */
export function createTestKey(commonName: string, validTo = new Date('2045-01-01')): Promise<TestKey> {
  return createSelfSigned({ commonName, validFrom: new Date('2020-01-01'), validTo, modulusLength: 2048 });
}

export async function createTestKeys(): Promise<TestKeys> {
  const names = ['active', 'next', 'retired', 'stranger', 'signing', 'decryption', 'oldDecryption'];
  const keys = await Promise.all(names.map((name) => createTestKey(name)));
  return Object.fromEntries(names.map((name, index) => [name, keys[index]])) as unknown as TestKeys;
}

export function own({ privateKey, certificate }: TestKey, state: CertificateState): OwnKey {
  return { privateKey, certificate, state };
}

export function trusted({ certificate }: TestKey, state: CertificateState) {
  return { ...certificate, state };
}
