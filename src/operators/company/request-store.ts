import { z } from 'zod';
import { json, sql } from '../../platform/sql/sql.ts';
import type { OwnerTx } from '../services.ts';

/** A sign-in at the company's provider, or at an institution's, under way. */
export interface CompanyRequest {
  handleHash: Buffer;
  browserHash: Buffer;
  expectations: unknown;
  returnTo: string;
  expiresAt: Date;
}

export async function insertRequest(tx: OwnerTx, request: CompanyRequest): Promise<void> {
  await tx.exec(sql`
    insert into operator_oidc_request (tenant_id, handle_hash, browser_hash, expectations, return_to, expires_at)
    values (${tx.tenantId}, ${request.handleHash}, ${request.browserHash}, ${json(request.expectations)},
      ${request.returnTo}, ${request.expiresAt})`);
}

const requestRow = z
  .object({ expectations: z.unknown(), return_to: z.string() })
  .transform((row) => ({ expectations: row.expectations, returnTo: row.return_to }));

/** Uses up the request of a state in the browser that began it; a second answer finds none. */
export function takeRequest(
  tx: OwnerTx,
  handleHash: Buffer,
  browserHash: Buffer,
  at: Date,
): Promise<z.output<typeof requestRow> | undefined> {
  return tx.maybeOne(
    sql`delete from operator_oidc_request
      where tenant_id = ${tx.tenantId} and handle_hash = ${handleHash} and browser_hash = ${browserHash}
        and expires_at > ${at}
      returning expectations, return_to`,
    requestRow,
  );
}
