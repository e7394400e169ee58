import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A new secret for signing: 32 random bytes in the form the receivers' libraries read (Standard Webhooks). */
export function newSigningSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/**
 * The headers by which a receiver knows that a message is ours, whole and new (Standard Webhooks 1.0, symmetric signature:
 * HMAC-SHA-256 over id, timestamp and body).
 *
 * @param now unix milliseconds
 */
export function signatureHeaders(
  secret: string,
  message: { id: string; body: string; now: number },
): Record<string, string> {
  const { id, body, now } = message;
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
