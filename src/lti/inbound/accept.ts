import { type ConnectionId, type LaunchId, newId, type RegistrationId } from '../../../contracts/ids.ts';
import { defined } from '../../platform/defined.ts';
import { hashSecret, newSecret } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { bindingCookies } from '../binding.ts';
import { claim, record, text } from '../claims.ts';
import type { TenantSetup } from '../directory.ts';
import { checkLegacyClaim } from '../legacy/check-claim.ts';
import { openTool } from '../outbound/open-tool.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { acceptLaunch, type LoginProof } from './accept-store.ts';
import type { ToolChoice } from './choose-tool.ts';
import { explain } from './explain.ts';
import { findTool } from './find-tool.ts';
import { planOpening, takeContent } from './opening.ts';
import type { ProvenLaunch } from './proven-launch.ts';
import { claimedTarget, parseTarget } from './target.ts';
import { warningsOf } from './warnings.ts';

/**
 * Takes a proven launch in for its tenant with one statement, and opens the tool.
 *
 * @returns `changed` when the statement found something newer than what was read from memory
 */
export async function accept(
  services: LtiServices,
  launch: ProvenLaunch,
  tenant: Tenant,
): Promise<Reply | 'changed'> {
  const { tools, domains } = await services.directory.setup(tenant.tenantId);
  const connectionId = await findConnection(services, launch);
  if (connectionId === undefined) return 'changed';
  const choice = await findToolOf(services, launch, tenant, { tools, domains }, connectionId);
  if (!choice.ok) return explain(services, launch, tenant, { tools, reason: choice.reason });

  const { request, registration, claims, payload, state, proof } = launch;
  const now = services.clock.now();
  const content = takeContent(payload, claims, tenant, services);
  const place = { tenantId: tenant.tenantId, connectionId, clientId: registration.clientId };
  const legacy = await checkLegacyClaim(services, place, payload);
  // Whoever signs with a wrong secret is not who the tool knew by the key.
  if (legacy === 'sign_wrong') delete content.snapshot.legacy;
  // Where the registration waives the proof there is no secret yet; the second leg gets one all the same.
  const browserSecret = proof.secret ?? newSecret();
  const opening = planOpening({
    launchId: newId<LaunchId>(now),
    reference: request.reference,
    tenant,
    connectionId,
    deploymentId: claims.deploymentId,
    content,
    enabled: choice.enabled,
    target: choice.target,
    itemCustom: choice.itemCustom,
    browser: request.browser,
    browserSecret,
    cookieHash: state.hash,
    binding: proof.rung,
    trace: {
      facts: {
        family: registration.family,
        ...(request.arrival === undefined && { hubWide: true }),
        // Where one issuer is that of many schools, only this tells which of them it was.
        ...defined({ platformGuid: text(record(payload[claim.toolPlatform]).guid, 255) }),
        ...(legacy !== 'absent' && legacy !== 'unsigned' && { lti1p1: legacy }),
      },
      warnings: warningsOf(launch, { ...content, legacy }),
    },
    now,
  });
  const tx = services.db.tenant(tenant.tenantId, { deferred: true, grouped: 'singly' });
  if (!(await acceptLaunch(tx, loginProofOf(launch), opening.accepted))) {
    return explain(services, launch, tenant, { tools, reason: undefined });
  }
  services.noticeSources.note({ ...place, deploymentId: claims.deploymentId }, content.snapshot.notices);
  return openTool(services, {
    ...opening.tool,
    frameAncestors: registration.settings.frameAncestors,
    cookies: proof.rung === 'none' ? bindingCookies(opening.tool.hint.cookieId, browserSecret) : [],
  });
}

function findToolOf(
  services: LtiServices,
  { request, payload }: ProvenLaunch,
  { tenantId }: Tenant,
  { tools, domains }: Pick<TenantSetup, 'tools' | 'domains'>,
  connectionId: ConnectionId,
): Promise<ToolChoice> {
  const { baseUrl } = services;
  const place =
    request.arrival === undefined
      ? { baseUrl, tenantSlug: undefined }
      : { baseUrl, tenantSlug: request.arrival.slug, domains };
  const target = parseTarget(claimedTarget(payload), place);
  return findTool(services, tenantId, tools, target, connectionId);
}

/** The tenant's connection: the registration itself, or the one its hub-wide deployment was claimed for. */
async function findConnection(
  { directory }: LtiServices,
  launch: ProvenLaunch,
): Promise<ConnectionId | undefined> {
  const { request, registration, claims } = launch;
  if (request.arrival !== undefined) return registration.connectionId as ConnectionId;
  const registrationId = registration.connectionId as RegistrationId;
  return (await directory.hubDeployment(registrationId, claims.deploymentId))?.connectionId;
}

function loginProofOf({ request, registration, claims, payload, state, proof }: ProvenLaunch): LoginProof {
  return {
    hubWide: request.arrival === undefined,
    registrationId: registration.connectionId,
    registrationVersion: registration.version,
    stateHash: state.hash,
    nonceHash: hashSecret(claims.nonce),
    browserHash: proof.secret === undefined ? undefined : hashSecret(proof.secret),
    fromStorage: proof.rung === 'storage',
    targetLinkUri: claimedTarget(payload),
    refuseOtherTarget: registration.settings.targetMismatch === 'refuse',
  };
}
