import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the signature of a key of LTI 1.1 binds it to, from the token it stands in. */
export interface SignedFacts {
  consumerKey: string;
  deploymentId: string;
  issuer: string;
  clientId: string;
  /** Unix seconds. */
  exp: number;
  nonce: string;
}

/** `oauth_consumer_key_sign`: proves that who sends the token knows the key's secret (LTI 1.3 migration guide §2.3.2). */
export function signConsumerKey(secret: string, facts: SignedFacts): string {
  const { consumerKey, deploymentId, issuer, clientId, exp, nonce } = facts;
  const base = [consumerKey, deploymentId, issuer, clientId, exp, nonce].join('&');
  return createHmac('sha256', secret).update(base, 'utf8').digest('base64');
}

/** Whether a signature is the one that the secret makes, told in the same time for every wrong one. */
export function isSignedBy(secret: string, facts: SignedFacts, signature: string): boolean {
  const [own, given] = [signConsumerKey(secret, facts), signature].map((text) => Buffer.from(text));
  return own !== undefined && given?.length === own.length && timingSafeEqual(own, given);
}
