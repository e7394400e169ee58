import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';
import type { OwnKey } from './certificate.ts';
import { Refusal } from './refusal.ts';
import { decodeBase64, decodeUtf8 } from './xml/decode.ts';
import { messageLimits } from './xml/limits.ts';
import { namespaces } from './xml/names.ts';
import { attributeOf, childOf, childrenOf, textOf } from './xml/read.ts';

interface ContentCipher {
  readonly name: string;
  readonly keyBytes: number;
  readonly mode: 'gcm' | 'cbc';
}

const ciphers: Readonly<Record<string, ContentCipher>> = {
  [`${namespaces.encryption11}aes128-gcm`]: { name: 'aes-128-gcm', keyBytes: 16, mode: 'gcm' },
  [`${namespaces.encryption11}aes192-gcm`]: { name: 'aes-192-gcm', keyBytes: 24, mode: 'gcm' },
  [`${namespaces.encryption11}aes256-gcm`]: { name: 'aes-256-gcm', keyBytes: 32, mode: 'gcm' },
  [`${namespaces.encryption}aes128-cbc`]: { name: 'aes-128-cbc', keyBytes: 16, mode: 'cbc' },
  [`${namespaces.encryption}aes192-cbc`]: { name: 'aes-192-cbc', keyBytes: 24, mode: 'cbc' },
  [`${namespaces.encryption}aes256-cbc`]: { name: 'aes-256-cbc', keyBytes: 32, mode: 'cbc' },
};

/** Each private operation costs about a millisecond: a message cannot ask for more of them than this. */
const encryptedKeysAtMost = 4;

/**
 * The text of an encrypted assertion, tried with each decryption key (XML Encryption 1.1, 5). Key transport is
 * RSA-OAEP only. CBC tells an attacker by its padding what they may not know, unless nobody but the identity
 * provider can have made the ciphertext: it is taken inside a verified signature only.
 *
 * @param insideSignature whether `encrypted` was read from octets whose signature was verified
 * @throws Refusal `encryption`, in one form whatever went wrong inside
 */
export function decryptAssertion(
  encrypted: Element,
  keys: readonly OwnKey[],
  { insideSignature }: { insideSignature: boolean },
): string {
  const data = required(childOf(encrypted, 'encryption', 'EncryptedData'));
  const algorithm = attributeOf(childOf(data, 'encryption', 'EncryptionMethod'), 'Algorithm') ?? '';
  const cipher = Object.hasOwn(ciphers, algorithm) ? ciphers[algorithm] : undefined;
  if (cipher === undefined || (cipher.mode === 'cbc' && !insideSignature)) {
    throw new Refusal('encryption', 'AES-GCM, or AES-CBC inside a signed Response', algorithm);
  }
  const content = cipherValue(data);
  for (const encryptedKey of findEncryptedKeys(encrypted, data)) {
    const oaepHash = requireOaep(encryptedKey);
    for (const { privateKey } of keys) {
      const key = unwrap(cipherValue(encryptedKey), privateKey, oaepHash, cipher.keyBytes);
      const plain = key === undefined ? undefined : decipher(content, key, cipher);
      if (plain !== undefined) return decodeUtf8(plain, messageLimits);
    }
  }
  throw new Refusal('encryption', 'an assertion encrypted for a decryption key of this connection');
}

/** Beside the data or in its KeyInfo (SAML Core 2.0, 2.2.4); which of them a RetrievalMethod names does not matter. */
function findEncryptedKeys(encrypted: Element, data: Element): Element[] {
  const keyInfo = childOf(data, 'signature', 'KeyInfo');
  const inside = keyInfo === undefined ? [] : childrenOf(keyInfo, 'encryption', 'EncryptedKey');
  const keys = [...inside, ...childrenOf(encrypted, 'encryption', 'EncryptedKey')];
  if (keys.length > encryptedKeysAtMost) {
    throw new Refusal('encryption', `${encryptedKeysAtMost} encrypted keys at most`);
  }
  return keys;
}

/** The one hash of OAEP and of its mask function: Node.js cannot mix two, and no known identity provider does. */
function requireOaep(encryptedKey: Element): 'sha1' | 'sha256' | 'sha384' | 'sha512' {
  const method = required(childOf(encryptedKey, 'encryption', 'EncryptionMethod'));
  const algorithm = attributeOf(method, 'Algorithm');
  const digest = attributeOf(childOf(method, 'signature', 'DigestMethod'), 'Algorithm');
  const mask = attributeOf(childOf(method, 'encryption11', 'MGF'), 'Algorithm');
  const [hash, maskHash] = [
    /#(sha\d+)$/.exec(digest ?? '#sha1')?.[1],
    /#mgf1(sha\d+)$/.exec(mask ?? '#mgf1sha1')?.[1],
  ];
  const isKnown =
    (algorithm === `${namespaces.encryption}rsa-oaep-mgf1p` && hash === 'sha1' && mask === undefined) ||
    (algorithm === `${namespaces.encryption11}rsa-oaep` && hash === maskHash);
  if (isKnown && (hash === 'sha1' || hash === 'sha256' || hash === 'sha384' || hash === 'sha512'))
    return hash;
  const found = [algorithm, digest, mask].filter((part) => part !== undefined).join(', ');
  throw new Refusal('encryption', 'RSA-OAEP with one hash for digest and mask', found);
}

function unwrap(wrapped: Buffer, key: KeyObject, oaepHash: string, bytes: number): Buffer | undefined {
  try {
    const plain = privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, wrapped);
    return plain.length === bytes ? plain : undefined;
  } catch {
    return undefined;
  }
}

function decipher(content: Buffer, key: Buffer, cipher: ContentCipher): Buffer | undefined {
  try {
    return cipher.mode === 'gcm'
      ? decipherGcm(content, key, cipher.name)
      : decipherCbc(content, key, cipher.name);
  } catch {
    return undefined;
  }
}

/** 96 bits of initialisation vector in front, 128 bits of tag behind (XML Encryption 1.1, 5.2.4). */
function decipherGcm(content: Buffer, key: Buffer, name: string): Buffer {
  const gcm = createDecipheriv(name as 'aes-256-gcm', key, content.subarray(0, 12), { authTagLength: 16 });
  gcm.setAuthTag(content.subarray(-16));
  return Buffer.concat([gcm.update(content.subarray(12, -16)), gcm.final()]);
}

/** The last octet counts the padding, the others in it are arbitrary (XML Encryption 1.1, 5.2). */
function decipherCbc(content: Buffer, key: Buffer, name: string): Buffer | undefined {
  const cbc = createDecipheriv(name, key, content.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([cbc.update(content.subarray(16)), cbc.final()]);
  const padding = padded.at(-1) ?? 0;
  return padding >= 1 && padding <= 16 ? padded.subarray(0, padded.length - padding) : undefined;
}

function cipherValue(element: Element): Buffer {
  const value = textOf(
    childOf(required(childOf(element, 'encryption', 'CipherData')), 'encryption', 'CipherValue'),
  );
  return decodeBase64((value ?? '').replace(/[\t ]/g, ''), messageLimits);
}

function required(element: Element | undefined): Element {
  if (element === undefined) throw new Refusal('encryption', 'EncryptedData with its method and its key');
  return element;
}
