import type { PersonId } from '../../../contracts/ids.ts';
import type { TenantTrips, TenantTx } from '../../platform/db.ts';
import { json, type Sql, sql } from '../../platform/sql/sql.ts';
import type { AcceptedLaunch, Trace } from './accepted-launch.ts';
import { known, meetContext, meetPerson, meetResourceLink } from './meeting-store.ts';

/** The login that the launch must answer, and the registration as it was read. */
export interface LoginProof {
  hubWide: boolean;
  registrationId: string;
  registrationVersion: number;
  stateHash: Buffer;
  nonceHash: Buffer;
  /** Undefined where the registration waives the proof of the browser. */
  browserHash: Buffer | undefined;
  /** The proof came out of the LMS's storage: then the login must have put it there. */
  fromStorage: boolean;
  /** The signed target, where there is one; whether the login named the same one is the platform's duty (LTI Core §5.3.4). */
  targetLinkUri: string | undefined;
  refuseOtherTarget: boolean;
}

/**
 * Uses up the login in one `DELETE`: every condition holds at that moment, or nothing at all is done. What has to be as it
 * was read is asked for by its whole key in an `EXISTS` of its own, and the parties come from a step of their own: as one
 * join of nine tables the statement took PostgreSQL 100 ms to plan, on every connection, whenever one was analysed.
 */
function useLogin(proof: LoginProof, launch: AcceptedLaunch, tenantId: string, parties?: Sql): Sql {
  const login = proof.hubWide ? sql`hub_login` : sql`lti_login`;
  const target = sql`coalesce(${proof.targetLinkUri ?? null}::text, l.target_link_uri)`;
  return sql`
    delete from ${login} l ${parties ? sql`using ${parties}` : sql``}
    where ${proof.hubWide ? sql`` : sql`l.tenant_id = ${tenantId} and`}
      l.state_hash = ${proof.stateHash} and l.connection_id = ${proof.registrationId}
      and l.nonce_hash = ${proof.nonceHash}
      and (${proof.browserHash === undefined}::boolean or l.browser_hash = ${proof.browserHash ?? null}::bytea)
      and (not ${proof.fromStorage}::boolean or l.storage_target is not null)
      and l.expires_at > ${launch.now}
      and (not ${proof.refuseOtherTarget}::boolean or l.target_link_uri = ${target})
      and exists (${registrationReady(proof, tenantId)})
      ${ready(launch, tenantId, proof.hubWide ? proof.registrationId : null)}
    returning l.target_link_uri = ${target} as same_target
      ${parties ? sql`, ${parties}.*` : sql``}`;
}

function registrationReady(
  { hubWide, registrationId, registrationVersion }: LoginProof,
  tenantId: string,
): Sql {
  const state = sql`r.version = ${registrationVersion} and r.status = 'active'`;
  return hubWide
    ? sql`select from hub_registration r where r.registration_id = ${registrationId} and ${state}`
    : sql`select from lti_registration r
        where r.tenant_id = ${tenantId} and r.connection_id = ${registrationId} and ${state}`;
}

/** The deployment is known, the tool is enabled, and both are as they were read. */
function ready(launch: AcceptedLaunch, tenantId: string, hubRegistrationId?: string | null): Sql {
  const owner =
    hubRegistrationId === undefined
      ? sql``
      : sql`and d.hub_registration_id is not distinct from ${hubRegistrationId}::uuid`;
  return sql`
      and exists (select from lti_deployment d
        where d.tenant_id = ${tenantId} and d.connection_id = ${launch.connectionId}
          and d.deployment_id = ${launch.deploymentId} and d.status = 'active' ${owner})
      ${toolReady(launch, tenantId)}`;
}

function toolReady(launch: AcceptedLaunch, tenantId: string): Sql {
  return sql`
      and exists (select from tool_enablement e
        where e.tenant_id = ${tenantId} and e.tool_id = ${launch.toolId} and e.version = ${launch.enablementVersion}
          and e.status = 'active')
      and exists (select from tool t
        where t.tool_id = ${launch.toolId} and t.version = ${launch.toolVersion} and t.status = 'active')`;
}

function otherTarget({ facts, warnings }: Trace): Trace {
  return { facts, warnings: [...warnings, 'target_mismatch'] };
}

/** The hint for the second leg, from the parties found by the step before. */
function storeHint(launch: AcceptedLaunch, tenantId: string, parties: Sql): Sql {
  return sql`
    insert into lti_hint (tenant_id, launch_id, hint_hash, login_hint_hash, browser_hash, tool_id, person_id,
      context_id, resource_link_id, line_item_id, snapshot, expires_at)
    select ${tenantId}, ${launch.launchId}, ${launch.hint.hash}, ${launch.hint.loginHintHash},
      ${launch.hint.browserHash}, ${launch.toolId}, person_id, context_id, resource_link_id, line_item_id,
      ${json(launch.snapshot)}::json, ${launch.hint.expiresAt}
    from ${parties}`;
}

function storeLaunch(launch: AcceptedLaunch, tenantId: string, parties: Sql): Sql {
  return sql`
    insert into launch (tenant_id, launch_id, reference, state, connection_id, deployment_id, tool_id, person_id,
      context_id, resource_link_id, message_type, binding, presentation, policy_version, trace,
      started_at)
    select ${tenantId}, ${launch.launchId}, ${launch.reference}, 'started', ${launch.connectionId},
      ${launch.deploymentId}, ${launch.toolId}, person_id, context_id, resource_link_id, ${launch.messageType},
      ${launch.binding}, ${launch.presentation}, ${launch.policyVersion},
      case when same_target then ${json(launch.trace)}::jsonb else ${json(otherTarget(launch.trace))}::jsonb end,
      ${launch.now}
    from ${parties}`;
}

/** Meets person, context and resource link for the first time, or with a new name, and stores the hint. */
function meetAll(login: Sql, launch: AcceptedLaunch, tenantId: string): Sql {
  return sql`
    with login as (${login}),
    ${meetPerson(launch, tenantId)},
    ${meetContext(launch, tenantId)},
    ${meetResourceLink(launch, tenantId)},
    met as (
      select (select person_id from met_person) as person_id, (select context_id from met_context) as context_id,
        (select resource_link_id from met_link) as resource_link_id,
        (select line_item_id from met_line_item) as line_item_id, same_target
      from login),
    hinted as (${storeHint(launch, tenantId, sql`met`)})`;
}

/**
 * Takes a launch in, in one statement: the login is used up, the launch and the hint for the second leg are stored.
 * Either all of it happens or nothing. Mostly everyone and everything is known already, and the statement only reads
 * them; else a second one, alike but for that, meets them as well.
 *
 * @returns whether the launch was accepted; when not, nothing has changed and the caller finds out why
 */
export async function acceptLaunch(
  tx: TenantTrips,
  proof: LoginProof,
  launch: AcceptedLaunch,
): Promise<boolean> {
  const { tenantId } = tx;
  const parties = known(launch, tenantId);
  if (parties !== undefined) {
    const stored = await tx.exec(sql`
      with parties as (${parties}),
      login as (${useLogin(proof, launch, tenantId, sql`parties`)}),
      hinted as (${storeHint(launch, tenantId, sql`login`)})
      ${storeLaunch(launch, tenantId, sql`login`)}`);
    if (stored === 1) return true;
  }
  // A class that comes for the first time waits for its own course, and so by itself.
  const stored = await tx.alone.exec(sql`
    ${meetAll(useLogin(proof, launch, tenantId), launch, tenantId)}
    ${storeLaunch(launch, tenantId, sql`met`)}`);
  return stored === 1;
}

/**
 * The same for a launch that waited for its deployment: its row exists and leaves the state "waiting". The registration
 * it came through must still be in use.
 */
export async function acceptWaitingLaunch(
  tx: TenantTx,
  launch: AcceptedLaunch,
  registration: { hubWide: boolean; registrationId: string },
): Promise<boolean> {
  const { tenantId } = tx;
  const { registrationId } = registration;
  const inUse = registration.hubWide
    ? sql`select from hub_registration r where r.registration_id = ${registrationId}`
    : sql`select from lti_registration r where r.tenant_id = ${tenantId} and r.connection_id = ${registrationId}`;
  const waiting = sql`
    select true as same_target from launch l
    where l.tenant_id = ${tenantId} and l.launch_id = ${launch.launchId} and l.state = 'waiting'
      ${ready(launch, tenantId)} and exists (${inUse} and r.status = 'active')
    for update of l`;
  const accepted = await tx.exec(
    sql`${meetAll(waiting, launch, tenantId)}
    update launch set state = 'started', reason = null, connection_id = ${launch.connectionId}, tool_id = ${launch.toolId},
      person_id = met.person_id, context_id = met.context_id, resource_link_id = met.resource_link_id,
      binding = ${launch.binding}, presentation = ${launch.presentation}, policy_version = ${launch.policyVersion}
    from met where launch.tenant_id = ${tenantId} and launch.launch_id = ${launch.launchId}`,
  );
  return accepted === 1;
}

/**
 * The same for somebody who is signed in at the hub and so known already: there is no login to use up, and no LMS tells
 * anything new of the person.
 */
export async function acceptSignedInLaunch(
  tx: TenantTrips,
  personId: PersonId,
  launch: AcceptedLaunch,
): Promise<boolean> {
  const { tenantId } = tx;
  const login = sql`
    select coalesce(p.merged_into, p.person_id) as person_id, true as same_target
    from person p where p.tenant_id = ${tenantId} and p.person_id = ${personId} ${toolReady(launch, tenantId)}`;
  const stored = await tx.exec(sql`
    with login as (${login}),
    ${meetContext(launch, tenantId)},
    ${meetResourceLink(launch, tenantId)},
    met as (
      select person_id, (select context_id from met_context) as context_id,
        (select resource_link_id from met_link) as resource_link_id, null::uuid as line_item_id, same_target
      from login),
    hinted as (${storeHint(launch, tenantId, sql`met`)})
    ${storeLaunch(launch, tenantId, sql`met`)}`);
  return stored === 1;
}
