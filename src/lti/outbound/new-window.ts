import type { LaunchId, TenantId } from '../../../contracts/ids.ts';
import { withQuery } from '../address.ts';
import { hashSecret, newSecret, parseHandle } from '../handle.ts';
import { bindingCookies, lifetimeSeconds } from '../inbound/browser.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { exchangeHint } from './hint-store.ts';
import { hintFor, loginInitiation } from './open-tool.ts';

/**
 * A window of its own has other cookies than the frame it was opened from. The page that was proven in the frame
 * posts its hint here; the hint is exchanged, once, for one that is bound to this window.
 */
export async function openInNewWindow(
  services: LtiServices,
  hint: unknown,
  reference: string,
): Promise<Reply> {
  const { db, clock, baseUrl, directory } = services;
  const gone: Reply = {
    kind: 'refused',
    reason: 'hint_unknown',
    reference,
    family: 'generic',
    frameAncestors: services.frameAncestors,
  };
  const parsed = parseHandle(typeof hint === 'string' ? hint.split('.')[0] : undefined, 2);
  if (parsed === undefined) return gone;
  const [tenantId, launchId] = parsed.ids as [TenantId, LaunchId];
  const now = clock.now();
  const secret = newSecret();
  const next = hintFor(tenantId, launchId, hashSecret(newSecret()), secret);
  const exchanged = await exchangeHint(
    db.tenant(tenantId),
    { launchId, hintHash: parsed.hash },
    {
      hintHash: next.stored.hash,
      loginHintHash: next.stored.loginHintHash,
      browserHash: next.stored.browserHash,
      expiresAt: new Date(now + lifetimeSeconds * 1000),
    },
    new Date(now),
  );
  if (exchanged === undefined) return gone;
  const { tools } = await directory.setup(tenantId);
  const enabled = tools.find(({ tool }) => tool.toolId === exchanged.toolId);
  if (enabled === undefined) return { ...gone, reason: 'tool_not_enabled' };
  const fields = loginInitiation(baseUrl, { enabled, hint: next, target: exchanged.target });
  return {
    kind: 'redirect',
    url: withQuery(enabled.tool.loginInitiationUrl, fields),
    cookies: bindingCookies(next.cookieId, secret),
  };
}
