import { z } from 'zod';
import type { ConnectionId, LaunchId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { json, type Sql, sql } from '../../platform/sql/sql.ts';
import type { LaunchSnapshot } from '../snapshot.ts';

/** What an engineer reads beside the columns of a launch; no personal data. */
export interface Trace {
  facts: Record<string, unknown>;
  warnings: string[];
}

function otherTarget({ facts, warnings }: Trace): Trace {
  return { facts, warnings: [...warnings, 'target_mismatch'] };
}

/** Everything a launch brings that has passed the checks of its token. */
export interface AcceptedLaunch {
  launchId: LaunchId;
  reference: string;
  connectionId: ConnectionId;
  deploymentId: string;
  subject: string | undefined;
  snapshot: LaunchSnapshot;
  lmsContextId: string | undefined;
  lmsResourceLinkId: string;
  messageType: string;
  toolId: string;
  toolVersion: number;
  enablementVersion: number;
  policyVersion: number;
  binding: string;
  presentation: string;
  trace: Trace;
  /** Ids for what the hub may meet for the first time. */
  newIds: { person: string; context: string; resourceLink: string };
  hint: { hash: Buffer; loginHintHash: Buffer; browserHash: Buffer; expiresAt: Date };
  now: Date;
}

/** The login that the launch must answer, and the registration as it was read. */
export interface LoginProof {
  hubWide: boolean;
  registrationId: string;
  registrationVersion: number;
  stateHash: Buffer;
  nonceHash: Buffer;
  /** Undefined where the registration waives the proof of the browser. */
  browserHash: Buffer | undefined;
  /** The signed target; whether the login named the same one is the platform's duty (LTI Core §5.3.4). */
  targetLinkUri: string;
  refuseOtherTarget: boolean;
}

/** Uses up the login in one `DELETE`: every condition holds at that moment, or nothing at all is done. */
function useLogin(proof: LoginProof, launch: AcceptedLaunch, tenantId: string): Sql {
  const [login, registration, id] = proof.hubWide
    ? [sql`hub_login`, sql`hub_registration`, sql`r.registration_id`]
    : [sql`lti_login`, sql`lti_registration`, sql`r.connection_id`];
  const owner = proof.hubWide
    ? sql`d.hub_registration_id = ${proof.registrationId}`
    : sql`l.tenant_id = ${tenantId} and r.tenant_id = ${tenantId} and d.hub_registration_id is null`;
  return sql`
    delete from ${login} l
    using ${registration} r, lti_deployment d, tool_enablement e, tool t
    where ${owner}
      and l.state_hash = ${proof.stateHash} and l.connection_id = ${proof.registrationId}
      and l.nonce_hash = ${proof.nonceHash}
      and (${proof.browserHash === undefined}::boolean or l.browser_hash = ${proof.browserHash ?? null}::bytea)
      and l.expires_at > ${launch.now}
      and (not ${proof.refuseOtherTarget}::boolean or l.target_link_uri = ${proof.targetLinkUri})
      and ${id} = ${proof.registrationId} and r.version = ${proof.registrationVersion} and r.status = 'active'
      ${ready(launch, tenantId)}
    returning l.target_link_uri = ${proof.targetLinkUri} as same_target`;
}

/** The deployment is known, the tool is enabled, and both are as they were read. */
function ready(launch: AcceptedLaunch, tenantId: string): Sql {
  return sql`
      and d.tenant_id = ${tenantId} and d.connection_id = ${launch.connectionId}
      and d.deployment_id = ${launch.deploymentId} and d.status = 'active'
      and e.tenant_id = ${tenantId} and e.tool_id = ${launch.toolId} and e.version = ${launch.enablementVersion}
      and e.status = 'active'
      and t.tool_id = ${launch.toolId} and t.version = ${launch.toolVersion} and t.status = 'active'`;
}

/**
 * Read first, then insert: an upsert that always writes would queue a whole class on its context's row. The
 * `ON CONFLICT` serves two first launches that arrive together.
 */
function meetPerson(launch: AcceptedLaunch, tenantId: string): Sql {
  const { person } = launch.snapshot;
  const subject = launch.subject ?? null;
  const values = sql`${person.name ?? null}, ${person.givenName ?? null}, ${person.familyName ?? null},
    ${person.email ?? null}, ${person.locale ?? null}`;
  return sql`
    known_person as (
      select person_id from person_link
      where tenant_id = ${tenantId} and connection_id = ${launch.connectionId} and subject = ${subject}),
    new_link as (
      insert into person_link (tenant_id, connection_id, subject, person_id, created_at)
      select ${tenantId}, ${launch.connectionId}, ${subject}, ${launch.newIds.person}, ${launch.now} from login
      where ${subject}::text is not null and not exists (select from known_person)
      on conflict (tenant_id, connection_id, subject) do update set subject = excluded.subject
      returning person_id),
    new_person as (
      insert into person (tenant_id, person_id, name, given_name, family_name, email, locale, created_at, changed_at)
      select ${tenantId}, person_id, ${values}, ${launch.now}, ${launch.now} from new_link
      where person_id = ${launch.newIds.person}),
    changed_person as (
      update person p set (name, given_name, family_name, email, locale, changed_at) = (
        coalesce(v.name, p.name), coalesce(v.given_name, p.given_name), coalesce(v.family_name, p.family_name),
        coalesce(v.email, p.email), coalesce(v.locale, p.locale), ${launch.now})
      from known_person k, login, (values (${values})) v (name, given_name, family_name, email, locale)
      where p.tenant_id = ${tenantId} and p.person_id = k.person_id
        and (coalesce(v.name, p.name), coalesce(v.given_name, p.given_name),
          coalesce(v.family_name, p.family_name), coalesce(v.email, p.email), coalesce(v.locale, p.locale))
        is distinct from (p.name, p.given_name, p.family_name, p.email, p.locale)),
    met_person as (select person_id from new_link union all select person_id from known_person)`;
}

function meetContext(launch: AcceptedLaunch, tenantId: string): Sql {
  const { context } = launch.snapshot;
  const lmsId = context === undefined ? null : (launch.lmsContextId ?? null);
  return sql`
    known_context as (
      select context_id from lti_context
      where tenant_id = ${tenantId} and connection_id = ${launch.connectionId}
        and deployment_id = ${launch.deploymentId} and lms_context_id = ${lmsId}),
    new_context as (
      insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, label, title,
        type, created_at, changed_at)
      select ${tenantId}, ${launch.newIds.context}, ${launch.connectionId}, ${launch.deploymentId}, ${lmsId},
        ${context?.label ?? null}, ${context?.title ?? null}, ${context?.type ?? []}, ${launch.now}, ${launch.now}
      from login
      where ${lmsId}::text is not null and not exists (select from known_context)
      on conflict (tenant_id, connection_id, deployment_id, lms_context_id)
        do update set lms_context_id = excluded.lms_context_id
      returning context_id),
    changed_context as (
      update lti_context c set label = ${context?.label ?? null}, title = ${context?.title ?? null},
        changed_at = ${launch.now}
      from known_context k, login
      where c.tenant_id = ${tenantId} and c.context_id = k.context_id
        and (c.label, c.title) is distinct from (${context?.label ?? null}, ${context?.title ?? null})),
    met_context as (select context_id from new_context union all select context_id from known_context)`;
}

function meetResourceLink(launch: AcceptedLaunch, tenantId: string): Sql {
  return sql`
    known_link as (
      select resource_link_id from lti_resource_link
      where tenant_id = ${tenantId} and connection_id = ${launch.connectionId}
        and deployment_id = ${launch.deploymentId} and tool_id = ${launch.toolId}
        and lms_resource_link_id = ${launch.lmsResourceLinkId}),
    new_resource_link as (
      insert into lti_resource_link (tenant_id, resource_link_id, connection_id, deployment_id, tool_id,
        lms_resource_link_id, title, created_at, changed_at)
      select ${tenantId}, ${launch.newIds.resourceLink}, ${launch.connectionId}, ${launch.deploymentId},
        ${launch.toolId}, ${launch.lmsResourceLinkId}, ${launch.snapshot.resourceLink.title ?? null},
        ${launch.now}, ${launch.now}
      from login where not exists (select from known_link)
      on conflict (tenant_id, connection_id, deployment_id, tool_id, lms_resource_link_id)
        do update set lms_resource_link_id = excluded.lms_resource_link_id
      returning resource_link_id),
    met_link as (select resource_link_id from new_resource_link union all select resource_link_id from known_link)`;
}

function begin(login: Sql, launch: AcceptedLaunch, tenantId: string): Sql {
  return sql`
    with login as (${login}),
    ${meetPerson(launch, tenantId)},
    ${meetContext(launch, tenantId)},
    ${meetResourceLink(launch, tenantId)},
    met as (
      select (select person_id from met_person) as person_id, (select context_id from met_context) as context_id,
        (select resource_link_id from met_link) as resource_link_id, same_target
      from login),
    hinted as (
      insert into lti_hint (tenant_id, launch_id, hint_hash, login_hint_hash, browser_hash, tool_id, person_id,
        context_id, resource_link_id, snapshot, expires_at)
      select ${tenantId}, ${launch.launchId}, ${launch.hint.hash}, ${launch.hint.loginHintHash},
        ${launch.hint.browserHash}, ${launch.toolId}, person_id, context_id, resource_link_id,
        ${json(launch.snapshot)}::jsonb, ${launch.hint.expiresAt}
      from met)`;
}

/**
 * Takes a launch in, in one statement: the login is used up, person, context and resource link are met, the
 * launch and the hint for the second leg are stored. Either all of it happens or nothing.
 *
 * @returns whether the launch was accepted; when not, nothing has changed and the caller finds out why
 */
export async function acceptLaunch(
  tx: TenantTx,
  proof: LoginProof,
  launch: AcceptedLaunch,
): Promise<boolean> {
  const { tenantId } = tx;
  const accepted = await tx.maybeOne(
    sql`${begin(useLogin(proof, launch, tenantId), launch, tenantId)}
    insert into launch (tenant_id, launch_id, reference, state, connection_id, deployment_id, tool_id, person_id,
      context_id, resource_link_id, message_type, binding, presentation, policy_version, return_url, trace,
      started_at)
    select ${tenantId}, ${launch.launchId}, ${launch.reference}, 'started', ${launch.connectionId},
      ${launch.deploymentId}, ${launch.toolId}, person_id, context_id, resource_link_id, ${launch.messageType},
      ${launch.binding}, ${launch.presentation}, ${launch.policyVersion},
      ${launch.snapshot.presentation.returnUrl ?? null},
      case when same_target then ${json(launch.trace)}::jsonb else ${json(otherTarget(launch.trace))}::jsonb end,
      ${launch.now}
    from met returning launch_id`,
    z.object({ launch_id: z.uuid() }),
  );
  return accepted !== undefined;
}

/** The same for a launch that waited for its deployment: its row exists, and the waiting row is used up. */
export async function acceptWaitingLaunch(tx: TenantTx, launch: AcceptedLaunch): Promise<boolean> {
  const { tenantId } = tx;
  const waiting = sql`
    select true as same_target from launch l, lti_deployment d, tool_enablement e, tool t
    where l.tenant_id = ${tenantId} and l.launch_id = ${launch.launchId} and l.state = 'waiting'
      ${ready(launch, tenantId)}
    for update of l`;
  const accepted = await tx.exec(
    sql`${begin(waiting, launch, tenantId)}
    update launch set state = 'started', reason = null, connection_id = ${launch.connectionId}, tool_id = ${launch.toolId},
      person_id = met.person_id, context_id = met.context_id, resource_link_id = met.resource_link_id,
      binding = ${launch.binding}, presentation = ${launch.presentation}, policy_version = ${launch.policyVersion},
      return_url = ${launch.snapshot.presentation.returnUrl ?? null}
    from met where launch.tenant_id = ${tenantId} and launch.launch_id = ${launch.launchId}`,
  );
  return accepted === 1;
}
