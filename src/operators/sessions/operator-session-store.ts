import { z } from 'zod';
import { setupSteps } from '../../../contracts/http/roles.ts';
import type { ConnectionId, OperatorId, OperatorLinkId, OperatorSessionId } from '../../../contracts/ids.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import type { EndedByPartner } from '../../sso/sessions/session.ts';
import { operatorColumns, operatorRow } from '../accounts/operator-store.ts';
import type { WayIn } from '../hands.ts';
import { handsOfLink } from '../links/link.ts';
import { type Operator, type OperatorSession, type OperatorSessionEnd, waysToBegin } from '../operator.ts';
import type { OwnerTx } from '../services.ts';

const sessionRow = z
  .object({
    session_id: z.uuid(),
    stage: z.enum(['second_factor', 'full']),
    began_by: z.enum(waysToBegin),
    link_id: z.uuid().nullable(),
    steps: z.array(z.enum(setupSteps)).nullable(),
    connection_id: z.uuid().nullable(),
    started_at: z.date(),
    proved_at: z.date().nullable(),
    seen_at: z.date(),
    idle_until: z.date(),
    ends_at: z.date(),
    partner_ends_at: z.date().nullable(),
    partner_name_hash: z.instanceof(Buffer).nullable(),
    partner_index_hash: z.instanceof(Buffer).nullable(),
  })
  .transform(
    (row): OperatorSession => ({
      sessionId: row.session_id as OperatorSessionId,
      stage: row.stage,
      beganBy: row.began_by,
      linkId: row.link_id as OperatorLinkId | null,
      steps: row.steps,
      connectionId: row.connection_id as ConnectionId | null,
      startedAt: row.started_at,
      provedAt: row.proved_at,
      seenAt: row.seen_at,
      idleUntil: row.idle_until,
      endsAt: row.ends_at,
      partnerEndsAt: row.partner_ends_at,
      partner: { partnerNameHash: row.partner_name_hash, partnerIndexHash: row.partner_index_hash },
    }),
  );

const columns = sql`s.session_id, s.stage, s.began_by, s.link_id, s.steps, s.connection_id, s.started_at, s.proved_at, s.seen_at, s.idle_until, s.ends_at,
  s.partner_ends_at, s.partner_name_hash, s.partner_index_hash`;

/** What began by an institution's connection lasts as long as admins come by that. */
function isLive(at: Date): Sql {
  return sql`s.ended_at is null and s.idle_until > ${at} and s.ends_at > ${at}
    and (s.connection_id is null or exists (
      select from operator_way w
        join identity_source i on i.tenant_id = w.tenant_id and i.connection_id = w.connection_id
      where w.tenant_id = s.tenant_id and w.connection_id = s.connection_id and i.status <> 'disabled'))`;
}

/** A session to be written, with what never leaves this feature. */
export interface NewSession extends Omit<OperatorSession, 'seenAt'> {
  operatorId: OperatorId;
  secretHash: Buffer;
}

export async function insertSession(tx: OwnerTx, session: NewSession): Promise<void> {
  await tx.exec(sql`
    insert into operator_session (tenant_id, session_id, secret_hash, operator_id, stage, began_by, link_id, steps,
      connection_id, started_at, proved_at, seen_at, idle_until, ends_at,
      partner_ends_at, partner_name_hash, partner_index_hash)
    values (${tx.tenantId}, ${session.sessionId}, ${session.secretHash}, ${session.operatorId}, ${session.stage},
      ${session.beganBy}, ${session.linkId}, ${session.steps}, ${session.connectionId},
      ${session.startedAt}, ${session.provedAt}, ${session.startedAt}, ${session.idleUntil}, ${session.endsAt},
      ${session.partnerEndsAt}, ${session.partner.partnerNameHash}, ${session.partner.partnerIndexHash})`);
}

const wayInRow = z
  .object({
    began_by: z.enum(waysToBegin),
    handed_by: z.array(z.string()),
    handed_at: z.date().nullable(),
    way_handed_by: z.array(z.string()).nullable(),
    way_handed_at: z.date().nullable(),
    link_id: z.uuid().nullable(),
    link_made_by: z.string().nullable(),
    link_behind: z.array(z.string()).nullable(),
  })
  .transform(
    (row): WayIn => ({
      beganBy: row.began_by,
      account: { by: row.handed_by, at: row.handed_at },
      way: { by: row.way_handed_by ?? [], at: row.way_handed_at },
      link:
        row.link_id === null ? [] : handsOfLink({ madeBy: row.link_made_by, behind: row.link_behind ?? [] }),
    }),
  );

/** The session of a cookie while it lives, whose it is and how they came in; none of somebody who is let in no more. */
export async function selectLiveSession(
  tx: OwnerTx,
  secretHash: Buffer,
  at: Date,
): Promise<{ session: OperatorSession; operator: Operator; wayIn: WayIn } | undefined> {
  const row = await tx.maybeOne(
    sql`select ${columns}, ${operatorColumns}, o.handed_by, o.handed_at, i.handed_by as way_handed_by,
        i.handed_at as way_handed_at, l.made_by as link_made_by, l.behind as link_behind
      from operator_session s join operator o on o.tenant_id = s.tenant_id and o.operator_id = s.operator_id
        left join identity_source i on i.tenant_id = s.tenant_id and i.connection_id = s.connection_id
        left join operator_link l on l.tenant_id = s.tenant_id and l.link_id = s.link_id
      where s.tenant_id = ${tx.tenantId} and s.secret_hash = ${secretHash} and ${isLive(at)} and o.status = 'active'`,
    z.looseObject({}),
  );
  return (
    row && { session: sessionRow.parse(row), operator: operatorRow.parse(row), wayIn: wayInRow.parse(row) }
  );
}

/** Whether somebody's session still lives. */
export async function isSessionLive(
  tx: OwnerTx,
  { sessionId, operatorId }: { sessionId: OperatorSessionId; operatorId: OperatorId },
  at: Date,
): Promise<boolean> {
  const { found } = await tx.one(
    sql`select exists (select from operator_session s
      where s.tenant_id = ${tx.tenantId} and s.session_id = ${sessionId} and s.operator_id = ${operatorId}
        and ${isLive(at)}) as found`,
    z.object({ found: z.boolean() }),
  );
  return found;
}

/** Notes that somebody is still there. */
export async function touchSession(
  tx: OwnerTx,
  sessionId: OperatorSessionId,
  seenAt: Date,
  idleUntil: Date,
): Promise<void> {
  await tx.exec(sql`
    update operator_session set seen_at = ${seenAt}, idle_until = least(${idleUntil}, ends_at)
    where tenant_id = ${tx.tenantId} and session_id = ${sessionId} and ended_at is null`);
}

/** Which sessions are meant. */
export type SessionChoice =
  | { sessionId: OperatorSessionId; operatorId?: OperatorId }
  | { operatorId: OperatorId; except?: OperatorSessionId }
  | { secretHash: Buffer }
  | { linkId: OperatorLinkId }
  | { connectionId: ConnectionId }
  | OperatorPartnerChoice;

/** What came of an institution's connection, or of the company's provider (null), and is over there. */
export type OperatorPartnerChoice = { connectionId: ConnectionId | null } & EndedByPartner;

function chosen(choice: SessionChoice): Sql {
  if ('secretHash' in choice) return sql`secret_hash = ${choice.secretHash}`;
  if ('linkId' in choice) return sql`link_id = ${choice.linkId}`;
  if ('partnerIndexHash' in choice || 'partnerNameHash' in choice) return endedByPartner(choice);
  if ('connectionId' in choice) return sql`connection_id = ${choice.connectionId}`;
  if ('sessionId' in choice) {
    const owner = choice.operatorId === undefined ? sql`` : sql`and operator_id = ${choice.operatorId}`;
    return sql`session_id = ${choice.sessionId} ${owner}`;
  }
  const except = choice.except === undefined ? sql`` : sql`and session_id <> ${choice.except}`;
  return sql`operator_id = ${choice.operatorId} ${except}`;
}

function endedByPartner(choice: OperatorPartnerChoice): Sql {
  const { connectionId } = choice;
  const way = connectionId === null ? sql`began_by = 'company'` : sql`connection_id = ${connectionId}`;
  if ('partnerIndexHash' in choice) return sql`${way} and partner_index_hash = ${choice.partnerIndexHash}`;
  const { partnerNameHash, partnerIndexHashes: indexes } = choice;
  const all = indexes.length === 0 ? sql`` : sql`and partner_index_hash = any (${indexes}::bytea[])`;
  return sql`${way} and partner_name_hash = ${partnerNameHash} ${all}`;
}

/**
 * Ends sessions that are still open. Where there may be several, a statement of its own locks them first: one that is just being put
 * under another cookie goes on as a new row, which only the next statement sees.
 *
 * @returns how many there were
 */
export async function endSessions(
  tx: OwnerTx,
  choice: SessionChoice,
  by: OperatorSessionEnd,
  at: Date,
): Promise<number> {
  const those = sql`tenant_id = ${tx.tenantId} and ended_at is null and ${chosen(choice)}`;
  const isOfOne = 'sessionId' in choice || 'secretHash' in choice;
  if (!isOfOne) {
    await tx.exec(sql`select from operator_session where ${those} order by session_id for update`);
  }
  return tx.exec(sql`update operator_session set ended_at = ${at}, ended_by = ${by} where ${those}`);
}

/** All of somebody in one stage but the newest so many give way: a password alone drives nobody out who gave more. */
export async function endOldest(
  tx: OwnerTx,
  { operatorId, stage, keep }: { operatorId: OperatorId; stage: OperatorSession['stage']; keep: number },
  at: Date,
): Promise<void> {
  await tx.exec(sql`
    update operator_session set ended_at = ${at}, ended_by = 'rotated'
    where tenant_id = ${tx.tenantId} and session_id = any (array(
      select s.session_id from operator_session s
      where s.tenant_id = ${tx.tenantId} and s.operator_id = ${operatorId} and s.stage = ${stage} and ${isLive(at)}
      order by s.session_id desc offset ${keep}))`);
}

/** Somebody's sessions that have not ended, the newest first. */
export function selectSessions(tx: OwnerTx, operatorId: OperatorId, at: Date): Promise<OperatorSession[]> {
  return tx.many(
    sql`select ${columns} from operator_session s
      where s.tenant_id = ${tx.tenantId} and s.operator_id = ${operatorId} and s.stage = 'full' and ${isLive(at)}
      order by s.session_id desc limit 100`,
    sessionRow,
  );
}
