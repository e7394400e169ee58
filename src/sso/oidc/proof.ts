import { createHash, createHmac } from 'node:crypto';

/** What binds an answer and its code to the one request they belong to. */
export interface Proof {
  /** OpenID Connect Core 1.0 §3.1.2.1. */
  readonly nonce: string;
  /** RFC 7636 §4.1: 43 characters. */
  readonly verifier: string;
  /** RFC 7636 §4.2, S256. */
  readonly challenge: string;
}

/**
 * Nonce and code verifier, made of two halves: the handle, which travels as `state` and is stored as a hash only, and a salt,
 * which is stored and never travels. So neither a look into the database nor one at the addresses gives the verifier away.
 */
export function proofOf(handle: string, salt: string): Proof {
  const derive = (use: string) => createHmac('sha256', salt).update(`${use} ${handle}`).digest('base64url');
  const verifier = derive('verifier');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return { nonce: derive('nonce'), verifier, challenge };
}
