import { z } from 'zod';
import { type OperatorRole, operatorRoles } from '../../../contracts/http/roles.ts';
import type { OperatorId, TenantId } from '../../../contracts/ids.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import { handedMs } from '../hands.ts';
import type { Operator } from '../operator.ts';
import type { OwnerTx } from '../services.ts';

/** Roles that this version does not know give nothing. */
const roles = z
  .array(z.string())
  .transform((given): OperatorRole[] => operatorRoles.filter((role) => given.includes(role)));

export const operatorRow = z
  .object({
    tenant_id: z.uuid(),
    operator_id: z.uuid(),
    name: z.string(),
    email: z.string(),
    roles,
    status: z.enum(['active', 'disabled']),
    has_password: z.boolean(),
    is_linked: z.boolean(),
    second_factor: z.boolean(),
    created_at: z.date(),
    last_sign_in_at: z.date().nullable(),
  })
  .transform(
    (row): Operator => ({
      tenantId: row.tenant_id as TenantId,
      operatorId: row.operator_id as OperatorId,
      name: row.name,
      email: row.email,
      roles: row.roles,
      status: row.status,
      hasPassword: row.has_password,
      isLinked: row.is_linked,
      secondFactor: row.second_factor,
      createdAt: row.created_at,
      lastSignInAt: row.last_sign_in_at,
    }),
  );

/** Of `operator o`. */
export const operatorColumns = sql`o.tenant_id, o.operator_id, o.name, o.email, o.roles, o.status,
  o.password_hash is not null as has_password, o.created_at, o.last_sign_in_at,
  exists (select from operator_second_factor f where f.tenant_id = o.tenant_id and f.operator_id = o.operator_id
    and f.confirmed_at is not null) as second_factor,
  exists (select from operator_identity i where i.tenant_id = o.tenant_id and i.operator_id = o.operator_id) as is_linked`;

function select(tx: OwnerTx, which: Sql): Sql {
  return sql`select ${operatorColumns} from operator o where o.tenant_id = ${tx.tenantId} and ${which}`;
}

export function findOperator(tx: OwnerTx, operatorId: OperatorId): Promise<Operator | undefined> {
  return tx.maybeOne(select(tx, sql`o.operator_id = ${operatorId}`), operatorRow);
}

export function findOperatorByEmail(tx: OwnerTx, email: string): Promise<Operator | undefined> {
  return tx.maybeOne(select(tx, sql`o.email = ${email}`), operatorRow);
}

export function findOperatorByCompany(tx: OwnerTx, subject: string): Promise<Operator | undefined> {
  return tx.maybeOne(select(tx, sql`o.company_subject = ${subject}`), operatorRow);
}

/** Which accounts are meant: those behind the one a page has ended with, by its name and id. */
export interface OperatorPage {
  after?: { key: string; id: string } | undefined;
  limit: number;
}

/** By name: all of them, or one page. */
export function selectOperators(tx: OwnerTx, page?: OperatorPage): Promise<Operator[]> {
  const after = page?.after;
  const behind =
    after === undefined
      ? sql``
      : sql`and (o.name, o.operator_id::text) > (${after.key}::text, ${after.id}::text)`;
  const most = page === undefined ? sql`` : sql`limit ${page.limit}`;
  return tx.many(
    sql`select ${operatorColumns} from operator o where o.tenant_id = ${tx.tenantId} ${behind}
      order by o.name, o.operator_id::text ${most}`,
    operatorRow,
  );
}

/** Whether anybody has an account here. */
export async function hasOperators(tx: OwnerTx): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from operator where tenant_id = ${tx.tenantId}) as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}

/** The hash of an operator's password; null where none is set. */
export async function findPasswordHash(tx: OwnerTx, operatorId: OperatorId): Promise<string | null> {
  const row = await tx.maybeOne(
    sql`select password_hash from operator where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`,
    z.object({ password_hash: z.string().nullable() }),
  );
  return row?.password_hash ?? null;
}

/** As `findPasswordHash`, of an address; null also where it has no account. */
export async function findPasswordHashByEmail(tx: OwnerTx, email: string): Promise<string | null> {
  const row = await tx.maybeOne(
    sql`select password_hash from operator where tenant_id = ${tx.tenantId} and email = ${email}`,
    z.object({ password_hash: z.string().nullable() }),
  );
  return row?.password_hash ?? null;
}

export interface NewOperator {
  operatorId: OperatorId;
  name: string;
  email: string;
  roles: readonly OperatorRole[];
  passwordHash: string | null;
  companySubject: string | null;
}

/** @returns false where the address has an account already */
export async function insertOperator(tx: OwnerTx, operator: NewOperator, at: Date): Promise<boolean> {
  const { operatorId, name, email, passwordHash, companySubject } = operator;
  const count = await tx.exec(sql`
    insert into operator (tenant_id, operator_id, name, email, roles, status, password_hash, company_subject, created_at,
      changed_at)
    values (${tx.tenantId}, ${operatorId}, ${name}, ${email}, ${operator.roles}, 'active', ${passwordHash},
      ${companySubject}, ${at}, ${at})
    on conflict do nothing`);
  return count === 1;
}

export async function setPasswordHash(
  tx: OwnerTx,
  operatorId: OperatorId,
  passwordHash: string | null,
  at: Date,
): Promise<void> {
  await tx.exec(sql`
    update operator set password_hash = ${passwordHash}, changed_at = ${at}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`);
}

/** Who else has a way in from then on, beside whoever was handed as one lately: those may know the one of before. */
function handedTo(by: readonly string[], at: Date): Sql {
  const since = new Date(at.getTime() - handedMs);
  return sql`handed_at = ${at}, handed_by = array(
    select distinct unnest(case when handed_at > ${since} then handed_by else '{}' end || ${by}::text[]))`;
}

/** Notes who has handed out a way in that somebody takes; what was agreed to under the account's name is disowned by that. */
export async function noteHanded(
  tx: OwnerTx,
  operatorId: OperatorId,
  by: readonly string[],
  at: Date,
): Promise<void> {
  await tx.exec(sql`
    update operator set ${handedTo(by, at)}, disowned_at = ${at}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`);
}

/** Notes who could have given the account the way in that it has just given itself: whoever had a hand in the session. */
export async function noteBehind(
  tx: OwnerTx,
  operatorId: OperatorId,
  behind: readonly string[],
  at: Date,
): Promise<void> {
  if (behind.length === 0) return;
  await tx.exec(sql`
    update operator set ${handedTo(behind, at)}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`);
}

/** What those of some actors are called who have an account here that may sign in. */
export async function findNames(tx: OwnerTx, actors: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.many(
    sql`select 'operator:' || operator_id as actor, name from operator
      where tenant_id = ${tx.tenantId} and status = 'active' and 'operator:' || operator_id = any (${actors})`,
    z.object({ actor: z.string(), name: z.string() }),
  );
  return new Map(rows.map(({ actor, name }) => [actor, name]));
}

const handedRow = z
  .object({ operator_id: z.uuid(), name: z.string(), handed_by: z.array(z.string()), handed_at: z.date() })
  .transform((row) => ({
    operatorId: row.operator_id as OperatorId,
    name: row.name,
    by: row.handed_by,
    at: row.handed_at,
  }));
export type HandedAccount = z.output<typeof handedRow>;

/** Accounts whose way in was handed out since then: those of some actors, and then the latest, first. */
export function selectHanded(
  tx: OwnerTx,
  since: Date,
  { first, limit }: { first: readonly string[]; limit: number },
): Promise<HandedAccount[]> {
  return tx.many(
    sql`select operator_id, name, handed_by, handed_at from operator
      where tenant_id = ${tx.tenantId} and status = 'active' and handed_at > ${since}
      order by 'operator:' || operator_id = any (${first}::text[]) desc, handed_at desc, operator_id limit ${limit}`,
    handedRow,
  );
}

export async function setRoles(
  tx: OwnerTx,
  operatorId: OperatorId,
  given: readonly OperatorRole[],
  at: Date,
): Promise<void> {
  await tx.exec(sql`
    update operator set roles = ${given}, changed_at = ${at}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`);
}

/** What was agreed to under the name of one that is switched off is disowned, also once it is switched on again. */
export async function setStatus(
  tx: OwnerTx,
  operatorId: OperatorId,
  status: Operator['status'],
  at: Date,
): Promise<void> {
  const disowned = status === 'disabled' ? sql`, disowned_at = ${at}` : sql``;
  await tx.exec(sql`
    update operator set status = ${status}, changed_at = ${at} ${disowned}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`);
}

/** Notes whom the company's provider knows somebody as, once. */
export async function setCompanySubject(
  tx: OwnerTx,
  operatorId: OperatorId,
  subject: string,
): Promise<boolean> {
  const count = await tx.exec(sql`
    update operator set company_subject = ${subject}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId} and company_subject is null`);
  return count === 1;
}

export async function noteSignIn(tx: OwnerTx, operatorId: OperatorId, at: Date): Promise<void> {
  await tx.exec(sql`
    update operator set last_sign_in_at = ${at}
    where tenant_id = ${tx.tenantId} and operator_id = ${operatorId}`);
}

/** The owners who can sign in, held until the transaction ends: two who leave at once do not both find the other. */
export async function lockOwners(tx: OwnerTx): Promise<OperatorId[]> {
  const rows = await tx.many(
    sql`select operator_id from operator
      where tenant_id = ${tx.tenantId} and status = 'active' and roles @> array['owner'] order by operator_id for update`,
    z.object({ operator_id: z.uuid() }),
  );
  return rows.map((row) => row.operator_id as OperatorId);
}
