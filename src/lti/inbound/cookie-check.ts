import type { Tenant } from '../../tenants/tenants.ts';
import { withQuery } from '../address.ts';
import { type BrowserRequest, cookieCheckCookies, keepsCookies } from '../binding.ts';
import type { Payload } from '../claims.ts';
import { newWindowPage } from '../pages/new-window-page.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { loginUrl } from './addresses.ts';
import type { LoginRequest } from './login-request.ts';

/** Marks a login that comes back to itself to see whether a cookie stayed. */
const marker = 'gatehouse_check';

/**
 * Finds out, before the platform is asked, whether this browser keeps any cookie of the hub in the platform's frame. Some
 * platforms let their hints be used once only (Canvas), so that a new window must be opened while they are unspent. A
 * browser is asked once a day; one that has a cookie, that is not framed, or whose platform offers storage goes straight
 * on.
 *
 * @returns undefined when the login can go on
 */
export function checkCookies(
  { baseUrl, frameAncestors }: LtiServices,
  tenant: Tenant | undefined,
  request: LoginRequest,
  input: Payload,
  browser: BrowserRequest,
): Reply | undefined {
  const framed = browser.fetchDest === 'iframe';
  if (!framed || request.lti_storage_target !== undefined || keepsCookies(browser)) return undefined;
  const fields = { ...request } as Record<string, string>;
  const action = loginUrl(baseUrl, tenant);
  if (input[marker] === undefined) {
    return {
      kind: 'redirect',
      url: withQuery(action, { ...fields, [marker]: '1' }),
      cookies: cookieCheckCookies(),
    };
  }
  return {
    kind: 'page',
    frameAncestors,
    tenantLocale: tenant?.locale,
    render: (page) => newWindowPage(page, { open: { action, fields } }),
  };
}
