import { HUB_TENANT, type LaunchId, newId } from '../../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { hashSecret, newHandle } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import { claim, record, text } from '../claims.ts';
import { decideLoginReason } from '../inbound/login-reason.ts';
import { consumeLogin } from '../inbound/login-store.ts';
import type { ProvenLaunch } from '../inbound/proven-launch.ts';
import { contentOf, sealedPlace } from '../inbound/quarantine.ts';
import { insertWaiting, insertWaitingTrace } from '../inbound/quarantine-store.ts';
import { refuse } from '../inbound/refuse.ts';
import { waitMs } from '../inbound/waiting.ts';
import { pickerPage } from '../pages/picker-page.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';

/**
 * A request for content, or a data privacy launch, that names no tool, where several are switched on: it is kept sealed, as
 * a launch whose deployment waits to be claimed is, and goes on with the tool that is chosen.
 */
export async function offerTools(
  services: LtiServices,
  launch: ProvenLaunch,
  tenant: Tenant,
  tools: readonly EnabledTool[],
): Promise<Reply> {
  const { db, clock, secrets } = services;
  const { request, registration, claims, state } = launch;
  const { connectionId } = registration;
  const { deploymentId, messageType } = claims;
  const { reference } = request;
  const now = clock.now();
  const launchId = newId<LaunchId>(now);

  const keep = async (tx: TenantTx | HubTx): Promise<{ handle: string } | { reason: ReasonCode }> => {
    const reason = decideLoginReason(await consumeLogin(tx, state.hash), launch, now);
    if (reason !== undefined) return { reason };
    const handle = newHandle(tx.tenantId, launchId);
    const content = contentOf(services, launch, tenant);
    await insertWaiting(tx, {
      launchId,
      connectionId,
      deploymentId,
      resumeHash: hashSecret(handle),
      sealedSnapshot: await secrets.seal(tx, sealedPlace(launchId), JSON.stringify(content)),
      expiresAt: new Date(now + waitMs),
    });
    if (tx.scope === 'tenant') {
      const row = { launchId, reference, connectionId, deploymentId, messageType };
      const trace = { facts: { family: registration.family }, warnings: content.warnings };
      await insertWaitingTrace(tx, row, trace, new Date(now), 'tool_not_chosen');
    }
    return { handle };
  };

  // A login of a hub-wide registration is the hub's.
  const owner = request.arrival === undefined ? HUB_TENANT : tenant.tenantId;
  const kept = owner === HUB_TENANT ? await db.withHub(keep) : await db.withTenant(owner, keep);
  if ('reason' in kept)
    return refuse(services, { tenant, registration, reason: kept.reason, reference, proven: true });
  const { frameAncestors } = registration.settings;
  const locale = text(record(launch.payload[claim.launchPresentation]).locale);
  const about = claims.deepLinking === undefined ? 'privacy' : 'content';
  return showPicker(services, { handle: kept.handle, about, tools, frameAncestors, tenant, locale });
}

/** The page on which one of the tools is chosen. Its handle is the launch's only key. */
export function showPicker(
  { baseUrl }: Pick<LtiServices, 'baseUrl'>,
  choice: {
    handle: string;
    about: 'content' | 'privacy';
    tools: readonly EnabledTool[];
    frameAncestors: readonly string[];
    tenant: Tenant;
    locale: string | undefined;
  },
): Reply {
  const { handle, about, frameAncestors, tenant } = choice;
  const tools = choice.tools.map(({ tool: { slug, name } }) => ({ slug, name }));
  return {
    kind: 'page',
    frameAncestors,
    locale: choice.locale,
    tenantLocale: tenant.locale,
    render: (page) =>
      pickerPage(page, { about, choose: { action: `${baseUrl}/lti/resume`, fields: { handle } }, tools }),
  };
}
