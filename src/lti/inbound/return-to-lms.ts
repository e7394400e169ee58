import { z } from 'zod';
import type { TenantTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';
import { withQuery } from '../address.ts';
import { type Payload, text } from '../claims.ts';

/** Where the LMS of a launch wants the person back; undefined when it did not say, or the launch is not this tenant's. */
export async function findReturnUrl(tx: TenantTx, launchId: string): Promise<string | undefined> {
  const row = await tx.maybeOne(
    sql`select return_url from launch where tenant_id = ${tx.tenantId} and launch_id = ${launchId}`,
    z.object({ return_url: z.string().nullable() }),
  );
  return row?.return_url ?? undefined;
}

/** What a tool may say to the LMS on the way back (LTI Core §5.4.4); nothing else of its query goes along. */
const messages = ['lti_errormsg', 'lti_msg', 'lti_errorlog', 'lti_log'];

/** The LMS's return address with the tool's messages. */
export function returnAddress(returnUrl: string, query: Payload): string {
  const fields: Record<string, string> = {};
  for (const name of messages) {
    const message = text(query[name], 1_000);
    if (message !== undefined) fields[name] = message;
  }
  return Object.keys(fields).length === 0 ? returnUrl : withQuery(returnUrl, fields);
}
