import type { ConnectionId, RegistrationId } from '../../../contracts/ids.ts';
import { listDeployments, resolveHubDeployment } from '../../connections/deployments.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import type { EnabledTool } from '../../tools/tool.ts';
import { offerTools } from '../deep-linking/picker.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { isDataPrivacyLaunch } from '../snapshot.ts';
import { decideLoginReason } from './login-reason.ts';
import { consumeLogin, findLogin, type StoredLogin } from './login-store.ts';
import type { ProvenLaunch } from './proven-launch.ts';
import { quarantine } from './quarantine.ts';
import { refuse } from './refuse.ts';
import { claimedTarget } from './target.ts';

/** What a launch was decided from. Another launch may have had the memory read anew in the meantime. */
export interface DecidedFrom {
  tools: readonly EnabledTool[];
  /** Why none of the tools was chosen; undefined when one was. */
  reason: ReasonCode | undefined;
}

/**
 * The one statement did not take a launch in: reads what stands in its way. An unknown deployment waits to be
 * claimed; what was merely read from memory too early is tried again; all else is refused by name, and its
 * login is used up.
 */
export async function explain(
  services: LtiServices,
  launch: ProvenLaunch,
  tenant: Tenant,
  from: DecidedFrom,
): Promise<Reply | 'changed'> {
  const { db, clock } = services;
  let toolReason = from.reason;
  const { request, state, registration, claims } = launch;
  const tx = request.arrival === undefined ? db.hub() : db.tenant(tenant.tenantId);
  const login = await findLogin(tx, state.hash);
  const loginReason = decideLoginReason(login, launch, clock.now());
  if (loginReason === undefined) {
    const known = await findDeployment(services, launch, tenant);
    if (known === undefined) return quarantine(services, launch, tenant);
    if (known.status === 'active' && (await wasStale(services, launch, tenant, from))) return 'changed';
    if (known.status !== 'active') toolReason = 'deployment_unknown';
    // Messages that open no link need not say which tool is meant: the person does.
    const opensNone = claims.deepLinking !== undefined || isDataPrivacyLaunch(claims.messageType);
    if (toolReason === 'tool_ambiguous' && opensNone) return offerTools(services, launch, tenant, from.tools);
  }
  await consumeLogin(tx, state.hash);
  // A login that fits and yet was not taken was raced for by a request with the same proof.
  const reason = loginReason ?? toolReason ?? targetReason(login, launch) ?? 'state_unknown';
  const { deploymentId, messageType } = claims;
  return refuse(services, {
    tenant,
    registration,
    reason,
    reference: request.reference,
    proven: true,
    deploymentId,
    messageType,
  });
}

function targetReason(
  login: StoredLogin | undefined,
  { payload, registration }: ProvenLaunch,
): ReasonCode | undefined {
  const target = claimedTarget(payload);
  const differs = login !== undefined && target !== undefined && login.targetLinkUri !== target;
  return differs && registration.settings.targetMismatch === 'refuse' ? 'target_mismatch' : undefined;
}

async function findDeployment(
  services: LtiServices,
  { request, registration, claims }: ProvenLaunch,
  tenant: Tenant,
) {
  const { db } = services;
  if (request.arrival === undefined)
    return resolveHubDeployment(
      db.directory,
      registration.connectionId as RegistrationId,
      claims.deploymentId,
    );
  const connectionId = registration.connectionId as ConnectionId;
  const deployments = await listDeployments(db.tenant(tenant.tenantId), connectionId);
  return deployments.find((each) => each.deploymentId === claims.deploymentId);
}

/** Whether the tools or the registration a launch was decided from are older than the stored ones. */
async function wasStale(
  { db, directory }: LtiServices,
  { registration }: ProvenLaunch,
  tenant: Tenant,
  from: DecidedFrom,
): Promise<boolean> {
  const tools = await listEnabledTools(db.tenant(tenant.tenantId));
  const version = (list: readonly EnabledTool[]) =>
    list.map(({ tool, enablement }) => `${tool.toolId} ${tool.version} ${enablement.version}`).join();
  if (version(tools) !== version(from.tools)) return true;
  if (from.reason !== undefined) return false;
  directory.forgetSetup(tenant.tenantId);
  directory.forgetSetup(undefined);
  const now = (await directory.setup(tenant.tenantId)).registrations;
  const hub = await directory.hubRegistrations();
  const current = [...now, ...hub].find((each) => each.connectionId === registration.connectionId);
  return current?.version !== registration.version || current.status !== registration.status;
}
