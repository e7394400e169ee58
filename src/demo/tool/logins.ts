import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { VerifiedClaims } from './verify.ts';

/** A login between initiation and launch. */
export interface PendingLogin {
  nonce: string;
  /** SHA-256 of the secret that the browser keeps, in a cookie or in the platform's storage. */
  browserHash: Buffer;
  storageTarget: string | undefined;
  /** Claims that are verified and wait for the browser's proof. */
  verified: VerifiedClaims | undefined;
  /** Unix milliseconds. */
  expiresAt: number;
}

export interface IssuedLogin {
  state: string;
  nonce: string;
  browserSecret: string;
}

/** Pending logins by state, in memory. */
export interface LoginStore {
  issue(storageTarget: string | undefined, now: number): IssuedLogin;
  find(state: string, now: number): PendingLogin | undefined;
  remove(state: string): void;
}

const lifetime = 5 * 60 * 1000;

/** Creates an empty store; a login lives five minutes. */
export function createLoginStore(): LoginStore {
  const pending = new Map<string, PendingLogin>();
  return {
    issue(storageTarget, now) {
      for (const [state, old] of pending) {
        if (old.expiresAt > now) break;
        pending.delete(state);
      }
      const issued = { state: random(), nonce: random(), browserSecret: random() };
      pending.set(issued.state, {
        nonce: issued.nonce,
        browserHash: hash(issued.browserSecret),
        storageTarget,
        verified: undefined,
        expiresAt: now + lifetime,
      });
      return issued;
    },
    find(state, now) {
      const login = pending.get(state);
      return login && login.expiresAt > now ? login : undefined;
    },
    remove: (state) => void pending.delete(state),
  };
}

/** Whether the secret is the one this login left in the browser. */
export function provesBrowser(login: PendingLogin, secret: string | undefined): boolean {
  return secret !== undefined && timingSafeEqual(hash(secret), login.browserHash);
}

function random(): string {
  return randomBytes(24).toString('base64url');
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
