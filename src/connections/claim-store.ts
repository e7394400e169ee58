import { z } from 'zod';
import type { ConnectionId, RegistrationId } from '../../contracts/ids.ts';
import type { HubTx, TenantTx } from '../platform/db.ts';
import { type Sql, sql } from '../platform/sql/sql.ts';

/** A deployment_id seen in verified launches, waiting for somebody to say whose it is. */
export interface DeploymentClaim<Id> {
  /** The connection, or the hub-wide registration, through which it came. */
  through: Id;
  deploymentId: string;
  status: 'waiting' | 'claimed' | 'refused';
  /** How many launches have waited for it. */
  launches: number;
  /** Unix milliseconds. */
  firstSeenAt: number;
  lastSeenAt: number;
  /** By what it is in order. */
  key: string;
}

const claimRow = z
  .object({
    through: z.uuid(),
    deployment_id: z.string(),
    status: z.enum(['waiting', 'claimed', 'refused']),
    launches: z.number(),
    first_seen_at: z.date(),
    last_seen_at: z.date(),
    key: z.string(),
  })
  .transform((row) => ({
    through: row.through,
    deploymentId: row.deployment_id,
    status: row.status,
    launches: row.launches,
    firstSeenAt: row.first_seen_at.getTime(),
    lastSeenAt: row.last_seen_at.getTime(),
    key: row.key,
  }));
const tenantClaimRow = claimRow.transform(
  (row): DeploymentClaim<ConnectionId> => ({ ...row, through: row.through as ConnectionId }),
);
const hubClaimRow = claimRow.transform(
  (row): DeploymentClaim<RegistrationId> => ({ ...row, through: row.through as RegistrationId }),
);

const key = sql`to_char(first_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
const columns = sql`deployment_id, status, launches, first_seen_at, last_seen_at, ${key} as key`;

/** Which claims are wanted; all of them where nothing is said. */
export interface WantedClaims {
  /** Through one connection, or hub-wide registration, alone. */
  through?: string | undefined;
  status?: DeploymentClaim<string>['status'] | undefined;
  limit?: number | undefined;
  /** The last one of the page before. */
  after?: ClaimPlace | undefined;
}

/**
 * Where a claim stands in the list: when it was seen first, to the microsecond, and which it is. No launch moves it, so that whoever
 * turns the pages meets each once.
 */
export interface ClaimPlace {
  key: string;
  through: string;
  deploymentId: string;
}

/** The claims of a tenant's own registrations, the newest first. */
export function listDeploymentClaims(
  tx: TenantTx,
  wanted: WantedClaims = {},
): Promise<DeploymentClaim<ConnectionId>[]> {
  return tx.many(
    sql`select connection_id as through, ${columns} from lti_deployment_claim
      where tenant_id = ${tx.tenantId} and ${thoseOf(wanted, sql`connection_id`)}`,
    tenantClaimRow,
  );
}

/** The claims of hub-wide registrations, the newest first. No tenant may see them: they are nobody's yet. */
export function listHubDeploymentClaims(
  tx: HubTx,
  wanted: WantedClaims = {},
): Promise<DeploymentClaim<RegistrationId>[]> {
  return tx.many(
    sql`select registration_id as through, ${columns} from hub_deployment_claim
      where ${thoseOf(wanted, sql`registration_id`)}`,
    hubClaimRow,
  );
}

function thoseOf({ through: only, status, limit, after }: WantedClaims, through: Sql): Sql {
  const behind =
    after === undefined
      ? sql``
      : sql`and (${key} < ${after.key} or (${key} = ${after.key}
          and (deployment_id, ${through}::text) > (${after.deploymentId}::text, ${after.through}::text)))`;
  const ofOne = only === undefined ? sql`` : sql`and ${through} = ${only}`;
  return sql`(${status ?? null}::text is null or status = ${status ?? null}::text) ${ofOne} ${behind}
      order by first_seen_at desc, deployment_id, ${through}::text limit ${limit ?? null}::integer`;
}

/** Settles a claim unless it is claimed already. @returns whether there was one to settle */
export async function settleClaim(
  tx: TenantTx,
  connectionId: ConnectionId,
  deploymentId: string,
  status: 'claimed' | 'refused',
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update lti_deployment_claim set status = ${status}
    where connection_id = ${connectionId} and deployment_id = ${deploymentId} and ${open(status)}`);
  return changed === 1;
}

/** Settles a claim unless it is claimed already. @returns whether there was one to settle */
export async function settleHubClaim(
  tx: TenantTx | HubTx,
  registrationId: RegistrationId,
  deploymentId: string,
  status: 'claimed' | 'refused',
): Promise<boolean> {
  const changed = await tx.exec(sql`
    update hub_deployment_claim set status = ${status}
    where registration_id = ${registrationId} and deployment_id = ${deploymentId} and ${open(status)}`);
  return changed === 1;
}

/** A refusal may be taken back by claiming; a claim stands. */
function open(status: 'claimed' | 'refused'): Sql {
  return status === 'claimed' ? sql`status <> 'claimed'` : sql`status = 'waiting'`;
}
