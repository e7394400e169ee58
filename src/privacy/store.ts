import { z } from 'zod';
import type { PersonId, ToolId } from '../../contracts/ids.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, sql } from '../platform/sql/sql.ts';
import { type PolicyRules, readRules } from './policy.ts';

/** One version of what a tool may see of a tenant's people. */
export interface ReleasePolicy {
  toolId: ToolId;
  version: number;
  rules: PolicyRules;
  /** Unix milliseconds. */
  createdAt: number;
}

const policyRow = z
  .object({ tool_id: z.uuid(), version: z.number(), rules: z.unknown(), created_at: z.date() })
  .transform(
    (row): ReleasePolicy => ({
      toolId: row.tool_id as ToolId,
      version: row.version,
      rules: readRules(row.rules),
      createdAt: row.created_at.getTime(),
    }),
  );

const columns = sql`tool_id, version, rules, created_at`;

export function findPolicy(
  tx: TenantTx,
  toolId: ToolId,
  version: number,
): Promise<ReleasePolicy | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from release_policy where tool_id = ${toolId} and version = ${version}`,
    policyRow,
  );
}

/** Every version there ever was, the newest first. */
export function listPolicies(tx: TenantTx, toolId: ToolId): Promise<ReleasePolicy[]> {
  return tx.many(
    sql`select ${columns} from release_policy where tool_id = ${toolId} order by version desc`,
    policyRow,
  );
}

/**
 * Stores the next version; it is in force only once the enablement names it.
 *
 * @throws the database's unique violation `release_policy_pkey` when another was stored at the same time
 */
export function insertPolicy(
  tx: TenantTx,
  toolId: ToolId,
  rules: PolicyRules,
  now: number,
): Promise<ReleasePolicy> {
  return tx.one(
    sql`insert into release_policy (tenant_id, tool_id, version, rules, created_at)
      select ${tx.tenantId}, ${toolId}, coalesce(max(version), 0) + 1, ${json(rules)}, ${new Date(now)}
      from release_policy where tool_id = ${toolId}
      returning ${columns}`,
    policyRow,
  );
}

/** Whose pseudonym a `sub` of a tool is. */
export async function findPersonByPseudonym(
  tx: TenantTx,
  toolId: ToolId,
  sub: string,
): Promise<PersonId | undefined> {
  const row = await tx.maybeOne(
    sql`select coalesce(alias_of, person_id) as person_id from pseudonym where tool_id = ${toolId} and sub = ${sub}`,
    z.object({ person_id: z.uuid() }),
  );
  return row?.person_id as PersonId | undefined;
}

/** @returns whether the tool knew the person at all */
export async function savePseudonym(
  tx: TenantTx,
  input: { toolId: ToolId; personId: PersonId; sub: string; now: number },
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update pseudonym set sub = ${input.sub}, created_at = ${new Date(input.now)}
    where tool_id = ${input.toolId} and person_id = ${input.personId}`);
  return changed === 1;
}

/** Gives names to those of the persons who have none at this tool. @returns the names of all */
export function addPseudonyms(
  tx: TenantTx,
  toolId: ToolId,
  rows: readonly { personId: PersonId; sub: string }[],
  now: Date,
): Promise<{ personId: PersonId; sub: string }[]> {
  const ids = rows.map(({ personId }) => personId);
  return tx.many(
    sql`
    with given as (
      select * from unnest(${ids}::uuid[], ${rows.map(({ sub }) => sub)}::text[]) as g(person_id, sub)),
    known as materialized (
      select p.person_id, p.sub from pseudonym p
      where p.tenant_id = ${tx.tenantId} and p.tool_id = ${toolId} and p.person_id = any (${ids}::uuid[])),
    added as (
      insert into pseudonym (tenant_id, tool_id, person_id, sub, created_at)
      select ${tx.tenantId}, ${toolId}, g.person_id, g.sub, ${now} from given g
      where not exists (select from known k where k.person_id = g.person_id)
      order by g.person_id
      on conflict (tenant_id, tool_id, person_id) do update set sub = pseudonym.sub
      returning person_id, sub)
    select person_id, sub from known union all select person_id, sub from added`,
    z
      .object({ person_id: z.uuid(), sub: z.string() })
      .transform((row) => ({ personId: row.person_id as PersonId, sub: row.sub })),
  );
}
