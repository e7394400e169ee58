import type { LaunchId, TenantId } from '../../../contracts/ids.ts';
import { hashSecret, newSecret, parseHandle } from '../../platform/handle.ts';
import { bindingCookies } from '../binding.ts';
import { type Payload, text } from '../claims.ts';
import { endLaunch } from '../launch-store.ts';
import { type ReasonCode, reason as reasonEntry } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { exchangeHint } from './hint-store.ts';
import { goToTool, hintFor, loginInitiation } from './open-tool.ts';

/**
 * A window of its own has other cookies than the frame it was opened from. The page that was proven in the frame posts
 * its hint and its secret here; the hint is exchanged, once, for one that is bound to this window.
 */
export async function openInNewWindow(
  services: LtiServices,
  { hint, proof }: Payload,
  reference: string,
): Promise<Reply> {
  const { db, clock, baseUrl, directory } = services;
  const parsed = parseHandle(text(hint, 500)?.split('.')[0], 2);
  if (parsed === undefined) return refuse(services, 'hint_unknown', reference);
  const [tenantId, launchId] = parsed.ids as [TenantId, LaunchId];
  const now = new Date(clock.now());
  const secret = newSecret();
  const next = hintFor(tenantId, launchId, hashSecret(newSecret()), secret);
  const old = { launchId, hintHash: parsed.hash, browserHash: hashSecret(text(proof, 500) ?? '') };
  const exchanged = await exchangeHint(db.tenant(tenantId), old, next.stored, now);
  if (exchanged === undefined) return refuse(services, 'hint_unknown', reference);
  const { tools } = await directory.setup(tenantId);
  const enabled = tools.find(({ tool }) => tool.toolId === exchanged.toolId);
  if (enabled === undefined) {
    const { outcome } = reasonEntry('tool_not_enabled');
    await endLaunch(db.tenant(tenantId), launchId, 'started', { outcome, reason: 'tool_not_enabled', now });
    return refuse(services, 'tool_not_enabled', reference);
  }
  return goToTool(enabled.tool, loginInitiation(baseUrl, { enabled, hint: next, target: exchanged.target }), {
    kind: 'page',
    frameAncestors: services.frameAncestors,
    cookies: bindingCookies(next.cookieId, secret),
  });
}

function refuse(services: LtiServices, reason: ReasonCode, reference: string): Reply {
  services.recordRefusal({ kind: 'launch', outcome: reasonEntry(reason).outcome, reason });
  return { kind: 'refused', reason, reference, family: 'generic', frameAncestors: services.frameAncestors };
}
