import { z } from 'zod';
import type { ApiTokenId, TenantId } from '../../../contracts/ids.ts';
import { unknownHand } from '../../operators/hands.ts';
import type { HubTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import type { ApiToken } from './token.ts';

const tokenRow = z
  .object({
    token_id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.string()),
    only_tenant_id: z.uuid().nullable(),
    created_at: z.date(),
    expires_at: z.date(),
    last_used_at: z.date().nullable(),
    revoked_at: z.date().nullable(),
    made_by: z.array(z.string()),
  })
  .transform(
    (row): ApiToken => ({
      tokenId: row.token_id as ApiTokenId,
      name: row.name,
      scopes: row.scopes,
      onlyTenantId: row.only_tenant_id as TenantId | null,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
      revokedAt: row.revoked_at,
      madeBy: row.made_by.length === 0 ? [unknownHand] : row.made_by,
    }),
  );

const columns = sql`token_id, name, scopes, only_tenant_id, created_at, expires_at, last_used_at, revoked_at, made_by`;

/** Which tokens are meant: those made before the one a page has ended with. */
export interface TokenPage {
  after?: ApiTokenId | undefined;
  limit: number;
}

/** Every token ever made or one page of them, newest first. */
export function listTokens(tx: HubTx, page?: TokenPage): Promise<ApiToken[]> {
  const behind = page?.after === undefined ? sql`` : sql`and token_id < ${page.after}`;
  const most = page === undefined ? sql`` : sql`limit ${page.limit}`;
  return tx.many(
    sql`select ${columns} from api_token where tenant_id = ${tx.tenantId} ${behind} order by token_id desc ${most}`,
    tokenRow,
  );
}

export function findToken(tx: HubTx, tokenId: ApiTokenId): Promise<ApiToken | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from api_token where tenant_id = ${tx.tenantId} and token_id = ${tokenId}`,
    tokenRow,
  );
}

/** The token of a hash: an index finds it, whole or not at all. */
export function findTokenByHash(tx: HubTx, tokenHash: Buffer): Promise<ApiToken | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from api_token where tenant_id = ${tx.tenantId} and token_hash = ${tokenHash}`,
    tokenRow,
  );
}

export async function insertToken(tx: HubTx, token: ApiToken, tokenHash: Buffer): Promise<void> {
  await tx.exec(sql`
    insert into api_token (tenant_id, token_id, token_hash, name, scopes, only_tenant_id, created_at, expires_at,
      made_by)
    values (${tx.tenantId}, ${token.tokenId}, ${tokenHash}, ${token.name}, ${token.scopes}, ${token.onlyTenantId},
      ${token.createdAt}, ${token.expiresAt}, ${token.madeBy})`);
}

/** @returns whether it had not been revoked before */
export async function markRevoked(tx: HubTx, tokenId: ApiTokenId, at: Date): Promise<boolean> {
  const count = await tx.exec(sql`
    update api_token set revoked_at = ${at}
    where tenant_id = ${tx.tenantId} and token_id = ${tokenId} and revoked_at is null`);
  return count === 1;
}

/** Notes a use, where the last one that was noted is older than `before`. */
export async function noteUse(tx: HubTx, tokenId: ApiTokenId, at: Date, before: Date): Promise<void> {
  await tx.exec(sql`
    update api_token set last_used_at = ${at}
    where tenant_id = ${tx.tenantId} and token_id = ${tokenId}
      and (last_used_at is null or last_used_at < ${before})`);
}
