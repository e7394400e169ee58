import type { LaunchId, TenantId } from '../../../contracts/ids.ts';
import { cookieId, hashSecret, newHandle, newSecret } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { EnabledTool, Tool } from '../../tools/tool.ts';
import { longestRedirect, withQuery } from '../address.ts';
import { formPostPage } from '../pages/form-post-page.ts';
import { framedPage } from '../pages/framed-page.ts';
import { newWindowPage } from '../pages/new-window-page.ts';
import type { CookieChange, Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import type { Presentation } from './presentation.ts';

/** The two hints of one launch, and the browser they are bound to. */
export interface Hint {
  /** Opaque, single use (Security Framework 1.0 §5.1.1.1). */
  messageHint: string;
  loginHint: string;
  cookieId: string;
  browserSecret: string;
  stored: { hash: Buffer; loginHintHash: Buffer; browserHash: Buffer };
}

/** Hints for a launch whose browser holds `browserSecret` in the cookie named after `stateHash`. */
export function hintFor(
  tenantId: TenantId,
  launchId: LaunchId,
  stateHash: Buffer,
  browserSecret: string,
): Hint {
  const handle = newHandle(tenantId, launchId);
  const loginHint = newSecret();
  const id = cookieId(stateHash);
  return {
    messageHint: `${handle}.${id}`,
    loginHint,
    cookieId: id,
    browserSecret,
    stored: {
      hash: hashSecret(handle),
      loginHintHash: hashSecret(loginHint),
      browserHash: hashSecret(browserSecret),
    },
  };
}

export interface ToolOpening {
  tenant: Tenant;
  enabled: EnabledTool;
  target: string;
  presentation: Presentation;
  hint: Hint;
  frameAncestors: readonly string[];
  cookies: CookieChange[];
  /** Language the LMS shows the person, if it said so. */
  locale: string | undefined;
}

/** Sends the person on to the tool: the second leg's login initiation, shown in the way that was decided. */
export function openTool(services: LtiServices, opening: ToolOpening): Reply {
  const { enabled, hint, presentation, frameAncestors, cookies, tenant } = opening;
  const { tool } = enabled;
  const fields = loginInitiation(services.baseUrl, opening);
  const page = {
    kind: 'page',
    frameAncestors,
    cookies,
    tenantLocale: tenant.locale,
    locale: opening.locale,
  } as const;
  if (presentation === 'framed') {
    const open = {
      action: tool.loginInitiationUrl,
      method: 'get' as const,
      fields: { ...fields, lti_storage_target: '_parent' },
    };
    const proof = { launch: hint.cookieId, value: hint.browserSecret };
    return {
      ...page,
      frames: ['https:', ...new Set(toolOrigins(tool))],
      render: (environment) =>
        framedPage(environment, { toolName: tool.name, open, toolOrigins: toolOrigins(tool), proof }),
    };
  }
  if (presentation === 'new_window') {
    // The tool has seen the hint, so the page proves its browser beside it.
    const open = {
      action: `${services.baseUrl}/platform/open`,
      fields: { hint: hint.messageHint, proof: hint.browserSecret },
    };
    return { ...page, render: (environment) => newWindowPage(environment, { open, toolName: tool.name }) };
  }
  return goToTool(tool, fields, page);
}

/** Sends this very window or frame to the tool's login: by its address, or by a page where that is too long for a header. */
export function goToTool(
  { loginInitiationUrl }: Pick<Tool, 'loginInitiationUrl'>,
  fields: Record<string, string>,
  page: Omit<Extract<Reply, { kind: 'page' }>, 'render'>,
): Reply {
  const url = withQuery(loginInitiationUrl, fields);
  if (url.length <= longestRedirect) return { kind: 'redirect', url, cookies: page.cookies ?? [] };
  const open = { action: loginInitiationUrl, method: 'get' as const, fields };
  return { ...page, render: (environment) => formPostPage(environment, open) };
}

/** Third-party login initiation towards the tool (Security Framework 1.0 §5.1.1.1; LTI Core §4.1). */
export function loginInitiation(
  baseUrl: string,
  { enabled, hint, target }: Pick<ToolOpening, 'enabled' | 'hint' | 'target'>,
): Record<string, string> {
  return {
    iss: baseUrl,
    login_hint: hint.loginHint,
    target_link_uri: target,
    lti_message_hint: hint.messageHint,
    client_id: enabled.tool.clientId,
    lti_deployment_id: enabled.enablement.deploymentId,
  };
}

/** Origins from which the tool's pages speak to the hub's framing page. */
function toolOrigins(tool: Tool): string[] {
  const addresses = [tool.loginInitiationUrl, tool.targetLinkUri, ...tool.redirectUris];
  return [...new Set(addresses.map((address) => new URL(address).origin))];
}
