import { namesThatJoin } from '../../people/match.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import type { AcceptedLaunch } from './accepted-launch.ts';

/**
 * Person, context, resource link and line item of a launch, where each is known and unchanged. Undefined where a launch
 * has no person, no context or no link.
 */
export function known(launch: AcceptedLaunch, tenantId: string): Sql | undefined {
  const { person, context, resourceLink, ags, membershipsUrl, groups } = launch.snapshot;
  if (launch.subject === undefined || context === undefined) return undefined;
  if (launch.lmsContextId === undefined || launch.lmsResourceLinkId === undefined) return undefined;
  const place = (alias: Sql) => sql`${alias}.tenant_id = ${tenantId}
      and ${alias}.connection_id = ${launch.connectionId} and ${alias}.deployment_id = ${launch.deploymentId}`;
  return sql`
    select k.person_id, c.context_id, x.resource_link_id,
      case when ${ags?.lineItemUrl ?? null}::text is not null then x.line_item_id end as line_item_id
    from person_link k, person p, lti_context c, lti_resource_link x
    where k.tenant_id = ${tenantId} and k.connection_id = ${launch.connectionId} and k.subject = ${launch.subject}
      and coalesce(${claimedId(launch)}, k.claimed_id) is not distinct from k.claimed_id
      and p.tenant_id = ${tenantId} and p.person_id = k.person_id
      and coalesce(${person.name ?? null}, p.name) is not distinct from p.name
      and coalesce(${person.givenName ?? null}, p.given_name) is not distinct from p.given_name
      and coalesce(${person.familyName ?? null}, p.family_name) is not distinct from p.family_name
      and coalesce(${person.email ?? null}, p.email) is not distinct from p.email
      and coalesce(${person.locale ?? null}, p.locale) is not distinct from p.locale
      and ${place(sql`c`)} and c.lms_context_id = ${launch.lmsContextId}
      and c.label is not distinct from ${context.label ?? null}
      and c.title is not distinct from ${context.title ?? null} and c.type = ${context.type}::text[]
      and coalesce(${ags?.lineItemsUrl ?? null}, c.line_items_url) is not distinct from c.line_items_url
      and coalesce(${membershipsUrl ?? null}, c.memberships_url) is not distinct from c.memberships_url
      and coalesce(${groups?.groupsUrl ?? null}, c.groups_url) is not distinct from c.groups_url
      and coalesce(${groups?.setsUrl ?? null}, c.group_sets_url) is not distinct from c.group_sets_url
      and coalesce(${grantedScopes(launch)}::text[], c.ags_scopes) = c.ags_scopes
      and ${place(sql`x`)} and x.tool_id = ${launch.toolId} and x.lms_resource_link_id = ${launch.lmsResourceLinkId}
      and x.title is not distinct from ${resourceLink.title ?? null} and x.context_id = c.context_id
      and (${ags?.lineItemUrl ?? null}::text is null or exists (select from line_item i
        where i.tenant_id = ${tenantId} and i.line_item_id = x.line_item_id and i.lms_url = ${ags?.lineItemUrl ?? null}
          and i.context_id = c.context_id and i.status = 'active'))`;
}

/** What the LMS lets the hub do; null where it says nothing of it, which takes nothing back. */
function grantedScopes({ snapshot: { ags } }: AcceptedLaunch): string[] | null {
  return ags !== undefined && ags.scopes.length > 0 ? ags.scopes : null;
}

/** The person's id at the SIS, where the LMS says it (LTI Core, appendix D) and it is no longer than one may be. */
function claimedId({ snapshot: { lis } }: AcceptedLaunch): string | null {
  const claimed = lis.personSourcedId?.trim() ?? '';
  return claimed.length > 0 && claimed.length <= 255 ? claimed : null;
}

/**
 * Read first, then insert: an upsert that always writes would queue a whole class on its context's row. The
 * `ON CONFLICT` serves two first launches that arrive together.
 *
 * Whoever is new may be in a roster already: the one roster person with the same identifier is them, unless their name is
 * another altogether or the LMS has somebody else for that person. What is doubtful waits for the next linking of rosters.
 */
export function meetPerson(launch: AcceptedLaunch, tenantId: string): Sql {
  const { person } = launch.snapshot;
  const subject = launch.subject ?? null;
  const claimed = claimedId(launch);
  const values = sql`${person.name ?? null}, ${person.givenName ?? null}, ${person.familyName ?? null},
    ${person.email ?? null}, ${person.locale ?? null}`;
  const matchValue = sql`(select case r.link_field when 'subject' then ${subject}::text else ${claimed}::text end
    from person_match_rule r where r.tenant_id = ${tenantId})`;
  return sql`
    known_person as (
      select person_id from person_link
      where tenant_id = ${tenantId} and connection_id = ${launch.connectionId} and subject = ${subject}),
    roster_person as (
      select min(k.person_id::text)::uuid as person_id from person_link k, connection c
      where k.tenant_id = ${tenantId} and k.match_value = ${matchValue} and c.tenant_id = ${tenantId}
        and c.connection_id = k.connection_id and c.kind = 'roster'
      having count(distinct k.person_id) = 1),
    found_person as (
      -- Locked, so that a merge under way is waited for and the person found who is kept.
      select coalesce(p.merged_into, p.person_id) as person_id from person p, roster_person f
      where ${subject}::text is not null and not exists (select from known_person)
        and p.tenant_id = ${tenantId} and p.person_id = f.person_id
        and field_agreement(${person.givenName ?? null}, p.given_name) || '/'
          || field_agreement(${person.familyName ?? null}, p.family_name) = any (${namesThatJoin()}::text[])
        and not exists (select from person_link o where o.tenant_id = ${tenantId} and o.person_id = p.person_id
          and o.connection_id = ${launch.connectionId})
      for key share of p),
    new_link as (
      insert into person_link (tenant_id, connection_id, subject, person_id, claimed_id, match_value, is_unsettled,
        created_at)
      select ${tenantId}, ${launch.connectionId}, ${subject},
        coalesce((select person_id from found_person), ${launch.newIds.person}::uuid), ${claimed}, ${matchValue},
        ${matchValue} is not null and not exists (select from found_person), ${launch.now} from login
      where ${subject}::text is not null and not exists (select from known_person)
      on conflict (tenant_id, connection_id, subject) do update set subject = excluded.subject
      returning person_id),
    changed_identity as (
      update person_link k set claimed_id = ${claimed}, match_value = ${matchValue},
        is_unsettled = ${matchValue} is not null
      from login
      where k.tenant_id = ${tenantId} and k.connection_id = ${launch.connectionId} and k.subject = ${subject}
        and exists (select from known_person) and k.claimed_id is distinct from coalesce(${claimed}, k.claimed_id)
      returning k.person_id),
    new_person as (
      insert into person (tenant_id, person_id, name, given_name, family_name, email, locale, created_at, changed_at)
      select ${tenantId}, person_id, ${values}, ${launch.now}, ${launch.now} from new_link
      where person_id = ${launch.newIds.person}),
    changed_person as (
      update person p set (name, given_name, family_name, email, locale, changed_at) = (
        coalesce(v.name, p.name), coalesce(v.given_name, p.given_name), coalesce(v.family_name, p.family_name),
        coalesce(v.email, p.email), coalesce(v.locale, p.locale), ${launch.now})
      -- The link first, as in a merge.
      from known_person k left join changed_identity l using (person_id), login,
        (values (${values})) v (name, given_name, family_name, email, locale)
      where p.tenant_id = ${tenantId} and p.person_id = k.person_id
        and (coalesce(v.name, p.name), coalesce(v.given_name, p.given_name),
          coalesce(v.family_name, p.family_name), coalesce(v.email, p.email), coalesce(v.locale, p.locale))
        is distinct from (p.name, p.given_name, p.family_name, p.email, p.locale)),
    met_person as (select person_id from new_link union all select person_id from known_person)`;
}

export function meetContext(launch: AcceptedLaunch, tenantId: string): Sql {
  const { context, ags } = launch.snapshot;
  const [lineItemsUrl, scopes] = [ags?.lineItemsUrl ?? null, grantedScopes(launch)];
  const { membershipsUrl = null, groups } = launch.snapshot;
  const [groupsUrl, setsUrl] = [groups?.groupsUrl ?? null, groups?.setsUrl ?? null];
  const lmsId = context === undefined ? null : (launch.lmsContextId ?? null);
  return sql`
    known_context as (
      select context_id from lti_context
      where tenant_id = ${tenantId} and connection_id = ${launch.connectionId}
        and deployment_id = ${launch.deploymentId} and lms_context_id = ${lmsId}),
    new_context as (
      insert into lti_context (tenant_id, context_id, connection_id, deployment_id, lms_context_id, label, title,
        type, line_items_url, ags_scopes, memberships_url, groups_url, group_sets_url, created_at, changed_at)
      select ${tenantId}, ${launch.newIds.context}, ${launch.connectionId}, ${launch.deploymentId}, ${lmsId},
        ${context?.label ?? null}, ${context?.title ?? null}, ${context?.type ?? []}, ${lineItemsUrl},
        coalesce(${scopes}::text[], '{}'), ${membershipsUrl}, ${groupsUrl}, ${setsUrl}, ${launch.now}, ${launch.now}
      from login
      where ${lmsId}::text is not null and not exists (select from known_context)
      on conflict (tenant_id, connection_id, deployment_id, lms_context_id)
        do update set lms_context_id = excluded.lms_context_id
      returning context_id),
    changed_context as (
      update lti_context c set label = ${context?.label ?? null}, title = ${context?.title ?? null},
        type = ${context?.type ?? []}, line_items_url = coalesce(${lineItemsUrl}, c.line_items_url),
        ags_scopes = coalesce(${scopes}::text[], c.ags_scopes),
        memberships_url = coalesce(${membershipsUrl}, c.memberships_url),
        groups_url = coalesce(${groupsUrl}, c.groups_url), group_sets_url = coalesce(${setsUrl}, c.group_sets_url),
        changed_at = ${launch.now}
      from known_context k, login
      where c.tenant_id = ${tenantId} and c.context_id = k.context_id
        and (c.label, c.title, c.type, c.line_items_url, c.ags_scopes, c.memberships_url, c.groups_url, c.group_sets_url)
          is distinct from (${context?.label ?? null}, ${context?.title ?? null}, ${context?.type ?? []}::text[],
            coalesce(${lineItemsUrl}, c.line_items_url), coalesce(${scopes}::text[], c.ags_scopes),
            coalesce(${membershipsUrl}, c.memberships_url), coalesce(${groupsUrl}, c.groups_url),
            coalesce(${setsUrl}, c.group_sets_url))),
    met_context as (select context_id from new_context union all select context_id from known_context)`;
}

/** The link, and before it the one line item that the LMS names with it. */
export function meetResourceLink(launch: AcceptedLaunch, tenantId: string): Sql {
  const lmsId = launch.lmsResourceLinkId ?? null;
  return sql`
    known_link as (
      select resource_link_id from lti_resource_link
      where tenant_id = ${tenantId} and connection_id = ${launch.connectionId}
        and deployment_id = ${launch.deploymentId} and tool_id = ${launch.toolId}
        and lms_resource_link_id = ${lmsId}),
    ${meetLineItem(launch, tenantId)},
    new_resource_link as (
      insert into lti_resource_link (tenant_id, resource_link_id, connection_id, deployment_id, tool_id,
        lms_resource_link_id, title, line_item_id, context_id, created_at, changed_at)
      select ${tenantId}, ${launch.newIds.resourceLink}, ${launch.connectionId}, ${launch.deploymentId},
        ${launch.toolId}, ${lmsId}, ${launch.snapshot.resourceLink.title ?? null},
        (select line_item_id from met_line_item), (select context_id from met_context), ${launch.now}, ${launch.now}
      from login where ${lmsId}::text is not null and not exists (select from known_link)
      on conflict (tenant_id, connection_id, deployment_id, tool_id, lms_resource_link_id)
        do update set lms_resource_link_id = excluded.lms_resource_link_id
      returning resource_link_id),
    changed_link as (
      update lti_resource_link x set title = ${launch.snapshot.resourceLink.title ?? null},
        line_item_id = coalesce(m.line_item_id, x.line_item_id), context_id = coalesce(o.context_id, x.context_id),
        changed_at = ${launch.now}
      from known_link k, login left join met_line_item m on true left join met_context o on true
      where x.tenant_id = ${tenantId} and x.resource_link_id = k.resource_link_id
        and (x.title, x.line_item_id, x.context_id) is distinct from (${launch.snapshot.resourceLink.title ?? null},
          coalesce(m.line_item_id, x.line_item_id), coalesce(o.context_id, x.context_id))),
    met_link as (select resource_link_id from new_resource_link union all select resource_link_id from known_link)`;
}

/**
 * A line item of a course: an LMS that names one without a course is not followed. When a tool meets the one of a link
 * that was another tool's, the link has come to it, and the line item is the other tool's no longer.
 */
function meetLineItem(launch: AcceptedLaunch, tenantId: string): Sql {
  const lmsUrl = launch.snapshot.ags?.lineItemUrl ?? null;
  return sql`
    known_line_item as (
      select line_item_id from line_item
      where tenant_id = ${tenantId} and connection_id = ${launch.connectionId} and tool_id = ${launch.toolId}
        and lms_url = ${lmsUrl} and status = 'active' and context_id = (select context_id from known_context)),
    new_line_item as (
      insert into line_item as i (tenant_id, line_item_id, connection_id, deployment_id, context_id, tool_id,
        resource_link_id, lms_url, status, created_at, changed_at)
      select ${tenantId}, ${launch.newIds.lineItem}, ${launch.connectionId}, ${launch.deploymentId}, context_id,
        ${launch.toolId}, case when ${launch.lmsResourceLinkId ?? null}::text is not null
          then coalesce((select resource_link_id from known_link), ${launch.newIds.resourceLink}::uuid) end,
        ${lmsUrl}, 'active', ${launch.now}, ${launch.now}
      from met_context, login where ${lmsUrl}::text is not null and not exists (select from known_line_item)
      on conflict (tenant_id, connection_id, tool_id, lms_url) do update
        set status = 'active', deployment_id = excluded.deployment_id, context_id = excluded.context_id,
          resource_link_id = coalesce(i.resource_link_id, excluded.resource_link_id), changed_at = excluded.changed_at
      returning line_item_id),
    taken_line_item as (
      update line_item i set status = 'deleted', changed_at = ${launch.now}
      from met_context c, lti_resource_link x
      where exists (select from new_line_item) and i.tenant_id = ${tenantId} and i.context_id = c.context_id
        and i.connection_id = ${launch.connectionId} and i.lms_url = ${lmsUrl} and i.tool_id <> ${launch.toolId}
        and i.status = 'active'
        and x.tenant_id = ${tenantId} and x.connection_id = ${launch.connectionId}
        and x.deployment_id = ${launch.deploymentId} and x.tool_id = i.tool_id
        and x.lms_resource_link_id = ${launch.lmsResourceLinkId ?? null} and x.line_item_id = i.line_item_id),
    met_line_item as (
      select line_item_id from new_line_item union all select line_item_id from known_line_item)`;
}
