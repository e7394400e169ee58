import type { OutboundFetch } from '../../platform/outbound/fetch.ts';
import { check, type OidcCheck } from './check.ts';
import { type Claims, textOf } from './claims.ts';
import { Refusal, refusedCall } from './refusal.ts';

const timeoutMs = 5_000;
const maxBytes = 512 * 1024;

/**
 * Asks the UserInfo endpoint (OpenID Connect Core 1.0 §5.3).
 *
 * @param subject `sub` of the ID Token; what names another one is of no use (§5.3.2)
 * @throws Refusal `user_info_unreachable`, `user_info_invalid`, `user_info_subject`, `address_refused`, `tls_failed`
 */
export async function readUserInfo(
  fetch: OutboundFetch,
  url: string,
  { accessToken, subject }: { accessToken: string; subject: string },
): Promise<{ claims: Claims; checks: OidcCheck[] }> {
  const claims = await ask(fetch, url, accessToken);
  const found = textOf(claims, 'sub');
  if (found !== subject) throw new Refusal('user_info_subject', 'sub of the ID Token', found && 'another');
  return { claims, checks: [check('user_info_subject', true, 'sub of the ID Token')] };
}

async function ask(fetch: OutboundFetch, url: string, accessToken: string): Promise<Claims> {
  const expected = 'claims of the person';
  try {
    const response = await fetch({
      url,
      headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
      timeoutMs,
      maxBytes,
    });
    const { status } = response;
    if (status !== 200) {
      const reason = status >= 500 || status === 429 ? 'user_info_unreachable' : 'user_info_invalid';
      throw new Refusal(reason, expected, `status ${status}`);
    }
    const claims = response.json();
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return claims as Claims;
    throw new Refusal('user_info_invalid', expected);
  } catch (error) {
    throw refusedCall(error, expected, {
      unreachable: 'user_info_unreachable',
      invalid: 'user_info_invalid',
    });
  }
}
