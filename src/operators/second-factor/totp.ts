import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { hashSecret } from '../../platform/handle.ts';

const periodSeconds = 30;
const secretBytes = 20;
const recoveryCodes = 10;
const recoveryBytes = 10;
/** Letters and digits that are not taken for one another (RFC 4648 §6 without padding). */
const recoveryForm = /^[a-z2-7]{16}$/;

/** A new secret as RFC 4226 §4 R6 recommends it: 160 random bits. */
export function makeSecret(): Buffer {
  return randomBytes(secretBytes);
}

function totpOf(secret: Uint8Array, label = ''): TOTP {
  const buffer = new Uint8Array(secret).buffer;
  return new TOTP({ issuer: 'Gatehouse', label, secret: new Secret({ buffer }), period: periodSeconds });
}

/** What an authenticator is given: typed, or as a picture. @param label whose account it is */
export function describeSecret(secret: Uint8Array, label: string): { secret: string; uri: string } {
  const totp = totpOf(secret, label);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/**
 * The time step whose code it is, that of now or one beside it (RFC 6238 §5.2), or undefined.
 *
 * @param now Unix milliseconds
 */
export function stepOfCode(secret: Uint8Array, code: string, now: number): number | undefined {
  const token = code.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = totpOf(secret).validate({ token, timestamp: now, window: 1 });
  return delta === null ? undefined : Math.floor(now / 1000 / periodSeconds) + delta;
}

/** New recovery codes of 80 random bits each, which nobody guesses: their plain hash is kept. */
export function makeRecoveryCodes(): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: recoveryCodes }, () => {
    const buffer = new Uint8Array(randomBytes(recoveryBytes)).buffer;
    const text = new Secret({ buffer }).base32.toLowerCase();
    return text.replace(/(.{4})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4');
  });
  return { codes, hashes: codes.map((code) => hashSecret(code.replaceAll('-', ''))) };
}

/** What is kept of a recovery code as somebody types it; undefined where it cannot be one. */
export function hashRecoveryCode(typed: string): Buffer | undefined {
  const code = typed.toLowerCase().replaceAll(/[\s-]/g, '');
  return recoveryForm.test(code) ? hashSecret(code) : undefined;
}
