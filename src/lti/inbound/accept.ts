import { type ConnectionId, type LaunchId, newId, type RegistrationId } from '../../../contracts/ids.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { claim, record, text } from '../claims.ts';
import { hashSecret, newSecret } from '../handle.ts';
import { hintFor, openTool } from '../outbound/open-tool.ts';
import { decidePresentation } from '../outbound/presentation.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { takeSnapshot } from '../snapshot.ts';
import { type AcceptedLaunch, acceptLaunch, type LoginProof } from './accept-store.ts';
import { bindingCookies, isTopLevel, lifetimeSeconds, probeCookie } from './browser.ts';
import { chooseTool, type ToolChoice } from './choose-tool.ts';
import { explain } from './explain.ts';
import type { ProvenLaunch } from './launch.ts';
import { parseTarget } from './target.ts';
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
  const choice = await findTool(services, launch, tenant);
  if (!choice.ok) return explain(services, launch, tenant, choice.reason);
  const connectionId = await findConnection(services, launch);
  const opening = prepare(services, launch, tenant, choice, connectionId);
  const tx = services.db.tenant(tenant.tenantId, { deferred: true });
  if (!(await acceptLaunch(tx, opening.proof, opening.accepted)))
    return explain(services, launch, tenant, undefined);
  return openTool(services, {
    tenant,
    enabled: choice.enabled,
    target: choice.target,
    presentation: opening.presentation,
    hint: opening.hint,
    frameAncestors: launch.registration.settings.frameAncestors,
    cookies: opening.cookies,
  });
}

async function findTool(services: LtiServices, launch: ProvenLaunch, tenant: Tenant): Promise<ToolChoice> {
  const { tools } = await services.directory.setup(tenant.tenantId);
  const slug = launch.request.arrival?.slug;
  const target = parseTarget(String(launch.payload[claim.targetLinkUri]), services.baseUrl, slug);
  return chooseTool(tools, target);
}

/** The tenant's connection: the registration itself, or the one its hub-wide deployment was claimed for. */
async function findConnection({ directory }: LtiServices, launch: ProvenLaunch): Promise<ConnectionId> {
  const { request, registration, claims } = launch;
  if (request.arrival !== undefined) return registration.connectionId as ConnectionId;
  const deployment = await directory.hubDeployment(
    registration.connectionId as RegistrationId,
    claims.deploymentId,
  );
  if (deployment === undefined) throw new Error('The deployment of a hub-wide launch is gone');
  return deployment.connectionId;
}

function prepare(
  services: LtiServices,
  launch: ProvenLaunch,
  tenant: Tenant,
  { enabled, target }: Extract<ToolChoice, { ok: true }>,
  connectionId: ConnectionId,
) {
  const { request, registration, claims, payload, state } = launch;
  const now = services.clock.now();
  const launchId = newId<LaunchId>(now);
  // Where the registration waives the proof there is no secret yet; the second leg gets one all the same.
  const secret = launch.proof.secret ?? newSecret();
  const hint = hintFor(tenant.tenantId, launchId, state.hash, secret);
  const presentation = decidePresentation(enabled.tool, {
    topLevel: isTopLevel(request.browser),
    ordinaryCookies: request.browser.cookie(probeCookie) !== undefined,
  });
  const lmsContextId = text(record(payload[claim.context]).id, 255);
  const lmsResourceLinkId = String(record(payload[claim.resourceLink]).id);
  const proof: LoginProof = {
    hubWide: request.arrival === undefined,
    registrationId: registration.connectionId,
    registrationVersion: registration.version,
    stateHash: state.hash,
    nonceHash: hashSecret(claims.nonce),
    browserHash: launch.proof.secret === undefined ? undefined : hashSecret(launch.proof.secret),
    targetLinkUri: String(payload[claim.targetLinkUri]),
    refuseOtherTarget: registration.settings.targetMismatch === 'refuse',
  };
  const accepted: AcceptedLaunch = {
    launchId,
    reference: request.reference,
    connectionId,
    deploymentId: claims.deploymentId,
    subject: claims.subject,
    snapshot: takeSnapshot(payload, tenant, target),
    lmsContextId,
    lmsResourceLinkId,
    messageType: claims.messageType,
    toolId: enabled.tool.toolId,
    toolVersion: enabled.tool.version,
    enablementVersion: enabled.enablement.version,
    policyVersion: enabled.enablement.policyVersion,
    binding: launch.proof.rung,
    presentation,
    trace: {
      facts: { family: registration.family, ...(request.arrival === undefined && { hubWide: true }) },
      warnings: warningsOf(launch, { lmsContextId, lmsResourceLinkId }),
    },
    newIds: { person: newId(now), context: newId(now), resourceLink: newId(now) },
    hint: { ...hint.stored, expiresAt: new Date(now + lifetimeSeconds * 1000) },
    now: new Date(now),
  };
  const cookies = launch.proof.rung === 'none' ? bindingCookies(hint.cookieId, secret) : [];
  return { proof, accepted, hint, presentation, cookies };
}
