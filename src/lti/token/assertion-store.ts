import { z } from 'zod';
import { newId, type ToolId } from '../../../contracts/ids.ts';
import type { HubTx } from '../../platform/db.ts';
import { sql } from '../../platform/sql/sql.ts';

/** An assertion whose signature and claims are proven. */
export interface ProvenAssertion {
  toolId: ToolId;
  /** The tool as it was when its keys and scopes were looked up. */
  toolVersion: number;
  jtiHash: Buffer;
  /** When it may be forgotten, because nobody would take it any more. */
  forgetAt: Date;
  /** Whether a token is granted for it. */
  grants: boolean;
  /** Unix milliseconds. */
  now: number;
}

const row = z.object({ fits: z.boolean(), kept: z.boolean() });

/**
 * Uses an assertion up, whichever copies it comes to and how often (RFC 7523 §3 item 7), provided that its tool is active
 * and still what it was, and notes a token that is granted for the reports. One statement, so that nothing can change in
 * between.
 */
export async function useUpAssertion(
  tx: HubTx,
  { toolId, toolVersion, jtiHash, forgetAt, grants, now }: ProvenAssertion,
): Promise<'taken' | 'used_before' | 'tool_changed'> {
  const { fits, kept } = await tx.one(
    sql`with fitting as (
      select tool_id from tool where tool_id = ${toolId} and version = ${toolVersion} and status = 'active'
    ), kept as (
      insert into tool_assertion (tool_id, jti_hash, expires_at)
      select tool_id, ${jtiHash}::bytea, ${forgetAt}::timestamptz from fitting
      on conflict do nothing
      returning tool_id
    ), granted as (
      insert into token_grant (exchange_id, tool_id, granted_at)
      select ${newId(now)}::uuid, tool_id, ${new Date(now)}::timestamptz from kept where ${grants}
    )
    select exists (select from fitting) as fits, exists (select from kept) as kept`,
    row,
  );
  if (!fits) return 'tool_changed';
  return kept ? 'taken' : 'used_before';
}
