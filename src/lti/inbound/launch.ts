import type { RegistrationId } from '../../../contracts/ids.ts';
import type { HubRegistration, LtiRegistration } from '../../connections/registration.ts';
import { isNothing } from '../../platform/absent.ts';
import { cookieId, type Handle, parseHandle } from '../../platform/handle.ts';
import type { AddressRules } from '../../platform/partner-values.ts';
import type { Tenant } from '../../tenants/tenants.ts';
import { presentedProof } from '../binding.ts';
import type { Payload } from '../claims.ts';
import { readDeepLinkingSettings } from '../deep-linking/settings.ts';
import type { KeySource } from '../jwks.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Reply } from '../replies.ts';
import type { LtiServices } from '../services.ts';
import { verifyJwt } from '../verify-jwt.ts';
import { accept } from './accept.ts';
import { type CheckedClaims, checkClaims } from './check-claims.ts';
import { consumeLogin } from './login-store.ts';
import { nextRung } from './next-rung.ts';
import type { LaunchRequest, ProvenLaunch } from './proven-launch.ts';
import { quarantine } from './quarantine.ts';
import { refuse } from './refuse.ts';

/**
 * The platform's answer to a login (Security Framework 1.0 §5.1.1.3–5): the token is proven, the browser is
 * proven, the login is used up, the launch is stored, and the person goes on to the tool.
 */
export async function receiveLaunch(services: LtiServices, request: LaunchRequest): Promise<Reply> {
  const reply = await answer(services, request);
  if (reply !== 'changed') return reply;
  // What was in memory is older than the database: read everything anew, once.
  if (request.arrival === undefined) services.directory.forgetAll();
  else services.directory.forgetSetup(request.arrival.tenantId);
  const second = await answer(services, request);
  if (second !== 'changed') return second;
  return refuse(services, {
    tenant: request.arrival,
    reason: 'registration_changed',
    reference: request.reference,
  });
}

async function answer(services: LtiServices, request: LaunchRequest): Promise<Reply | 'changed'> {
  const { arrival: tenant, body, reference } = request;
  const state = parseHandle(body.state, 1);
  if (state === undefined) return refuse(services, { tenant, reason: 'state_unknown', reference });
  const registration = await findFrozenRegistration(services, tenant, state);
  if (registration === undefined) return refuse(services, { tenant, reason: 'state_unknown', reference });
  if (registration.status !== 'active')
    return end(services, request, { state, registration, reason: 'registration_disabled' });
  // Some forms have the field beside a good token, with nothing in it.
  if (!isNothing(body.error)) {
    const facts = { error: platformError(body.error) };
    return end(services, request, { state, registration, reason: 'platform_error', facts });
  }

  const verified = await verifyJwt(String(body.id_token ?? ''), keySource(registration), services.jwks);
  if (!verified.ok) return end(services, request, { state, registration, reason: verified.reason });
  const checked = checkClaims(verified.payload, {
    issuer: registration.issuer,
    clientId: registration.clientId,
    trustedAudiences: registration.settings.trustedAudiences,
    now: services.clock.now() / 1000,
    iatWindow: registration.settings.iatWindowSeconds,
    skew: registration.settings.clockSkewSeconds,
    allowAnonymous: registration.settings.allowAnonymous,
  });
  if (!checked.ok) return end(services, request, { state, registration, reason: checked.reason });
  const claims = readContentRequest(services, verified.payload, checked, tenant);
  if ('reason' in claims) return end(services, request, { state, registration, reason: claims.reason });

  const proof = presentedProof(request.browser, cookieId(state.hash), body.storage_proof);
  const launch = { request, state, registration, payload: verified.payload, claims, proof };
  if (proof.rung === 'none') {
    const rung = await nextRung(services, launch);
    if (rung !== undefined) return rung;
  }
  const school = tenant ?? (await findSchool(services, launch));
  if (school === undefined) return quarantine(services, launch, undefined);
  // As at the school's own address, where a paused school is not found.
  if (school.status !== 'active')
    return end(services, request, { state, registration, reason: 'tenant_unknown' });
  return accept(services, launch, school);
}

/** Adds to the claims what content is asked for, where that is the message. */
function readContentRequest(
  rules: AddressRules,
  payload: Payload,
  claims: CheckedClaims,
  arrival: Tenant | undefined,
): CheckedClaims | { reason: ReasonCode } {
  if (claims.messageType !== 'LtiDeepLinkingRequest') return claims;
  const read = readDeepLinkingSettings(payload, rules, { hubWide: arrival === undefined });
  return read.ok ? { ...claims, deepLinking: read.settings } : read;
}

/** The registration the login was stored for. Its id travels in the state; the database compares it again. */
async function findFrozenRegistration(
  { directory }: LtiServices,
  tenant: Tenant | undefined,
  state: Handle,
): Promise<LtiRegistration | HubRegistration | undefined> {
  const registrations: (LtiRegistration | HubRegistration)[] =
    tenant === undefined
      ? await directory.hubRegistrations()
      : (await directory.setup(tenant.tenantId)).registrations;
  return registrations.find((each) => each.connectionId === state.ids[0]);
}

/** Whose launch it is, at a hub-wide address: only the verified (registration, deployment) tells. */
async function findSchool({ directory }: LtiServices, launch: ProvenLaunch): Promise<Tenant | undefined> {
  const { registration, claims } = launch;
  const deployment = await directory.hubDeployment(
    registration.connectionId as RegistrationId,
    claims.deploymentId,
  );
  return deployment && directory.tenantById(deployment.tenantId);
}

/** Refuses a launch whose state is ours: its login is used up, so that a bad token has one try. */
async function end(
  services: LtiServices,
  request: LaunchRequest,
  found: {
    state: Handle;
    registration: LtiRegistration | HubRegistration;
    reason: ReasonCode;
    facts?: Record<string, unknown>;
  },
): Promise<Reply> {
  const { arrival: tenant, reference } = request;
  const { state, registration, reason, facts } = found;
  const tx = tenant === undefined ? services.db.hub() : services.db.tenant(tenant.tenantId);
  const proven = (await consumeLogin(tx, state.hash)) !== undefined;
  return refuse(services, { tenant, registration, reason, reference, proven, ...(facts && { facts }) });
}

function keySource(registration: LtiRegistration | HubRegistration): KeySource {
  const { connectionId, jwksUrl, jwks } = registration;
  return { cacheKey: connectionId, jwksUrl, pastedJwks: jwks };
}

/** The platform's error code (OpenID Connect Core §3.1.2.6), never its free text. */
function platformError(value: unknown): string {
  return typeof value === 'string' && /^[a-z_]{1,50}$/.test(value) ? value : 'unreadable';
}
