import { z } from 'zod';
import type { ConnectionId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { json, sql } from '../../platform/sql/sql.ts';

const requestRow = z
  .object({
    connection_id: z.uuid(),
    connection_version: z.number(),
    browser_hash: z.instanceof(Buffer),
    expectations: z.record(z.string(), z.unknown()),
    return_to: z.string(),
    is_test: z.boolean(),
    console: z.record(z.string(), z.unknown()).nullable(),
    expires_at: z.date(),
  })
  .transform((row) => ({
    connectionId: row.connection_id as ConnectionId,
    connectionVersion: row.connection_version,
    browserHash: row.browser_hash,
    /** What the protocol needs to check the answer. */
    expectations: row.expectations,
    returnTo: row.return_to,
    isTest: row.is_test,
    /** What the console wants to know again; null: somebody signs in at the portal. */
    console: row.console,
    expiresAt: row.expires_at,
  }));

/** A sign-in that was sent to the other side and waits for its answer. */
export type SignInRequest = z.output<typeof requestRow>;

export async function insertRequest(tx: TenantTx, handleHash: Buffer, request: SignInRequest): Promise<void> {
  await tx.exec(sql`
    insert into sign_in_request (tenant_id, handle_hash, connection_id, connection_version, browser_hash, expectations,
      return_to, is_test, console, expires_at)
    values (${tx.tenantId}, ${handleHash}, ${request.connectionId}, ${request.connectionVersion}, ${request.browserHash},
      ${json(request.expectations)}, ${request.returnTo}, ${request.isTest},
      ${request.console === null ? null : json(request.console)}, ${request.expiresAt})`);
}

const consumedRow = requestRow
  .and(z.object({ is_current: z.boolean() }))
  .transform(({ is_current: isCurrent, ...request }) => ({ ...request, isCurrent }));

/**
 * Uses a request up: of answers that race for it, one gets the row. `isCurrent` says whether its connection is as it was
 * when the request was made.
 */
export function consumeRequest(
  tx: TenantTx,
  handleHash: Buffer,
): Promise<(SignInRequest & { isCurrent: boolean }) | undefined> {
  return tx.maybeOne(
    sql`delete from sign_in_request r where r.tenant_id = ${tx.tenantId} and r.handle_hash = ${handleHash}
      returning connection_id, connection_version, browser_hash, expectations, return_to, is_test, console, expires_at,
        exists (select from identity_source s where s.tenant_id = ${tx.tenantId} and s.connection_id = r.connection_id
          and s.version = r.connection_version) as is_current`,
    consumedRow,
  );
}
