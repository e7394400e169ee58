import { z } from 'zod';
import type {
  ConnectionId,
  ContextId,
  LaunchId,
  LineItemId,
  PersonId,
  ResourceLinkId,
  ToolId,
} from '../../../contracts/ids.ts';
import type { HubTx, TenantTrips, TenantTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import { launchSnapshot } from '../snapshot.ts';

/** What a request at authorize must prove at once. */
export interface HintProof {
  launchId: LaunchId;
  hintHash: Buffer;
  loginHintHash: Buffer;
  browserHash: Buffer;
  clientId: string;
  redirectUri: string;
  /** The pseudonym to give, should the tool meet this person for the first time. */
  newSub: string;
  now: Date;
}

const openedRow = z
  .object({
    tool_id: z.uuid(),
    person_id: z.uuid().nullable(),
    context_id: z.uuid().nullable(),
    resource_link_id: z.uuid().nullable(),
    line_item_id: z.uuid().nullable(),
    scopes: z.array(z.string()),
    snapshot: launchSnapshot,
    sub: z.string().nullable(),
    deployment_id: z.string(),
    custom: z.record(z.string(), z.string()),
    rules: z.unknown(),
    has_legacy_key: z.boolean(),
  })
  .transform((row) => ({
    toolId: row.tool_id as ToolId,
    personId: row.person_id as PersonId | null,
    contextId: row.context_id as ContextId | null,
    resourceLinkId: row.resource_link_id as ResourceLinkId | null,
    lineItemId: row.line_item_id as LineItemId | null,
    /** What the tool may ask access tokens for. */
    scopes: row.scopes,
    snapshot: row.snapshot,
    sub: row.sub ?? undefined,
    deploymentId: row.deployment_id,
    custom: row.custom,
    rules: row.rules,
    /** The tool knew the school by a key of LTI 1.1. */
    hasLegacyKey: row.has_legacy_key,
  }));

export type OpenedLaunch = z.output<typeof openedRow>;

/**
 * Uses up the hint in one `DELETE`: client, redirect URI, person, browser and time all fit, or nothing happens. With
 * `known`, so does the pseudonym that the tool has met before.
 */
function useHint(proof: HintProof, tenantId: string, known: boolean): Sql {
  const [table, condition, sub] = known
    ? [
        sql`, pseudonym p`,
        sql`and p.tenant_id = ${tenantId} and p.tool_id = h.tool_id and p.person_id = h.person_id
          and p.alias_of is null`,
        sql`, p.sub`,
      ]
    : [sql``, sql``, sql``];
  return sql`
    delete from lti_hint h using tool t, tool_enablement e, release_policy r ${table}
    where h.tenant_id = ${tenantId} and h.launch_id = ${proof.launchId} and h.hint_hash = ${proof.hintHash}
      and h.login_hint_hash = ${proof.loginHintHash} and h.browser_hash = ${proof.browserHash}
      and h.expires_at > ${proof.now}
      and t.tool_id = h.tool_id and t.client_id = ${proof.clientId} and ${proof.redirectUri} = any (t.redirect_uris)
      and t.status = 'active'
      and e.tenant_id = ${tenantId} and e.tool_id = h.tool_id and e.status = 'active'
      and r.tenant_id = ${tenantId} and r.tool_id = h.tool_id and r.version = e.policy_version ${condition}
    returning h.tool_id, h.person_id, h.context_id, h.resource_link_id, h.line_item_id, h.snapshot, t.scopes,
      e.deployment_id, e.custom, e.policy_version, r.rules,
      exists (select from lti_legacy_key y where y.tenant_id = ${tenantId} and y.holder_id = h.tool_id) as has_legacy_key
      ${sub}`;
}

function endInSuccess(proof: HintProof, tenantId: string): Sql {
  return sql`
    update launch set state = 'opened', outcome = 'success', reason = null, ended_at = ${proof.now},
      policy_version = hint.policy_version
    from hint where launch.tenant_id = ${tenantId} and launch.launch_id = ${proof.launchId}`;
}

const columns = sql`hint.tool_id, hint.person_id, hint.context_id, hint.resource_link_id, hint.line_item_id,
  hint.snapshot, hint.scopes, hint.deployment_id, hint.custom, hint.rules, hint.has_legacy_key`;

/**
 * Opens a launch, in one statement: the hint is used up and the launch ends in success. Mostly the tool has met the
 * person before; else a second statement, alike but for that, gives the person a pseudonym as well.
 *
 * @returns undefined when the proof does not hold; then nothing has changed
 */
export async function openLaunch(tx: TenantTrips, proof: HintProof): Promise<OpenedLaunch | undefined> {
  const { tenantId } = tx;
  const known = await tx.maybeOne(
    sql`
    with hint as (${useHint(proof, tenantId, true)}), opened as (${endInSuccess(proof, tenantId)})
    select ${columns}, hint.sub from hint`,
    openedRow,
  );
  if (known !== undefined) return known;
  return tx.alone.maybeOne(
    sql`
    with hint as (${useHint(proof, tenantId, false)}),
    opened as (${endInSuccess(proof, tenantId)}),
    whoever as (
      -- Locked: a merge under way is waited for, and the person found who is kept.
      select coalesce(p.merged_into, p.person_id) as person_id from person p, hint
      where p.tenant_id = ${tenantId} and p.person_id = hint.person_id for key share of p),
    known_sub as (
      select p.sub from pseudonym p, hint, whoever w
      where p.tenant_id = ${tenantId} and p.tool_id = hint.tool_id and p.person_id = w.person_id and p.alias_of is null),
    new_sub as (
      insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at)
      select ${tenantId}, hint.tool_id, w.person_id, ${proof.newSub}, ${proof.now} from hint, whoever w
      where not exists (select from known_sub)
      on conflict (tenant_id, tool_id, person_id) do update set sub = pseudonym.sub
      returning sub)
    select ${columns}, coalesce((select sub from new_sub), (select sub from known_sub)) as sub from hint`,
    openedRow,
  );
}

const hintRow = z
  .object({
    hint_hash: z.instanceof(Buffer),
    login_hint_hash: z.instanceof(Buffer),
    browser_hash: z.instanceof(Buffer),
    tool_id: z.uuid(),
    expires_at: z.date(),
    snapshot: launchSnapshot,
    enabled: z.boolean(),
  })
  .transform((row) => ({
    hintHash: row.hint_hash,
    loginHintHash: row.login_hint_hash,
    browserHash: row.browser_hash,
    toolId: row.tool_id as ToolId,
    expiresAt: row.expires_at,
    target: row.snapshot.target,
    enabled: row.enabled,
  }));

export type StoredHint = z.output<typeof hintRow>;

/** Uses a hint up without opening anything, to say why it did not fit. */
export function consumeHint(
  tx: TenantTx,
  launchId: LaunchId,
  hintHash: Buffer,
): Promise<StoredHint | undefined> {
  return tx.maybeOne(
    sql`delete from lti_hint h
      where tenant_id = ${tx.tenantId} and launch_id = ${launchId} and hint_hash = ${hintHash}
      returning hint_hash, login_hint_hash, browser_hash, tool_id, expires_at, snapshot,
        exists (select from tool_enablement e
          where e.tenant_id = h.tenant_id and e.tool_id = h.tool_id and e.status = 'active') as enabled`,
    hintRow,
  );
}

/**
 * Hands a hint over to a new window, once: the old one is void, the new one is bound to that window's browser and lives
 * no longer than the old one would have. Only the page of a launch that opens in a window can do so.
 */
export function exchangeHint(
  tx: TenantTx,
  old: { launchId: LaunchId; hintHash: Buffer; browserHash: Buffer },
  next: { hash: Buffer; loginHintHash: Buffer; browserHash: Buffer },
  now: Date,
): Promise<{ toolId: ToolId; target: string } | undefined> {
  return tx.maybeOne(
    sql`update lti_hint h set hint_hash = ${next.hash}, login_hint_hash = ${next.loginHintHash},
        browser_hash = ${next.browserHash}
      from launch l
      where h.tenant_id = ${tx.tenantId} and h.launch_id = ${old.launchId} and h.hint_hash = ${old.hintHash}
        and h.browser_hash = ${old.browserHash} and h.expires_at > ${now}
        and l.tenant_id = ${tx.tenantId} and l.launch_id = ${old.launchId} and l.presentation = 'new_window'
      returning h.tool_id, h.snapshot->>'target' as target`,
    z
      .object({ tool_id: z.uuid(), target: z.string() })
      .transform((row) => ({ toolId: row.tool_id as ToolId, target: row.target })),
  );
}

/** The connection that a launch came through. */
export async function findLaunchConnection(
  tx: TenantTx,
  launchId: LaunchId,
): Promise<ConnectionId | undefined> {
  const found = await tx.maybeOne(
    sql`select connection_id from launch where tenant_id = ${tx.tenantId} and launch_id = ${launchId}`,
    z.object({ connection_id: z.uuid() }),
  );
  return found?.connection_id as ConnectionId | undefined;
}

const redirectRow = z
  .object({ tool_id: z.uuid(), redirect_uris: z.array(z.string()), status: z.string() })
  .transform((row) => ({
    toolId: row.tool_id as ToolId,
    redirectUris: row.redirect_uris,
    status: row.status,
  }));

/** The addresses a client may be answered at. Tools belong to no tenant. */
export function findRedirectUris(tx: HubTx, clientId: string) {
  return tx.maybeOne(
    sql`select tool_id, redirect_uris, status from tool where client_id = ${clientId}`,
    redirectRow,
  );
}
