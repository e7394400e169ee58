import { z } from 'zod';
import type { HubTx, TenantTx } from '../../platform/db.ts';
import { json, type Sql, sql } from '../../platform/sql/sql.ts';
import type { LoginRequest } from './login-request.ts';

/** A login under way: what the launch that answers it must prove. */
export interface NewLogin {
  stateHash: Buffer;
  connectionId: string;
  registrationVersion: number;
  nonceHash: Buffer;
  browserHash: Buffer;
  request: LoginRequest;
  expiresAt: Date;
}

const loginRow = z
  .object({
    connection_id: z.uuid(),
    nonce_hash: z.instanceof(Buffer),
    browser_hash: z.instanceof(Buffer),
    storage_target: z.string().nullable(),
    target_link_uri: z.string(),
    request: z.record(z.string(), z.string()),
    expires_at: z.date(),
  })
  .transform((row) => ({
    connectionId: row.connection_id,
    nonceHash: row.nonce_hash,
    browserHash: row.browser_hash,
    storageTarget: row.storage_target ?? undefined,
    targetLinkUri: row.target_link_uri,
    request: { ...row.request, target_link_uri: row.target_link_uri } as unknown as LoginRequest,
    expiresAt: row.expires_at,
  }));

export type StoredLogin = z.output<typeof loginRow>;

/** The tables of a launch that came in for a tenant, and of one through a hub-wide registration. */
function tables(tx: TenantTx | HubTx): { login: Sql; registration: Sql; id: Sql; owner: Sql } {
  return tx.scope === 'tenant'
    ? {
        login: sql`lti_login`,
        registration: sql`lti_registration`,
        id: sql`connection_id`,
        owner: sql`tenant_id = ${tx.tenantId} and`,
      }
    : { login: sql`hub_login`, registration: sql`hub_registration`, id: sql`registration_id`, owner: sql`` };
}

/**
 * Stores a login, provided that its registration is active and still the version that was read.
 *
 * @returns whether it was stored
 */
export async function insertLogin(tx: TenantTx | HubTx, login: NewLogin): Promise<boolean> {
  const { login: table, registration, id, owner } = tables(tx);
  const columns = sql`state_hash, connection_id, nonce_hash, browser_hash, storage_target, target_link_uri,
    request, expires_at`;
  const values = sql`${login.stateHash}, ${id}, ${login.nonceHash}, ${login.browserHash},
    ${login.request.lti_storage_target ?? null}, ${login.request.target_link_uri}, ${json({ ...login.request, target_link_uri: undefined })}::jsonb,
    ${login.expiresAt}::timestamptz`;
  const ownerColumn = tx.scope === 'tenant' ? sql`tenant_id,` : sql``;
  const stored = await tx.exec(sql`
    insert into ${table} (${ownerColumn} ${columns})
    select ${ownerColumn} ${values} from ${registration}
    where ${owner} ${id} = ${login.connectionId} and version = ${login.registrationVersion} and status = 'active'`);
  return stored === 1;
}

/** Uses a login up: of requests that race for it, one gets the row. */
export function consumeLogin(tx: TenantTx | HubTx, stateHash: Buffer): Promise<StoredLogin | undefined> {
  const { login, owner } = tables(tx);
  return tx.maybeOne(
    sql`delete from ${login} where ${owner} state_hash = ${stateHash} returning
      connection_id, nonce_hash, browser_hash, storage_target, target_link_uri, request, expires_at`,
    loginRow,
  );
}

/** Reads a login and leaves it: to choose the next rung when no proof came with the launch. */
export function findLogin(tx: TenantTx | HubTx, stateHash: Buffer): Promise<StoredLogin | undefined> {
  const { login, owner } = tables(tx);
  return tx.maybeOne(
    sql`select connection_id, nonce_hash, browser_hash, storage_target, target_link_uri, request, expires_at
      from ${login} where ${owner} state_hash = ${stateHash}`,
    loginRow,
  );
}
