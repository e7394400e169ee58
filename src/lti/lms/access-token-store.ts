import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import type { Place } from '../../platform/secrets/sealed-record.ts';
import { sql } from '../../platform/sql/sql.ts';

/** Which token: LMSs give them per registration, deployment and set of scopes. */
export interface TokenKey {
  connectionId: ConnectionId;
  deploymentId: string;
  /** What was asked for, space-separated. */
  scopes: string;
}

export interface SealedToken {
  sealed: Buffer;
  /** From when on it is not used any more. */
  expiresAt: Date;
}

/** Where a token is sealed. */
export function placeOfAccessToken({ connectionId, deploymentId, scopes }: TokenKey): Place {
  const row = JSON.stringify([connectionId, deploymentId, scopes]);
  return { table: 'lms_access_token', row, column: 'sealed_token' };
}

const tokenRow = z
  .object({ sealed_token: z.instanceof(Buffer), expires_at: z.date() })
  .transform((row): SealedToken => ({ sealed: row.sealed_token, expiresAt: row.expires_at }));

/** A token that is still good. */
export function findSealedToken(tx: TenantTx, key: TokenKey, now: Date): Promise<SealedToken | undefined> {
  return tx.maybeOne(
    sql`select sealed_token, expires_at from lms_access_token
      where tenant_id = ${tx.tenantId} and connection_id = ${key.connectionId}
        and deployment_id = ${key.deploymentId} and scopes = ${key.scopes} and expires_at > ${now}`,
    tokenRow,
  );
}

export async function saveSealedToken(tx: TenantTx, key: TokenKey, token: SealedToken): Promise<void> {
  await tx.exec(sql`
    insert into lms_access_token (tenant_id, connection_id, deployment_id, scopes, sealed_token, expires_at)
    values (${tx.tenantId}, ${key.connectionId}, ${key.deploymentId}, ${key.scopes}, ${token.sealed},
      ${token.expiresAt})
    on conflict (tenant_id, connection_id, deployment_id, scopes)
      do update set sealed_token = excluded.sealed_token, expires_at = excluded.expires_at`);
}

/** Takes a token out, unless another one has taken its place. */
export async function deleteSealedToken(tx: TenantTx, key: TokenKey, sealed: Buffer): Promise<void> {
  await tx.exec(sql`
    delete from lms_access_token
    where tenant_id = ${tx.tenantId} and connection_id = ${key.connectionId}
      and deployment_id = ${key.deploymentId} and scopes = ${key.scopes} and sealed_token = ${sealed}`);
}

/** The AGS scopes that launches through a deployment have listed. */
export async function listLaunchedScopes(
  tx: TenantTx,
  { connectionId, deploymentId }: Pick<TokenKey, 'connectionId' | 'deploymentId'>,
): Promise<string[]> {
  const rows = await tx.many(
    sql`select distinct scope from lti_context, unnest(ags_scopes) as scope
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and deployment_id = ${deploymentId}
      order by scope`,
    z.object({ scope: z.string() }),
  );
  return rows.map(({ scope }) => scope);
}
