import { createSecretKey, hkdfSync } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import { decrypt, encrypt } from '../platform/secrets/aes-gcm.ts';

/** How long a person may stay in the tool and still be sent back, in milliseconds: a long day. */
const lifeMs = 12 * 60 * 60 * 1000;

const purpose = Buffer.from('gatehouse return address');

/**
 * Addresses of the hub that lead back to the LMS (launch_presentation.return_url, LTI Core §5.4.4). The LMS's own address
 * stands sealed in them: it is stored nowhere, the tool cannot read it, and nobody but the hub can make one, so that the
 * hub redirects to no address that a platform has not signed.
 */
export interface ReturnAddresses {
  /** The hub's address for an LMS's one. */
  seal(returnUrl: string): string;
  /** The LMS's address; undefined when the token is not the hub's or too old. */
  open(token: string): string | undefined;
}

/** @param secret at least 32 bytes that every copy shares */
export function createReturnAddresses(options: {
  secret: Buffer;
  baseUrl: string;
  clock: Clock;
}): ReturnAddresses {
  const { secret, baseUrl, clock } = options;
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)));
  return {
    seal: (returnUrl) => {
      const content = Buffer.from(`${clock.now() + lifeMs} ${returnUrl}`);
      return `${baseUrl}/return/${encrypt(key, content, purpose).toString('base64url')}`;
    },
    open: (token) => {
      try {
        const content = decrypt(key, Buffer.from(token, 'base64url'), purpose).toString('utf8');
        const space = content.indexOf(' ');
        return Number(content.slice(0, space)) > clock.now() ? content.slice(space + 1) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
