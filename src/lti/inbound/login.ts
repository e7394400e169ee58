import type { ConnectionId } from '../../../contracts/ids.ts';
import { listDeployments } from '../../connections/deployments.ts';
import type { HubRegistration, LtiRegistration } from '../../connections/registration.ts';
import { cookieId, hashSecret, newHandle, newSecret } from '../../platform/handle.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { longestRedirect, withQuery } from '../address.ts';
import { hubAddresses } from '../addresses.ts';
import { type BrowserRequest, bindingCookies, lifetimeSeconds } from '../binding.ts';
import type { Payload } from '../claims.ts';
import type { PageEnvironment } from '../pages/environment.ts';
import { formPostPage } from '../pages/form-post-page.ts';
import { storagePutPage } from '../pages/storage-pages.ts';
import { quirksOf } from '../quirks.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { type Choice, chooseRegistration } from './choose-registration.ts';
import { checkCookies } from './cookie-check.ts';
import { type LoginRequest, parseLoginRequest } from './login-request.ts';
import { insertLogin } from './login-store.ts';
import { refuse } from './refuse.ts';

/** Who a login came in for: a tenant by its address, or undefined at the hub-wide address. */
export type Arrival = Tenant | undefined;

type Registration = LtiRegistration | HubRegistration;

/**
 * Starts a launch (Security Framework 1.0 §5.1.1.1): finds the registration, stores a login, and sends the
 * browser to the platform's authorization endpoint.
 *
 * @param reference what the person can read out if it fails
 */
export async function startLogin(
  services: LtiServices,
  tenant: Arrival,
  input: Payload,
  browser: BrowserRequest,
  reference: string,
): Promise<Reply> {
  const parsed = parseLoginRequest(input);
  if (!parsed.ok) {
    const facts = { parameters: parsed.parameters };
    return refuse(services, { tenant, reason: parsed.reason, reference, facts });
  }
  let choice = await choose(services, tenant, parsed.request);
  if (!choice.ok && services.directory.lookAgain(tenant?.tenantId)) {
    choice = await choose(services, tenant, parsed.request);
  }
  if (!choice.ok) return refuse(services, { tenant, reason: choice.reason, reference });
  if (choice.registration.settings.requireBrowserProof) {
    const check = checkCookies(services, tenant, parsed.request, input, browser);
    if (check !== undefined) return check;
  }
  const reply = await store(services, tenant, choice.registration, parsed.request);
  if (reply !== undefined) return reply;
  // The registration in memory is older than the stored one.
  services.directory.forgetSetup(tenant?.tenantId);
  choice = await choose(services, tenant, parsed.request);
  const second = choice.ok ? await store(services, tenant, choice.registration, parsed.request) : undefined;
  return second ?? refuse(services, { tenant, reason: 'registration_changed', reference });
}

async function choose(
  services: LtiServices,
  tenant: Arrival,
  request: LoginRequest,
): Promise<Choice<Registration>> {
  const { directory } = services;
  const registrations: Registration[] =
    tenant === undefined
      ? await directory.hubRegistrations()
      : (await directory.setup(tenant.tenantId)).registrations;
  const choice = chooseRegistration(registrations, request.iss, request.client_id);
  if (choice.ok || tenant === undefined || request.lti_deployment_id === undefined) return choice;
  return chooseByDeployment(services, tenant, choice, request.lti_deployment_id);
}

/** Without a client_id the deployment can still tell two registrations of one issuer apart. */
async function chooseByDeployment(
  { db }: LtiServices,
  tenant: Tenant,
  choice: Choice<Registration> & { ok: false },
  deploymentId: string,
): Promise<Choice<Registration>> {
  if (choice.candidates.length === 0) return choice;
  const owners = await db.withTenant(tenant.tenantId, async (tx) => {
    const found: string[] = [];
    for (const { connectionId } of choice.candidates) {
      const deployments = await listDeployments(tx, connectionId as ConnectionId);
      if (deployments.some((each) => each.deploymentId === deploymentId)) found.push(connectionId);
    }
    return found;
  });
  const fitting = choice.candidates.filter((each) => owners.includes(each.connectionId));
  return fitting[0] !== undefined && fitting.length === 1 ? { ok: true, registration: fitting[0] } : choice;
}

/** @returns undefined when the registration changed since it was read */
async function store(
  { db, clock, baseUrl }: LtiServices,
  tenant: Arrival,
  registration: Registration,
  request: LoginRequest,
): Promise<Reply | undefined> {
  const state = newHandle(registration.connectionId);
  const stateHash = hashSecret(state);
  const nonce = newSecret();
  const browserSecret = newSecret();
  const login = {
    stateHash,
    connectionId: registration.connectionId,
    registrationVersion: registration.version,
    nonceHash: hashSecret(nonce),
    browserHash: hashSecret(browserSecret),
    request,
    expiresAt: new Date(clock.now() + lifetimeSeconds * 1000),
  };
  const stored =
    tenant === undefined
      ? await insertLogin(db.hub(), login)
      : // Its table is not logged, so that there is no disk to wait for; with others that do wait, it would.
        await insertLogin(db.tenant(tenant.tenantId, { deferred: true, grouped: 'singly' }), login);
  if (!stored) return undefined;

  const id = cookieId(stateHash);
  const cookies = bindingCookies(id, browserSecret);
  const { launchUrl } = hubAddresses({
    baseUrl,
    tenantSlug: tenant?.slug,
    domain: registration.settings.domain,
  });
  const fields = authenticationRequest(registration, request, launchUrl, state, nonce);
  const { authorizeUrl, authorizeMethod, family } = registration;
  const authorize = {
    action: authorizeUrl,
    method: authorizeMethod === 'GET' ? 'get' : 'post',
    fields,
  } as const;
  const { frameAncestors } = registration.settings;
  const frame = request.lti_storage_target;
  if (frame !== undefined) {
    const storage = { frame, authorizeUrl, key: id };
    const { prelaunch } = quirksOf(family);
    return {
      kind: 'page',
      frameAncestors,
      cookies,
      tenantLocale: tenant?.locale,
      render: (page) => storagePutPage(page, { storage, proof: browserSecret, authorize, prelaunch }),
    };
  }
  const url = withQuery(authorizeUrl, fields);
  if (authorizeMethod === 'POST' || url.length > longestRedirect) {
    const render = (page: PageEnvironment) => formPostPage(page, authorize);
    return { kind: 'page', frameAncestors, cookies, tenantLocale: tenant?.locale, render };
  }
  return { kind: 'redirect', url, cookies };
}

/** Security Framework 1.0 §5.1.1.2; hints go back unaltered. */
function authenticationRequest(
  registration: Registration,
  request: LoginRequest,
  redirectUri: string,
  state: string,
  nonce: string,
): Record<string, string> {
  return {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: registration.clientId,
    redirect_uri: redirectUri,
    login_hint: request.login_hint,
    ...(request.lti_message_hint === undefined ? {} : { lti_message_hint: request.lti_message_hint }),
    state,
    nonce,
  };
}
