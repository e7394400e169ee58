import type { Tenant } from '../../tenants/tenants.ts';
import { longestRedirect, withQuery } from '../address.ts';
import { type BrowserRequest, cookieCheckCookies, isFramed, keepsCookies } from '../binding.ts';
import type { Payload } from '../claims.ts';
import { formPostPage } from '../pages/form-post-page.ts';
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
 * on. Where the registration waives the proof of the browser, nobody need be asked.
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
  if (!isFramed(browser) || request.lti_storage_target !== undefined || keepsCookies(browser))
    return undefined;
  const fields = { ...request } as Record<string, string>;
  const action = loginUrl(baseUrl, tenant);
  const shown = { kind: 'page', frameAncestors, tenantLocale: tenant?.locale } as const;
  if (input[marker] === undefined) {
    const marked = { ...fields, [marker]: '1' };
    const url = withQuery(action, marked);
    const cookies = cookieCheckCookies();
    if (url.length <= longestRedirect) return { kind: 'redirect', url, cookies };
    return { ...shown, cookies, render: (page) => formPostPage(page, { action, fields: marked }) };
  }
  return {
    ...shown,
    render: (page) => newWindowPage(page, { open: { action, fields } }),
  };
}
