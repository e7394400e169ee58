import { z } from 'zod';
import type { ConnectionId, PersonId, SignInId } from '../../contracts/ids.ts';
import type { Outcome } from '../health/outcomes.ts';
import { outcomes } from '../health/outcomes.ts';
import type { TenantTx } from '../platform/db.ts';
import { json, sql } from '../platform/sql/sql.ts';

/** How a try to sign in ended; holds ids and codes only. */
export interface SignInRecord {
  signInId: SignInId;
  /** What people read out to a help desk. */
  reference: string;
  connectionId: ConnectionId;
  protocol: string;
  outcome: Outcome;
  reason: string | null;
  personId: PersonId | null;
  /** How the person was found. */
  how: string | null;
  isTest: boolean;
  /** The rules it was held against, and whether they held. */
  trace: { rule: string; passed: boolean }[];
  at: Date;
}

const recordRow = z
  .object({
    sign_in_id: z.uuid(),
    reference: z.string(),
    connection_id: z.uuid(),
    protocol: z.string(),
    outcome: z.enum(outcomes),
    reason: z.string().nullable(),
    person_id: z.uuid().nullable(),
    how: z.string().nullable(),
    is_test: z.boolean(),
    trace: z.array(z.object({ rule: z.string(), passed: z.boolean() })),
    at: z.date(),
  })
  .transform(
    (row): SignInRecord => ({
      signInId: row.sign_in_id as SignInId,
      reference: row.reference,
      connectionId: row.connection_id as ConnectionId,
      protocol: row.protocol,
      outcome: row.outcome,
      reason: row.reason,
      personId: row.person_id as PersonId | null,
      how: row.how,
      isTest: row.is_test,
      trace: row.trace,
      at: row.at,
    }),
  );

export async function insertSignIn(tx: TenantTx, record: SignInRecord): Promise<void> {
  await tx.exec(sql`
    insert into sign_in (tenant_id, sign_in_id, reference, connection_id, protocol, outcome, reason, person_id, how, is_test,
      trace, at)
    values (${tx.tenantId}, ${record.signInId}, ${record.reference}, ${record.connectionId}, ${record.protocol},
      ${record.outcome}, ${record.reason}, ${record.personId}, ${record.how}, ${record.isTest}, ${json(record.trace)},
      ${record.at})`);
}

export interface SignInQuery {
  connectionId?: ConnectionId | undefined;
  reference?: string | undefined;
  /** Only those before this one. */
  before?: SignInId | undefined;
  limit: number;
}

/** Tries to sign in, the newest first. */
export function selectSignIns(tx: TenantTx, query: SignInQuery): Promise<SignInRecord[]> {
  const connection =
    query.connectionId === undefined ? sql`` : sql`and connection_id = ${query.connectionId}`;
  const reference = query.reference === undefined ? sql`` : sql`and reference = ${query.reference}`;
  const before = query.before === undefined ? sql`` : sql`and sign_in_id < ${query.before}`;
  return tx.many(
    sql`select sign_in_id, reference, connection_id, protocol, outcome, reason, person_id, how, is_test, trace, at
      from sign_in where tenant_id = ${tx.tenantId} ${connection} ${reference} ${before}
      order by sign_in_id desc limit ${query.limit}`,
    recordRow,
  );
}

/** Tries that persons made say no longer that it was they. @returns how many there were */
export function forgetPersons(tx: TenantTx, persons: readonly PersonId[]): Promise<number> {
  return tx.exec(
    sql`update sign_in set person_id = null where tenant_id = ${tx.tenantId} and person_id = any (${persons}::uuid[])`,
  );
}
