import type { ConnectionId, RegistrationId } from '../../../contracts/ids.ts';
import { listDeployments, resolveHubDeployment } from '../../connections/deployments.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { listEnabledTools } from '../../tools/enablement.ts';
import { claim } from '../claims.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import type { ProvenLaunch } from './launch.ts';
import { decideLoginReason } from './login-reason.ts';
import { consumeLogin, findLogin, type StoredLogin } from './login-store.ts';
import { quarantine } from './quarantine.ts';
import { refuse } from './refuse.ts';

/**
 * The one statement did not take a launch in: reads what stands in its way. An unknown deployment waits to be
 * claimed; what was merely read from memory too early is tried again; all else is refused by name, and its
 * login is used up.
 */
export async function explain(
  services: LtiServices,
  launch: ProvenLaunch,
  tenant: Tenant,
  toolReason: ReasonCode | undefined,
): Promise<Reply | 'changed'> {
  const { db, clock } = services;
  const { request, state, registration, claims } = launch;
  const tx = request.arrival === undefined ? db.hub() : db.tenant(tenant.tenantId);
  const login = await findLogin(tx, state.hash);
  const loginReason = decideLoginReason(login, launch, clock.now());
  if (loginReason === undefined) {
    const known = await findDeployment(services, launch, tenant);
    if (known === undefined) return quarantine(services, launch, tenant);
    if (known.status === 'active' && (await wasStale(services, launch, tenant, toolReason))) return 'changed';
    if (known.status !== 'active') toolReason = 'deployment_unknown';
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
    deploymentId,
    messageType,
  });
}

function targetReason(
  login: StoredLogin | undefined,
  { payload, registration }: ProvenLaunch,
): ReasonCode | undefined {
  const differs = login !== undefined && login.targetLinkUri !== payload[claim.targetLinkUri];
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

/** Whether the tools or the registration in memory are older than the stored ones. */
async function wasStale(
  { db, directory }: LtiServices,
  { registration }: ProvenLaunch,
  tenant: Tenant,
  toolReason: ReasonCode | undefined,
): Promise<boolean> {
  const remembered = await directory.setup(tenant.tenantId);
  const tools = await listEnabledTools(db.tenant(tenant.tenantId));
  const version = (list: typeof tools) =>
    list.map(({ tool, enablement }) => `${tool.toolId} ${tool.version} ${enablement.version}`).join();
  if (version(tools) !== version(remembered.tools)) return true;
  if (toolReason !== undefined) return false;
  directory.forgetAll();
  const now = (await directory.setup(tenant.tenantId)).registrations;
  const hub = await directory.hubRegistrations();
  const current = [...now, ...hub].find((each) => each.connectionId === registration.connectionId);
  return current?.version !== registration.version || current.status !== registration.status;
}
