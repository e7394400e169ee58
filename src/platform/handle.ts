import { createHash, randomBytes } from 'node:crypto';

/**
 * Opaque values that travel through browsers: a few ids that say where to look, and a secret that the
 * database knows only by its hash. base64url of `ids ‖ secret`.
 */
const secretBytes = 24;

export interface Handle {
  /** UUIDs in the order they were given. */
  ids: string[];
  /** SHA-256 of the whole handle: what is stored and compared. */
  hash: Buffer;
}

/** A new random secret, base64url (32 characters, 192 bits). */
export function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** SHA-256 of a secret or handle. High-entropy input, so no slow hash is needed. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Makes a handle around the given UUIDs. */
export function newHandle(...ids: string[]): string {
  const parts = ids.map((id) => Buffer.from(id.replaceAll('-', ''), 'hex'));
  return Buffer.concat([...parts, randomBytes(secretBytes)]).toString('base64url');
}

/** Reads a handle made around `count` UUIDs; undefined when it cannot be one of ours. */
export function parseHandle(text: unknown, count: number): Handle | undefined {
  if (typeof text !== 'string' || !/^[\w-]{32,200}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== count * 16 + secretBytes || bytes.toString('base64url') !== text) return undefined;
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push(toUuid(bytes.subarray(i * 16, i * 16 + 16)));
  return { ids, hash: hashSecret(text) };
}

function toUuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Name of the cookie that binds a launch to its browser: one per launch, so that two tabs do not overwrite
 * each other, found again from the handle's hash alone.
 */
export function cookieName(id: string): string {
  return `__Host-gh-${id}`;
}

/** The part of a handle's hash that names its cookie. It is no secret. */
export function cookieId(hash: Buffer): string {
  return hash.toString('base64url').slice(0, 8);
}
