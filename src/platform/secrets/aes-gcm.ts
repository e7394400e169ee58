import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** Bytes of an AES-256 key. */
export const keyLength = 32;

const ivLength = 12;
const tagLength = 16;

/**
 * AES-256-GCM under a random 96-bit initialisation vector (NIST SP 800-38D §8.2.2: one key seals at most 2^32
 * values, §8.3).
 *
 * @returns initialisation vector (12 bytes), tag (16 bytes), ciphertext
 */
export function encrypt(key: KeyObject, plain: Buffer, associatedData: Buffer): Buffer {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  cipher.setAAD(associatedData);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
}

/**
 * The reverse of `encrypt`.
 *
 * @throws Error when the key, the additional data or any byte differs
 */
export function decrypt(key: KeyObject, box: Buffer, associatedData: Buffer): Buffer {
  if (box.length < ivLength + tagLength) throw new Error('Too short to be sealed with AES-256-GCM');
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, ivLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(box.subarray(ivLength, ivLength + tagLength));
  return Buffer.concat([decipher.update(box.subarray(ivLength + tagLength)), decipher.final()]);
}
