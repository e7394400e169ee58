import { z } from 'zod';
import { operatorRoles, setupSteps } from '../../../contracts/http/roles.ts';
import type { OperatorId, OperatorLinkId, TenantId } from '../../../contracts/ids.ts';
import { sql } from '../../platform/sql/sql.ts';
import type { OwnerTx } from '../services.ts';
import { type LinkKind, linkKinds, type OperatorLink } from './link.ts';

const linkRow = z
  .object({
    tenant_id: z.uuid(),
    link_id: z.uuid(),
    kind: z.enum(linkKinds),
    name: z.string(),
    email: z.string().nullable(),
    roles: z.array(z.enum(operatorRoles)),
    steps: z.array(z.enum(setupSteps)),
    operator_id: z.uuid().nullable(),
    created_at: z.date(),
    expires_at: z.date(),
    used_at: z.date().nullable(),
    revoked_at: z.date().nullable(),
    made_by: z.string().nullable(),
    behind: z.array(z.string()),
  })
  .transform(
    (row): OperatorLink => ({
      tenantId: row.tenant_id as TenantId,
      linkId: row.link_id as OperatorLinkId,
      kind: row.kind,
      name: row.name,
      email: row.email,
      roles: row.roles,
      steps: row.steps,
      operatorId: row.operator_id as OperatorId | null,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      usedAt: row.used_at,
      revokedAt: row.revoked_at,
      madeBy: row.made_by,
      behind: row.behind,
    }),
  );

const columns = sql`tenant_id, link_id, kind, name, email, roles, steps, operator_id, created_at, expires_at, used_at,
  revoked_at, made_by, behind`;

export async function insertLink(tx: OwnerTx, link: OperatorLink, tokenHash: Buffer): Promise<void> {
  await tx.exec(sql`
    insert into operator_link (tenant_id, link_id, token_hash, kind, name, email, roles, steps, operator_id, created_at,
      expires_at, made_by, behind)
    values (${tx.tenantId}, ${link.linkId}, ${tokenHash}, ${link.kind}, ${link.name}, ${link.email}, ${link.roles},
      ${link.steps}, ${link.operatorId}, ${link.createdAt}, ${link.expiresAt}, ${link.madeBy}, ${link.behind})`);
}

/** The link of a token while it is good; it stays so. */
export function findOpenLink(
  tx: OwnerTx,
  tokenHash: Buffer,
  kinds: readonly LinkKind[],
  at: Date,
): Promise<OperatorLink | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from operator_link
      where tenant_id = ${tx.tenantId} and token_hash = ${tokenHash} and kind = any (${kinds}) and used_at is null
        and revoked_at is null and expires_at > ${at}`,
    linkRow,
  );
}

/** As `findOpenLink`, of one that a request has named before. */
export function findOpenLinkById(
  tx: OwnerTx,
  linkId: OperatorLinkId,
  at: Date,
): Promise<OperatorLink | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from operator_link
      where tenant_id = ${tx.tenantId} and link_id = ${linkId} and used_at is null and revoked_at is null
        and expires_at > ${at}`,
    linkRow,
  );
}

/** Uses a link, if it is good still: of several at once one alone. */
export async function takeLink(tx: OwnerTx, linkId: OperatorLinkId, at: Date): Promise<boolean> {
  const count = await tx.exec(sql`
    update operator_link set used_at = ${at}
    where tenant_id = ${tx.tenantId} and link_id = ${linkId} and used_at is null and revoked_at is null
      and expires_at > ${at}`);
  return count === 1;
}

/** Notes whose account has come of a link. */
export async function setLinkOperator(
  tx: OwnerTx,
  linkId: OperatorLinkId,
  operatorId: OperatorId,
): Promise<void> {
  await tx.exec(sql`
    update operator_link set operator_id = ${operatorId}
    where tenant_id = ${tx.tenantId} and link_id = ${linkId}`);
}

/** The links of these kinds, the newest first. */
export function selectLinks(tx: OwnerTx, kinds: readonly LinkKind[]): Promise<OperatorLink[]> {
  return tx.many(
    sql`select ${columns} from operator_link where tenant_id = ${tx.tenantId} and kind = any (${kinds})
      order by link_id desc limit 500`,
    linkRow,
  );
}

export function findLink(
  tx: OwnerTx,
  linkId: OperatorLinkId,
  kinds: readonly LinkKind[],
): Promise<OperatorLink | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from operator_link
      where tenant_id = ${tx.tenantId} and link_id = ${linkId} and kind = any (${kinds})`,
    linkRow,
  );
}

/** The invitation that is open for an address; the newest of several. */
export function findOpenInvitation(tx: OwnerTx, email: string, at: Date): Promise<OperatorLink | undefined> {
  return tx.maybeOne(
    sql`select ${columns} from operator_link
      where tenant_id = ${tx.tenantId} and kind = 'invitation' and email = ${email} and used_at is null
        and revoked_at is null and expires_at > ${at}
      order by link_id desc limit 1`,
    linkRow,
  );
}

/** @returns whether it had not been revoked before */
export async function markLinkRevoked(tx: OwnerTx, linkId: OperatorLinkId, at: Date): Promise<boolean> {
  const count = await tx.exec(sql`
    update operator_link set revoked_at = ${at}
    where tenant_id = ${tx.tenantId} and link_id = ${linkId} and revoked_at is null`);
  return count === 1;
}

/** Ends every link of a kind that is open; of one operator, to one address, or all. */
export async function revokeOpen(
  tx: OwnerTx,
  { kind, operatorId, email }: { kind: LinkKind; operatorId?: OperatorId; email?: string },
  at: Date,
): Promise<void> {
  const ofOperator = operatorId === undefined ? sql`` : sql`and operator_id = ${operatorId}`;
  const whose = email === undefined ? ofOperator : sql`${ofOperator} and email = ${email}`;
  await tx.exec(sql`
    update operator_link set revoked_at = ${at}
    where tenant_id = ${tx.tenantId} and kind = ${kind} and used_at is null and revoked_at is null ${whose}`);
}

/** Until the transaction ends no other makes the first account. */
export async function lockFirstRun(tx: OwnerTx): Promise<void> {
  await tx.one(
    sql`select pg_advisory_xact_lock(hashtextextended('operator first run', 0))::text as held`,
    z.object({}),
  );
}
