import { z } from 'zod';
import type { ConnectionId, PersonId, SessionId } from '../../../contracts/ids.ts';
import type { TenantTrips, TenantTx } from '../../platform/db.ts';
import { type Sql, sql } from '../../platform/sql/sql.ts';
import {
  type EndedByPartner,
  type PartnerHashes,
  type Session,
  type SessionEnd,
  sessionEnds,
} from './session.ts';

const sessionRow = z
  .object({
    session_id: z.uuid(),
    person_id: z.uuid(),
    connection_id: z.uuid(),
    subject: z.string(),
    role: z.string().nullable(),
    started_at: z.date(),
    seen_at: z.date(),
    idle_until: z.date(),
    ends_at: z.date(),
    ended_at: z.date().nullable(),
    ended_by: z.enum(sessionEnds).nullable(),
  })
  .transform(
    (row): Session => ({
      sessionId: row.session_id as SessionId,
      personId: row.person_id as PersonId,
      connectionId: row.connection_id as ConnectionId,
      subject: row.subject,
      role: row.role,
      startedAt: row.started_at,
      seenAt: row.seen_at,
      idleUntil: row.idle_until,
      endsAt: row.ends_at,
      endedAt: row.ended_at,
      endedBy: row.ended_by,
    }),
  );

const columns = sql`session_id, person_id, connection_id, subject, role, started_at, seen_at, idle_until, ends_at, ended_at,
  ended_by`;

/** A session to be written, with what never leaves this feature. */
export interface NewSession extends Omit<Session, 'seenAt' | 'endedAt' | 'endedBy'>, PartnerHashes {
  secretHash: Buffer;
  /** What the other side must be told to sign out, sealed. */
  sealedPartner: Buffer | null;
}

export async function insertSession(tx: TenantTx, session: NewSession): Promise<void> {
  await tx.exec(sql`
    insert into session (tenant_id, session_id, secret_hash, person_id, connection_id, subject, role, partner_name_hash,
      partner_index_hash, sealed_partner, started_at, seen_at, idle_until, ends_at, checked_at)
    values (${tx.tenantId}, ${session.sessionId}, ${session.secretHash}, ${session.personId}, ${session.connectionId},
      ${session.subject}, ${session.role}, ${session.partnerNameHash}, ${session.partnerIndexHash},
      ${session.sealedPartner}, ${session.startedAt}, ${session.startedAt}, ${session.idleUntil}, ${session.endsAt},
      ${session.startedAt})`);
}

/**
 * The session of a cookie while it lives; its person is the one that is kept, should they have been merged. A sign-in that was
 * under way while its connection was disabled has left none that lives.
 */
export function selectLiveSession(
  tx: TenantTrips,
  secretHash: Buffer,
  now: Date,
): Promise<Session | undefined> {
  return tx.maybeOne(
    sql`select s.session_id, coalesce(p.merged_into, p.person_id) as person_id, s.connection_id, s.subject, s.role,
        s.started_at, s.seen_at, s.idle_until, s.ends_at, s.ended_at, s.ended_by
      from session s join person p on p.tenant_id = s.tenant_id and p.person_id = s.person_id
      where s.tenant_id = ${tx.tenantId} and s.secret_hash = ${secretHash} and s.ended_at is null
        and s.idle_until > ${now} and s.ends_at > ${now}
        and not exists (select from identity_source i where i.tenant_id = s.tenant_id
          and i.connection_id = s.connection_id and i.status = 'disabled')`,
    sessionRow,
  );
}

/** Notes that somebody is still there. */
export async function touchSession(
  tx: TenantTrips,
  sessionId: SessionId,
  seenAt: Date,
  idleUntil: Date,
): Promise<void> {
  await tx.exec(sql`
    update session set seen_at = ${seenAt}, idle_until = least(${idleUntil}, ends_at)
    where tenant_id = ${tx.tenantId} and session_id = ${sessionId} and ended_at is null`);
}

/** Which sessions are meant. */
export type SessionChoice =
  | { sessionId: SessionId }
  | { personId: PersonId }
  | { connectionId: ConnectionId }
  | { connectionId: ConnectionId; subject: string }
  | { secretHash: Buffer }
  | PartnerChoice;

/** What came of one connection and is over there. */
export type PartnerChoice = { connectionId: ConnectionId } & EndedByPartner;

/** Of a person, also under the names they had before they were merged into this one. */
function isOf({ tenantId }: TenantTx, personId: PersonId): Sql {
  return sql`person_id = any (array(select ${personId}::uuid union all
    select p.person_id from person p where p.tenant_id = ${tenantId} and p.merged_into = ${personId}))`;
}

function chosen(tx: TenantTx, choice: SessionChoice): Sql {
  if ('sessionId' in choice) return sql`session_id = ${choice.sessionId}`;
  if ('personId' in choice) return isOf(tx, choice.personId);
  if ('secretHash' in choice) return sql`secret_hash = ${choice.secretHash}`;
  if ('partnerIndexHash' in choice) {
    return sql`connection_id = ${choice.connectionId} and partner_index_hash = ${choice.partnerIndexHash}`;
  }
  if (!('subject' in choice || 'partnerNameHash' in choice)) {
    return sql`connection_id = ${choice.connectionId}`;
  }
  if ('subject' in choice) return sql`connection_id = ${choice.connectionId} and subject = ${choice.subject}`;
  const { connectionId, partnerNameHash, partnerIndexHashes: indexes } = choice;
  const all = indexes.length === 0 ? sql`` : sql`and partner_index_hash = any (${indexes}::bytea[])`;
  return sql`connection_id = ${connectionId} and partner_name_hash = ${partnerNameHash} ${all}`;
}

/** Ends sessions that are still open. @returns those it ended */
export function endSessions(
  tx: TenantTx,
  choice: SessionChoice,
  by: SessionEnd,
  now: Date,
): Promise<Session[]> {
  return tx.many(
    sql`update session set ended_at = ${now}, ended_by = ${by}
      where tenant_id = ${tx.tenantId} and ended_at is null and ${chosen(tx, choice)} returning ${columns}`,
    sessionRow,
  );
}

/** Whoever had one of these is signed in no more, and nothing is kept of it. @returns how many there were */
export function deleteSessions(tx: TenantTx, persons: readonly PersonId[]): Promise<number> {
  return tx.exec(
    sql`delete from session where tenant_id = ${tx.tenantId} and person_id = any (${persons}::uuid[])`,
  );
}

/**
 * All of a person by a connection but the newest so many give way. Others of theirs begin only when the transaction has
 * ended.
 */
export async function endOldest(
  tx: TenantTx,
  { personId, connectionId }: { personId: PersonId; connectionId: ConnectionId },
  keep: number,
  now: Date,
): Promise<void> {
  const key = `sessions ${tx.tenantId} ${personId}`;
  await tx.one(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))::text as held`, z.object({}));
  await tx.exec(sql`
    update session set ended_at = ${now}, ended_by = 'replaced'
    where tenant_id = ${tx.tenantId} and session_id = any (array(
      select session_id from session where tenant_id = ${tx.tenantId} and ${isOf(tx, personId)}
        and connection_id = ${connectionId} and ended_at is null and idle_until > ${now} and ends_at > ${now}
      order by session_id desc offset ${keep}))`);
}

export interface SessionPage {
  personId?: PersonId | undefined;
  connectionId?: ConnectionId | undefined;
  /** Only those before this one. */
  before?: SessionId | undefined;
  limit: number;
}

/** Sessions that have not ended, the newest first. */
export function selectSessions(tx: TenantTx, page: SessionPage, now: Date): Promise<Session[]> {
  const person = page.personId === undefined ? sql`` : sql`and ${isOf(tx, page.personId)}`;
  const connection = page.connectionId === undefined ? sql`` : sql`and connection_id = ${page.connectionId}`;
  const before = page.before === undefined ? sql`` : sql`and session_id < ${page.before}`;
  return tx.many(
    sql`select ${columns} from session
      where tenant_id = ${tx.tenantId} and ended_at is null and idle_until > ${now} and ends_at > ${now}
        ${person} ${connection} ${before}
      order by session_id desc limit ${page.limit}`,
    sessionRow,
  );
}

/** What the other side calls whoever has a session, and its own; also of one that has ended. */
export async function selectPartnerHashes(
  tx: TenantTx,
  sessionId: SessionId,
): Promise<PartnerHashes | undefined> {
  return tx.maybeOne(
    sql`select partner_name_hash as "partnerNameHash", partner_index_hash as "partnerIndexHash" from session
      where tenant_id = ${tx.tenantId} and session_id = ${sessionId}`,
    z.object({
      partnerNameHash: z.instanceof(Buffer).nullable(),
      partnerIndexHash: z.instanceof(Buffer).nullable(),
    }),
  );
}

/** What the other side must be told to sign out, sealed; null where it need not be. */
export async function selectSealedPartner(tx: TenantTx, sessionId: SessionId): Promise<Buffer | null> {
  const row = await tx.maybeOne(
    sql`select sealed_partner from session where tenant_id = ${tx.tenantId} and session_id = ${sessionId}`,
    z.object({ sealed_partner: z.instanceof(Buffer).nullable() }),
  );
  return row?.sealed_partner ?? null;
}

/** Which of those who are signed in at `now`: by when they were asked about last. */
export interface SubjectQuery {
  now: Date;
  since?: Date;
  before: Date;
  most: number;
}

/** Who is signed in by a connection, as the directory calls them; whom it was asked about the longest ago comes first. */
export async function selectSubjects(
  tx: TenantTx,
  connectionId: ConnectionId,
  { now, since, before, most }: SubjectQuery,
): Promise<string[]> {
  const earliest = since === undefined ? sql`` : sql`and checked_at >= ${since}`;
  const rows = await tx.many(
    sql`select subject from session
      where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and ended_at is null
        and checked_at < ${before} ${earliest} and idle_until > ${now} and ends_at > ${now}
      group by subject order by min(checked_at) limit ${most}`,
    z.object({ subject: z.string() }),
  );
  return rows.map(({ subject }) => subject);
}

/** Notes that the accounts behind these subjects were found good. */
export async function noteChecked(
  tx: TenantTx,
  connectionId: ConnectionId,
  subjects: readonly string[],
  now: Date,
): Promise<void> {
  await tx.exec(sql`
    update session set checked_at = ${now}
    where tenant_id = ${tx.tenantId} and connection_id = ${connectionId} and ended_at is null
      and subject = any (${subjects})`);
}
