import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WorkShape } from '../../../contracts/burden.ts';

/** Lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Whether a message comes from the tracker that knows the secret. GitHub and Jira sign the bytes of the body (HMAC-SHA-256, in
 * `X-Hub-Signature-256` and `X-Hub-Signature`, the form of WebSub §8); GitLab sends the secret itself.
 */
export function isSigned(shape: WorkShape, secret: string, headers: Headers, body: Uint8Array): boolean {
  if (shape === 'gitlab') return isSame(one(headers['x-gitlab-token']), secret);
  const name = shape === 'github' ? 'x-hub-signature-256' : 'x-hub-signature';
  return isSame(one(headers[name]), `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
}

function one(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Takes as long whatever they differ in but their length. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
